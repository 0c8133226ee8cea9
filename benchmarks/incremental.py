"""A build in which one passage in a hundred changed, beside a full one in the same run.

python -m benchmarks.incremental --passages 10000 --small
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from index.build import build
from index.encoder import Embedded, Encoder, Role, SentenceTransformerEncoder, Vectors
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


def main(
    passages: Annotated[int, typer.Option(help="How many.")] = 10_000,
    small: Annotated[bool, typer.Option("--small", help="An encoder that counts words.")] = False,
) -> None:
    """Print both times and how many texts were encoded; exit 1 where it was not what changed."""
    print(f"{platform.platform()}, {os.cpu_count()} cores")
    encoder = Counting(small_encoder() if small else SentenceTransformerEncoder())
    changed = range(0, passages, 100)
    with tempfile.TemporaryDirectory() as place:
        folder = sources(Path(place) / "sources", 1, passages)
        kb = Path(place) / "kb"
        full = _timed(folder, kb, encoder)
        text = (folder / "faq.md").read_text("utf-8")
        for number in changed:
            text = text.replace(f"quay {number} at 1 o'clock", f"quay {number} at noon", 1)
        (folder / "faq.md").write_text(text, "utf-8")
        again = _timed(folder, kb, encoder)
        nothing = _timed(folder, kb, encoder)
    expected = 2 * len(changed)  # each entry as a whole, and its one sentence
    for name, (seconds, count) in {"full": full, "1% changed": again, "none": nothing}.items():
        print(f"{name:11}{passages + 1:9,} passages {seconds:9.1f} s {count:9,} texts encoded")
    print(f"{full[0] / again[0]:.1f} times as fast; encoded {again[1]:,}, expected {expected:,}")
    sys.exit((again[1], nothing[1]) != (expected, 0))


def _timed(folder: Path, kb: Path, encoder: Counting) -> tuple[float, int]:
    before, started = encoder.count, time.perf_counter()
    build(folder, kb, encoder)
    return time.perf_counter() - started, encoder.count - before


if __name__ == "__main__":
    typer.run(main)
