"""Answers from 10,000, 100,000 and a million passages: time, memory, and what is missed.

python -m benchmarks.scale ../shared/bench --sizes 10000,100000,1000000

The knowledge bases are made (benchmarks/scaled.py), the questions are real ones of squad2. Each
size is asked in a process of its own. `processor` is the time of the processor for one answer, all
in one thread; where other programs use the machine, that is what to compare. `search` is an answer
without the encoding of its question. Recall is that of the ten nearest passages against exact
search, for the questions asked. Token vectors are kept for the first few tokens of a sentence
alone (--tokens), which spares disk and no time: ten passages are read for a question, wherever.
"""

import json
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

from benchmarks.machine import described, memory
from benchmarks.scaled import ARTICLES, ENTRIES, Real, published
from benchmarks.sets import load
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
            print(_line(rows[-1]), flush=True)
            if not keep:
                shutil.rmtree(kb)
    machine = described(f"scale --sizes {sizes} --tokens {tokens} --exact {exact}")
    print(f"\n{machine}\n{_HEAD}", *map(_line, rows), sep="\n")
    print(_ratios(rows))
    if report:
        record = {"machine": machine, "questions": len(questions) - _WARM_UP, "rows": rows}
        report.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


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


_HEAD = (
    f"{'passages':>10}{'answer':>9}{'p95':>8}{'encoder':>9}{'search':>8}"
    f"{'| processor: answer':>20}{'p95':>8}{'encoder':>9}{'search':>8}"
    f"{'| recall@10':>12}{'load s':>8}{'MB own':>8}{'mapped':>8}{'disk GB':>9}"
)


def _line(row: dict[str, Any]) -> str:
    answer, encoder, search = row["answer"], row["encoder"], row["search"]
    return (
        f"{row['passages']:10,}{answer['p50 ms']:9.1f}{answer['p95 ms']:8.1f}"
        f"{encoder['p50 ms']:9.1f}{search['p50 ms']:8.1f}"
        f"{answer['processor p50 ms']:20.1f}{answer['processor p95 ms']:8.1f}"
        f"{encoder['processor p50 ms']:9.1f}{search['processor p50 ms']:8.1f}"
        f"{row['recall@10']:12.3f}{row['load s']:8.1f}{row['MB']['own']:8.0f}"
        f"{row['MB']['mapped']:8.0f}{row['disk'] / 1e9:9.2f}"
    )


def _ratios(rows: list[dict[str, Any]]) -> str:
    """What an answer takes against that of the smallest size, and whose first hit stays."""
    least, lines = rows[0], []
    for row in rows[1:]:
        clock = row["answer"]["p50 ms"] / least["answer"]["p50 ms"]
        processor = row["answer"]["processor p50 ms"] / least["answer"]["processor p50 ms"]
        same = np.mean(np.array(row["first hits"]) == np.array(least["first hits"]))
        lines.append(
            f"{row['passages']:,} against {least['passages']:,}: p50 {clock:.2f} times, of the "
            f"processor {processor:.2f} times; the same first hit for {same:.1%}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    typer.run(main)
