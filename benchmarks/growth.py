"""Whether memory, threads or open files grow with the questions asked.

python -m benchmarks.growth --questions 100000 --small
"""

import gc
import resource
import sys
import tempfile
import threading
from pathlib import Path
from typing import Annotated

import typer

from index.build import build
from index.encoder import SentenceTransformerEncoder
from index.knowledge import Knowledge
from qa.answerer import Answerer
from tests.faults.store import TOPICS, sources
from tests.faults.store import encoder as small_encoder

_LOST = 0.05  # the growth that is let pass


def main(
    questions: Annotated[int, typer.Option(help="How many, after the warm-up.")] = 10_000,
    small: Annotated[bool, typer.Option("--small", help="An encoder that counts words.")] = False,
    warm_up: Annotated[int, typer.Option(help="How many before the first figure.")] = 2_000,
) -> None:
    """Print resident memory, threads and files ten times; exit 1 where they grow."""
    encoder = small_encoder() if small else SentenceTransformerEncoder()
    with tempfile.TemporaryDirectory() as place:
        build(sources(Path(place) / "sources", 1, 200), Path(place) / "kb", encoder)
        answerer = Answerer(Knowledge.load(Path(place) / "kb", encoder), encoder)
        _ask(answerer, 0, warm_up)
        first = seen = _seen()
        print(f"{'questions':>10}{'MB':>9}{'threads':>9}{'files':>7}")
        print(f"{0:10,}{seen[0]:9.1f}{seen[1]:9}{seen[2]:7}")
        for part in range(10):
            start = warm_up + part * questions // 10
            _ask(answerer, start, questions // 10)
            seen = _seen()
            done = (part + 1) * questions // 10
            print(f"{done:10,}{seen[0]:9.1f}{seen[1]:9}{seen[2]:7}", flush=True)
    growth = seen[0] / first[0] - 1
    same = seen[1:] == first[1:]
    print(f"memory grew by {growth:.1%}; threads and files {'constant' if same else 'CHANGED'}")
    sys.exit(growth >= _LOST or not same)


def _ask(answerer: Answerer, start: int, count: int) -> None:
    """No two questions are the same."""
    for number in range(start, start + count):
        answerer.answer(f"When does the {TOPICS[number % 8]} leave from quay {number}?")


def _seen() -> tuple[float, int, int]:
    """Resident memory in MB, threads, open files; of Linux."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    memory = pages * resource.getpagesize() / 2**20
    return memory, threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


if __name__ == "__main__":
    typer.run(main)
