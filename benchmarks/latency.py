"""How long an answer takes, beside what the encoder alone takes in the same run.

python -m benchmarks.latency ../shared/bench

Warm: one process, one question at a time, over the paragraphs of squad2 and clapnq. Cold: a fresh
process each time, over a knowledge base of the seeds.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.sets import load
from benchmarks.vectors import RememberingEncoder
from index.build import assemble, build
from index.encoder import SentenceTransformerEncoder
from qa.answerer import Answerer

QUESTIONS = 200
STARTS = 5
_WARM_UP = 10
_ENCODER_ALONE = """
from index.encoder import SentenceTransformerEncoder
SentenceTransformerEncoder().encode_queries(["How long is the DMZ?"])
"""


def main(bench: Annotated[Path, typer.Argument(help="The folder of question sets.")]) -> None:
    """Print both tables."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    _warm(bench)
    _cold()


def _warm(bench: Path) -> None:
    alone, first, again, passages = warm(bench)
    print(f"warm, {len(alone)} questions over {passages} passages")
    _print_row("encoder alone", alone, "ms")
    for name, taken in (("answer", first), ("answer, again", again)):
        _print_row(name, taken, "ms")
        added = statistics.median(a - b for a, b in zip(taken, alone, strict=True))
        ratio = statistics.median(taken) / statistics.median(alone)
        print(f"{'':16} added to the encoder, p50: {added:.2f} ms; {ratio:.2f} times the encoder")
    print()


def warm(bench: Path) -> tuple[list[float], list[float], list[float], int]:
    """Milliseconds of encoding each question, of answering it, and of answering it once more.

    Then nothing but the question has to be read anew: the words of the passages that it finds are
    kept. Last, how many passages there are: those of squad2 and clapnq together, some 1,200.
    """
    encoder = SentenceTransformerEncoder()
    sets = [load(bench, name) for name in ("squad2", "clapnq")]
    documents = [document for questions in sets for document in questions.documents]
    knowledge, _ = assemble(documents, RememberingEncoder(encoder))
    answerer = Answerer(knowledge, encoder)
    texts = [question.text for question in sets[0].answerable[:QUESTIONS]]
    for text in texts[:_WARM_UP]:
        answerer.answer(text)
    alone, first = [], []
    for text in texts:
        alone.append(_milliseconds(partial(encoder.embed, [text], "query")))
        first.append(_milliseconds(partial(answerer.answer, text)))
    again = [_milliseconds(partial(answerer.answer, text)) for text in texts]
    return alone, first, again, len(knowledge.passages)


def _cold() -> None:
    citewell = str(Path(sys.executable).with_name("citewell"))
    with tempfile.TemporaryDirectory() as folder:
        kb = Path(folder) / "kb"
        build(Path("seeds"), kb, SentenceTransformerEncoder())
        commands = {
            "citewell --help": [citewell, "--help"],
            "encoder alone": [sys.executable, "-c", _ENCODER_ALONE],
            "citewell ask": [citewell, "ask", "How long is the DMZ?", "--kb", str(kb)],
        }
        print(f"cold, {STARTS} fresh processes each, in turn")
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(STARTS):
            for name, command in commands.items():
                times[name].append(_milliseconds(partial(_run, command)) / 1000)
    for name, taken in times.items():
        _print_row(name, taken, "s")


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def _print_row(name: str, taken: list[float], unit: str) -> None:
    high = statistics.quantiles(taken, n=20)[-1]
    print(f"{name:16} p50 {statistics.median(taken):8.2f} {unit}   p95 {high:8.2f} {unit}")


if __name__ == "__main__":
    typer.run(main)
