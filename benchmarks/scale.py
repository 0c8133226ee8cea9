"""Answers from 10,000, 100,000 and a million passages: time, memory, and what is missed.

python -m benchmarks.scale ../shared/bench --sizes 10000,100000,1000000

The knowledge bases are made (benchmarks/scaled.py), the questions are real ones of squad2. Each
size is asked in a process of its own. `processor` is the time of the processor for one answer, all
in one thread; where other programs use the machine, that is what to compare. `search` is an answer
without the encoding of its question. Recall is that of the ten nearest passages against exact
search, for the questions asked. Token vectors are kept for the first few tokens of a sentence
alone (--tokens), which spares disk and no time: ten passages are read for a question, wherever.
"""

import multiprocessing
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
import typer

from benchmarks.machine import memory
from benchmarks.scaled import ARTICLES, ENTRIES, Real, published
from benchmarks.sets import load
from benchmarks.told import Row, conditions, tell
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.knowledge import Knowledge
from index.store.base import Vectors
from index.store.choice import EXACT, recall_of
from qa.answerer import Answerer

T = TypeVar("T")

QUESTIONS = 150
_WARM_UP = 10
_DEPTH = 10


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    sizes: Annotated[str, typer.Option(help="Passages, comma-separated.")] = "10000,100000",
    place: Annotated[Path | None, typer.Option(help="Where there is room for them.")] = None,
    tokens: Annotated[int, typer.Option(help="Token vectors kept of a sentence.")] = 4,
    exact: Annotated[int, typer.Option(help="Rows that are searched exactly.")] = EXACT,
    keep: Annotated[bool, typer.Option("--keep", help="Leave them, and use what is left.")] = False,
    report: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
) -> None:
    """Print a table of the sizes."""
    encoder = RememberingEncoder(open_encoder(prepare=True))
    articles, entries = (Real.of(bench, names, encoder) for names in (ARTICLES, ENTRIES))
    questions = [q.text for q in load(bench, ARTICLES[0]).answerable][: QUESTIONS + _WARM_UP]
    rows = []
    with tempfile.TemporaryDirectory(dir=place) as folder:
        for size in map(int, sizes.split(",")):
            kb = (place or Path(folder)) / f"kb{size}" if keep else Path(folder) / f"kb{size}"
            built: dict[str, Any] = {}
            if not kb.exists():
                manifest, took = published(
                    articles, entries, size, kb, encoder, most_tokens=tokens, exact=exact
                )
                built = {"took": took, "searches": manifest.searches}
                print(f"{size:,} built: {took}\n  {manifest.searches}", flush=True)
            with multiprocessing.get_context("spawn").Pool(1) as alone:
                asked = alone.apply(measured, (kb, questions))
            disk = sum(p.stat().st_size for p in kb.rglob("*") if p.is_file())
            rows.append({"passages": size, "disk": disk, **asked, **built})
            if not keep:
                shutil.rmtree(kb)
    where = conditions(questions=len(questions) - _WARM_UP, tokens=tokens, exact=exact)
    told = [_row(row, rows[0]) for row in rows]
    values = {f"{row['passages']:,} passages": row["answer"]["p50 ms"] for row in rows}
    bars = [{"title": "An answer by size, p50", "unit": "ms", "values": values}]
    tell("Size", told, report, where, bars=bars, raw=rows)


def measured(kb: Path, questions: list[str]) -> dict[str, Any]:
    """What one process sees of a knowledge base."""
    encoder = open_encoder()
    encoder.encode_queries(questions[:1])
    before = memory()
    started = time.perf_counter()
    knowledge = Knowledge.load(kb, encoder)
    answerer = Answerer(knowledge, encoder)
    loaded = time.perf_counter() - started
    answerer.warm_up()
    for question in questions[:_WARM_UP]:
        answerer.answer(question)
    asked = questions[_WARM_UP:]
    encoded = [_timed(partial(encoder.embed, [q], "query")) for q in asked]
    explained = [_timed(partial(answerer.explain, q)) for q in asked]
    encoding, answering = [took for took, _ in encoded], [took for took, _ in explained]
    after = memory()
    return {
        "load s": round(loaded, 2),
        "encoder": _summary(encoding),
        "answer": _summary(answering),
        "search": _summary([a.less(e) for a, e in zip(answering, encoding, strict=True)]),
        "recall@10": round(_recall(knowledge, [one[0].vector for _, one in encoded]), 4),
        "first hits": [one.hits[0].passage.id for _, one in explained],
        "encoder MB": before,
        "MB": after,
    }


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of the clock and of the processor."""

    clock: float
    processor: float

    def less(self, other: "Took") -> "Took":
        """Without what another took."""
        return Took(self.clock - other.clock, self.processor - other.processor)


def _timed(work: Callable[[], T]) -> tuple[Took, T]:
    clock, processor = time.perf_counter(), time.thread_time()
    done = work()
    took = Took(1000 * (time.perf_counter() - clock), 1000 * (time.thread_time() - processor))
    return took, done


def _summary(times: list[Took]) -> dict[str, float]:
    clock, processor = [t.clock for t in times], [t.processor for t in times]
    return {
        "p50 ms": round(statistics.median(clock), 2),
        "p95 ms": round(statistics.quantiles(clock, n=20)[-1], 2),
        "processor p50 ms": round(statistics.median(processor), 2),
        "processor p95 ms": round(statistics.quantiles(processor, n=20)[-1], 2),
    }


def _recall(knowledge: Knowledge, asked: list[Vectors]) -> float:
    """Of the ten nearest passages, for these questions."""
    store, queries = knowledge.passage_store, np.array(asked)
    found = store.search(queries, _DEPTH)[1]
    wanted = getattr(store, "exact", store).search(queries, _DEPTH)[1]
    return recall_of(found, wanted)


def _row(row: dict[str, Any], least: dict[str, Any]) -> Row:
    """Milliseconds of the clock; first hits are held against those of the smallest size."""
    answer, encoder, search = row["answer"], row["encoder"], row["search"]
    same = np.mean(np.array(row["first hits"]) == np.array(least["first hits"]))
    return {
        "passages": f"{row['passages']:,}",
        "answer p50 ms": answer["p50 ms"],
        "p95": answer["p95 ms"],
        "over the first": answer["p50 ms"] / least["answer"]["p50 ms"],
        "encoding p50": encoder["p50 ms"],
        "the rest p50": search["p50 ms"],
        "recall@10": f"{row['recall@10']:.3f}",
        "same first hit": f"{same:.3f}",
        "load s": row["load s"],
        "resident MB": row["MB"]["resident"],
        "its own": row["MB"]["own"],
        "on disk, GB": row["disk"] / 1e9,
    }


if __name__ == "__main__":
    typer.run(main)
