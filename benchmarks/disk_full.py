"""What comes of a build on a disk that fills: a table by kind of limit.

python -m benchmarks.disk_full

No file may grow past a limit, at every larger file's last byte and last block; and, where root can
mount one, a small disk has ever more room left until nearly enough. Each build has to refuse in one
line, what served before has to answer to the letter, and the next build has to succeed.
"""

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import typer

from tests.faults.forks import workers
from tests.faults.full_disk import Filled, limited, prepared, rooms, sizes, small, tmpfs
from tests.faults.store import ask

Fill = Callable[[Path, bool, Sequence[int]], list[Filled]]
COLUMNS = ("points", "refused", "built", "untouched", "mended")


def main() -> None:
    """Print the table; exit 1 where a build ended otherwise, or what serves was touched."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    with tempfile.TemporaryDirectory() as folder, workers() as pool:
        place = prepared(Path(folder))
        before, limits, left = ask(place / "kb"), sizes(place / "kb"), rooms(place / "kb")
        print(
            f"files from {limits[1]:,} bytes to {limits[-1] + 1:,}, a disk's room to {left[-1]:,}"
        )
        print("\n" + f"{'':24}" + "".join(f"{column:>11}" for column in COLUMNS))
        kinds: list[tuple[str, Fill, list[int]]] = [("a file's length", limited, limits)]
        if can_mount(place / "trial"):
            kinds.append(("a small disk", small, left))
        bad = [*chain.from_iterable(_tried(pool, place, before, *kind) for kind in kinds)]
    if len(kinds) == 1:
        print("a small disk: skipped, only root may mount one")
    for each in bad[:20]:
        print(each)
    print("FAILED" if bad else "OK")
    sys.exit(bool(bad))


def can_mount(at: Path) -> bool:
    """Whether a disk can be mounted there, which most often only root may."""
    try:
        with tmpfs(at):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def _tried(
    pool: ProcessPoolExecutor, place: Path, before: Any, name: str, fill: Fill, limits: list[int]
) -> list[Filled]:
    """Those that ended otherwise, of first builds and of later ones."""
    bad = []
    for fresh in (True, False):
        halves = [limits[::2], limits[1::2]]
        ends = [*chain.from_iterable(pool.map(partial(fill, place, fresh), halves))]
        # Where a first build failed, nothing serves, and says so.
        kept = [
            each for each in ends if each.refused and untouched(each, None if fresh else before)
        ]
        fits = [each for each in ends if fill is small and each.build.said == "built"]
        whole = [each for each in kept if each.whole]
        counts = (len(ends), sum(e.refused for e in ends), len(fits), len(kept), len(whole))
        head = f"{name}, {'first' if fresh else 'rebuild'}"
        print(f"{head:24}" + "".join(f"{count:11}" for count in counts), flush=True)
        bad += [each for each in ends if each not in whole and each not in fits]
    return bad


def untouched(filled: Filled, before: Any) -> bool:
    """Whether the same is served as `before`; None for nothing, which is then said."""
    if before is None:
        return str(filled.served.said).startswith("KnowledgeBaseMissing: ")
    return bool(filled.served.said == before)


if __name__ == "__main__":
    typer.run(main)
