"""A build in which one passage in a hundred changed, beside a full one in the same run.

python -m benchmarks.incremental --passages 10000 --encoder small
python -m benchmarks.incremental --passages 10000 --bench ../shared/bench

The passages are generated FAQ entries or, with --bench, the documents of all its English question
sets. Where these are fewer, they are taken again, each time with a line of its own.
"""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.sets import records
from index.backends.choice import open_encoder
from index.build import build
from index.encoder import Embedded, Encoder, Role, Vectors
from tests.faults.store import encoder as small_encoder
from tests.faults.store import sources


class Counting:
    """An encoder that counts the texts it is given."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.count = 0

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        self.count += len(questions)
        return self._encoder.encode_queries(questions)

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        self.count += len(passages)
        return self._encoder.encode_passages(passages)

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """See `Encoder`."""
        self.count += len(texts)
        return self._encoder.embed(texts, role)


class Which(Enum):
    """The encoders to choose from."""

    DEFAULT = "default"
    SMALL = "small"


ENCODERS: dict[Which, Callable[[], Encoder]] = {
    Which.DEFAULT: partial(open_encoder, prepare=True),
    Which.SMALL: small_encoder,
}
SETS = ("squad2", "clapnq", "mtrag", "ramdocs", "cast21", "hint3-curekart", "covid-faq-en")


def main(
    passages: Annotated[int, typer.Option(help="How many, about.")] = 10_000,
    encoder: Annotated[Which, typer.Option(help="small counts words.")] = Which.DEFAULT,
    bench: Annotated[Path | None, typer.Option(help="The folder of question sets.")] = None,
) -> None:
    """Print the times and how many texts were encoded; exit 1 where it was not what changed."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    counting = Counting(ENCODERS[encoder]())
    with tempfile.TemporaryDirectory() as place:
        folder, kb = Path(place) / "sources", Path(place) / "kb"
        write, change = (_taken, _taken_changed) if bench else (_generated, _generated_changed)
        write(folder, passages, bench or folder)
        full = _timed(folder, kb, counting)
        expected = change(folder)
        again = _timed(folder, kb, counting)
        nothing = _timed(folder, kb, counting)
    for name, (seconds, texts, held) in {"full": full, "changed": again, "none": nothing}.items():
        print(f"{name:8}{held:9,} passages {seconds:9.1f} s {texts:9,} texts encoded")
    print(f"{full[0] / again[0]:.1f} times as fast; encoded {again[1]:,}, expected {expected:,}")
    sys.exit((again[1], nothing[1]) != (expected, 0))


def _generated(folder: Path, passages: int, _: Path) -> None:
    sources(folder, 1, passages)


def _generated_changed(folder: Path) -> int:
    """Change one entry in a hundred: each is encoded as a whole, and its one sentence."""
    text = (folder / "faq.md").read_text("utf-8")
    changed = range(0, text.count("\n## "), 100)
    for number in changed:
        text = text.replace(f"quay {number} at 1 o'clock", f"quay {number} at noon", 1)
    (folder / "faq.md").write_text(text, "utf-8")
    return 2 * len(changed)


def _taken(folder: Path, passages: int, bench: Path) -> None:
    """As JSON Lines, a FAQ entry for each document, so that it is one passage."""
    folder.mkdir()
    taken = islice(_documents(bench), passages)
    lines = [json.dumps({"question": title, "answer": text}) for title, text in taken]
    (folder / "faq.jsonl").write_text("\n".join(lines), "utf-8")


def _taken_changed(folder: Path) -> int:
    """Give one entry in a hundred another sentence; it and the whole are encoded."""
    path = folder / "faq.jsonl"
    entries = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    changed = entries[::100]
    for number, entry in enumerate(changed):
        entry["answer"] += f"\n\nThis is edition {number} of it."
    path.write_text("\n".join(map(json.dumps, entries)), "utf-8")
    return 2 * len(changed)


def _documents(bench: Path) -> Iterator[tuple[str, str]]:
    """Titles and texts, without end: the second time round each says which time it is."""
    every = [record for name in SETS for record in records(bench / name / "corpus.jsonl")]
    for turn in count():
        for number, record in enumerate(every):
            line = f"\n\nThis is copy {turn} of number {number}." if turn else ""
            yield f"What of number {turn * len(every) + number}?", record["text"].strip() + line


def _timed(folder: Path, kb: Path, encoder: Counting) -> tuple[float, int, int]:
    """Seconds, how many texts were encoded, and how many passages there are."""
    before, started = encoder.count, time.perf_counter()
    passages = build(folder, kb, encoder).passages
    return time.perf_counter() - started, encoder.count - before, passages


if __name__ == "__main__":
    typer.run(main)
