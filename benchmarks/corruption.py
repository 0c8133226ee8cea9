"""What comes of damaged files: a table by kind of damage and by file.

python -m benchmarks.corruption --cases 3000

A knowledge base of three generations is damaged in a copy for each case: a bit, a page, a file, a
whole folder, in one generation or in several, `CURRENT` too. A child loads what is left and asks.
It has to refuse, naming a damaged file, or to answer as the newest whole generation does, to the
letter, saying which damage keeps the newer one from serving.
"""

import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from tests.faults.damage import Result, run_all
from tests.faults.forks import workers
from tests.faults.store import built

Table = dict[str, Counter[str]]
COLUMNS = ("refused", "earlier", "current", "WRONG", "CRASHED", "HUNG")


def main(
    cases: Annotated[int, typer.Option(help="How many.")] = 2_000,
    entries: Annotated[int, typer.Option(help="FAQ entries in the knowledge base.")] = 100,
    seed: Annotated[int, typer.Option(help="Of the first case.")] = 0,
) -> None:
    """Print how many of each ended how; exit 1 where one answered wrongly, crashed or hung."""
    with tempfile.TemporaryDirectory() as folder, workers() as pool:
        kb = built(Path(folder), 3, entries)
        judged = run_all(kb, range(seed, seed + cases), pool)
    kinds, files = _tables(judged)
    print(f"{cases:,} cases, seeds from {seed}, three generations of {entries} entries")
    _show("damage", kinds)
    _show("file", files)
    bad = [(r.done, v) for r, v in judged if v.split(":")[0] in ("WRONG", "CRASHED", "HUNG")]
    for done, why in bad[:20]:
        print(why, done)
    sys.exit(bool(bad))


def _tables(judged: Iterable[tuple[Result, str]]) -> tuple[Table, Table]:
    kinds: Table = defaultdict(Counter)
    files: Table = defaultdict(Counter)
    for result, why in judged:
        for one in result.done:
            kind, path = one.split(":", 1)
            kinds[kind][why.split(":")[0]] += 1
            files[path.split("/", 1)[-1] if "/" in path else path][why.split(":")[0]] += 1
    return kinds, files


def _show(head: str, table: Table) -> None:
    print("\n" + f"{head:28}" + "".join(f"{column:>9}" for column in COLUMNS))
    for name in sorted(table):
        print(f"{name:28}" + "".join(f"{table[name][column]:9}" for column in COLUMNS))
    total = sum(table.values(), Counter[str]())
    print(f"{'all (a case of several: each)':28}" + "".join(f"{total[c]:9}" for c in COLUMNS))


if __name__ == "__main__":
    typer.run(main)
