"""How long an answer takes, beside what the encoder alone takes in the same run.

python -m benchmarks.latency ../shared/bench

Warm: one process, one question at a time, no question twice, over the paragraphs of squad2 and
clapnq; each is encoded alone, answered, and searched as most do it (sentence-transformers in
float32 with its own threads, IndexFlatIP over the passages), in an order that is shuffled, so that
what else the machine does falls on all alike. The first run encodes the paragraphs, which takes
minutes; later ones remember them (benchmarks/vectors.py). Cold: a fresh process each time, over the
seeds.
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.sets import QuestionSet, load
from benchmarks.told import Row, conditions, tell
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import assemble, build
from index.encoder import Encoder, SentenceTransformerEncoder
from index.knowledge import Knowledge
from qa.answerer import Answerer
from qa.terminal import progress_bar

QUESTIONS = 200
STARTS = 5
SETS = ("squad2", "clapnq")
# What an answer may take of each, p50.
PROMISED = {"encoder alone": 1.3, "plain dense + FAISS": 0.3}
_WARM_UP = 10
_ENCODER_ALONE = """
from index.backends.choice import open_encoder
open_encoder().encode_queries(["How long is the DMZ?"])
"""
Work = Callable[[str], object]


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    number: Annotated[int, typer.Option(help="How many questions.")] = QUESTIONS,
    cold: Annotated[bool, typer.Option(help="Whether fresh processes are timed too.")] = True,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write JSON there.")] = None,
) -> None:
    """Print a table of both."""
    encoder = open_encoder(prepare=True)
    sets = [load(bench, name) for name in SETS]
    knowledge = over(sets, encoder)
    answerer = Answerer(knowledge, encoder)
    answerer.warm_up()
    ways: dict[str, Work] = {
        "encoder alone": lambda text: encoder.embed([text], "query"),
        "answer": answerer.answer,
        "plain dense + FAISS": plain(knowledge),
    }
    taken = in_turn(ways, distinct(sets, number + _WARM_UP))
    backend = getattr(encoder, "backend", "torch")
    where = conditions(passages=len(knowledge.passages), questions=number, backend=backend)
    rows = _rows(taken, "ms", "answer", PROMISED)
    if cold:
        rows += _rows({f"{name}, cold": each for name, each in _cold().items()}, "s")
    values = {name: statistics.median(each) for name, each in taken.items()}
    bars = [{"title": "A question, p50", "unit": "ms", "values": values}]
    tell("Answering", rows, as_json, where, bars=bars, ms=taken)


def over(sets: Sequence[QuestionSet], encoder: Encoder) -> Knowledge:
    """The paragraphs of some sets as one knowledge base."""
    documents = [document for questions in sets for document in questions.documents]
    with progress_bar("encoding, once") as progress:
        return assemble(documents, RememberingEncoder(encoder), progress=progress)[0]


def distinct(sets: Sequence[QuestionSet], number: int) -> list[str]:
    """So many questions of these sets, no two the same, in a shuffled order (seed 0)."""
    asked = [one.text for each in sets for one in (*each.answerable, *each.unanswerable)]
    texts = list(dict.fromkeys(asked))
    if len(texts) < number:
        raise typer.BadParameter(f"there are {len(texts)} questions, fewer than {number}")
    random.Random(0).shuffle(texts)
    return texts[:number]


def plain(knowledge: Knowledge) -> Work:
    """What most do: the model's own `encode`, and exact search over the passages."""
    import faiss

    model = SentenceTransformerEncoder().loaded
    rows = knowledge.passage_store.vectors(np.arange(len(knowledge.passages)))
    flat = faiss.IndexFlatIP(rows.shape[1])
    flat.add(rows)
    return lambda text: flat.search(model.encode([text], normalize_embeddings=True), 10)


def in_turn(ways: dict[str, Work], texts: Sequence[str]) -> dict[str, list[float]]:
    """Milliseconds of each way for each text but the first ones, which warm them up."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    order, shuffled = list(ways), random.Random(0)
    for number, text in enumerate(texts):
        shuffled.shuffle(order)
        for name in order:
            milliseconds = _milliseconds(partial(ways[name], text))
            if number >= _WARM_UP:
                taken[name].append(milliseconds)
    return taken


def warm(bench: Path) -> tuple[list[float], list[float], list[float], int]:
    """Milliseconds of encoding each question, of answering it, and of answering it once more.

    Then nothing but the question has to be read anew: the words of the passages that it finds are
    kept. Last, how many passages there are: those of squad2 and clapnq together, some 1,200.
    """
    encoder = open_encoder(prepare=True)
    sets = [load(bench, name) for name in SETS]
    knowledge = over(sets, encoder)
    answerer = Answerer(knowledge, encoder)
    texts = distinct(sets, QUESTIONS + _WARM_UP)
    ways: dict[str, Work] = {
        "alone": lambda text: encoder.embed([text], "query"),
        "first": answerer.answer,
    }
    taken = in_turn(ways, texts)
    again = [_milliseconds(partial(answerer.answer, text)) for text in texts[_WARM_UP:]]
    return taken["alone"], taken["first"], again, len(knowledge.passages)


def _rows(
    taken: dict[str, list[float]],
    unit: str,
    ours: str = "",
    promised: Mapping[str, float] | None = None,
) -> list[Row]:
    """A row for each way, with what ours takes of its median."""
    p50 = {name: statistics.median(times) for name, times in taken.items()}
    return [
        {
            "way": name,
            "p50": f"{p50[name]:.3g} {unit}",
            "p95": f"{statistics.quantiles(times, n=20)[-1]:.3g} {unit}",
            "answer over it": p50[ours] / p50[name] if ours and name != ours else "",
            "promised": (promised or {}).get(name, ""),
        }
        for name, times in taken.items()
    ]


def _cold() -> dict[str, list[float]]:
    """Seconds of fresh processes, the kinds in turn."""
    citewell = [sys.executable, "-m", "qa.cli"]
    with tempfile.TemporaryDirectory() as folder:
        kb = Path(folder) / "kb"
        build(Path("seeds"), kb, open_encoder(prepare=True))
        commands = {
            "citewell --help": [*citewell, "--help"],
            "encoder alone": [sys.executable, "-c", _ENCODER_ALONE],
            "citewell ask": [*citewell, "ask", "How long is the DMZ?", "--kb", str(kb)],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(STARTS):
            for name, command in commands.items():
                times[name].append(_milliseconds(partial(_run, command)) / 1000)
    return times


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    typer.run(main)
