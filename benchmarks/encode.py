"""What each backend takes to encode, how far it is off torch, and what that costs, in one run.

python -m benchmarks.encode ../shared/bench --quality

Questions and passages of squad2, beside bare sentence-transformers: questions one at a time and
passages a batch at a time, the backends in turn, so that what else the machine does falls on all
of them alike. Exports are the user's own, or with `--fresh` made in a folder that is deleted; one
that had to be made tells its seconds. With `--quality` passages are ranked as `citewell` ranks
them, macro mrr@10 over `--sets`, by every backend that has its own vectors, and by the fastest of
those that share torch's for all of these.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.sets import load, records
from benchmarks.told import Row as Line
from benchmarks.told import conditions, tell
from benchmarks.vectors import RememberingEncoder
from index.backends import runtimes
from index.backends.export import CannotExport, export
from index.backends.exported import ExportedEncoder
from index.backends.runtimes import Runtime
from index.backends.shelf import export_for
from index.build import assemble
from index.encoder import Encoder, SentenceTransformerEncoder, Vectors
from index.errors import EncoderError
from qa.evaluation.metrics.ranking import reciprocal_rank
from qa.finder import Finder
from qa.terminal import progress_bar

PLAIN = "sentence-transformers"
_BATCH = 8
_DEPTH = 10


@dataclass(slots=True)
class Row:
    """One backend. `apart` is the largest difference of a vector's value to torch's."""

    name: str
    encode: Callable[[Sequence[str]], Vectors]
    encoder: Encoder | None = None
    export_s: float = 0.0
    load_s: float = 0.0
    question_ms: float = 0.0
    passages_s: float = 0.0
    tokens_s: float = 0.0
    apart: float = 0.0
    cosine: float = 0.0
    mrr: float | None = None


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    number: Annotated[int, typer.Option(help="How many questions, and passages.")] = 16,
    without: Annotated[list[str] | None, typer.Option(help="A backend to leave out.")] = None,
    quality: Annotated[bool, typer.Option("--quality", help="Rank with them too.")] = False,
    sets: Annotated[str, typer.Option(help="To rank in.")] = "covid-faq-en,stackfaq,hint3-curekart",
    questions: Annotated[int, typer.Option(help="Of each set, at most.")] = 150,
    fresh: Annotated[bool, typer.Option("--fresh", help="Export anew.")] = False,
    to: Annotated[Path | None, typer.Option("--json", help="A file to write to.")] = None,
) -> None:
    """Print a row for each backend that this machine has."""
    asked = [one["text"] for one in records(bench / "squad2" / "queries.jsonl")][:number]
    passages = [one["text"] for one in records(bench / "squad2" / "corpus.jsonl")][:number]
    with ExitStack() as ended:
        if fresh:
            folder = ended.enter_context(tempfile.TemporaryDirectory())
            os.environ["XDG_CACHE_HOME"] = folder
        rows, tokens = _rows(passages, without or [])
        _ask(rows, asked)
        _build(rows, passages, tokens)
        if quality:
            _rank(rows, bench, sets.split(","), questions)
    where = conditions(questions=len(asked), passages=len(passages), tokens=tokens)
    if quality:
        where |= {"ranked": f"{sets}, at most {questions} questions each"}
    tell("Encoding", [_line(row) for row in rows], to, where, bars=_bars(rows))


def _rows(passages: Sequence[str], without: Sequence[str]) -> tuple[list[Row], int]:
    """The backends, each loaded; and how many tokens the passages have."""
    torch = SentenceTransformerEncoder()
    load_s = _seconds(lambda: torch.encode_queries(["ready?"]))
    bare: Any = torch.loaded
    rows = [Row(PLAIN, lambda texts: bare.encode(list(texts), normalize_embeddings=True))]
    rows.append(_loaded("torch", torch, load_s))
    if "torch-bf16" not in without:
        rows.append(_loaded("torch-bf16", SentenceTransformerEncoder(bf16=True)))
    for runtime in runtimes.RUNTIMES:
        if runtime.name not in without:
            rows += _exported(torch, runtime)
    read = bare.tokenizer(list(passages), truncation=True, max_length=bare.max_seq_length)
    return rows, sum(map(len, read["input_ids"]))


def _exported(torch: SentenceTransformerEncoder, runtime: Runtime) -> list[Row]:
    """The row of a runtime, loaded; none where it cannot run here."""
    place, took = export_for(torch.fingerprint, runtime), 0.0
    try:
        runtime.require()
        if not place.whole:
            took = _seconds(partial(export, torch, runtime, place))
        row = _loaded(runtime.name, ExportedEncoder(torch, runtime, place))
    except (CannotExport, EncoderError) as reason:
        print(f"left out: {reason}")
        return []
    row.export_s = took
    return [row]


def _loaded(name: str, encoder: Encoder, load_s: float = 0.0) -> Row:
    load_s = load_s or _seconds(lambda: encoder.encode_queries(["ready?"]))
    return Row(name, encoder.encode_passages, encoder, load_s=load_s)


def _ask(rows: Sequence[Row], questions: Sequence[str]) -> None:
    took = _in_turn("Questions", rows, [[question] for question in questions])
    for row in rows:
        row.question_ms = 1000 * statistics.median(took[row.name])


def _build(rows: Sequence[Row], passages: Sequence[str], tokens: int) -> None:
    for row in rows:
        row.encode(passages[:_BATCH])  # opens what a build uses
    order = sorted(passages, key=len)
    batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    took = _in_turn("Passages", rows, batches)
    wanted = rows[0].encode(passages)
    for row in rows:
        seconds = sum(took[row.name])
        row.passages_s, row.tokens_s = len(passages) / seconds, tokens / seconds
        found = row.encode(passages)
        row.apart = float(np.abs(found - wanted).max())
        row.cosine = float((found * wanted).sum(axis=1).min())


def _in_turn(
    doing: str, rows: Sequence[Row], batches: Sequence[list[str]]
) -> dict[str, list[float]]:
    """Seconds of each batch by each backend."""
    took: dict[str, list[float]] = {row.name: [] for row in rows}
    with progress_bar(doing, "batches") as progress:
        for number, batch in enumerate(batches):
            progress(number, len(batches))
            for row in rows:
                took[row.name].append(_seconds(partial(row.encode, batch)))
    return took


def _rank(rows: Sequence[Row], bench: Path, sets: Sequence[str], most: int) -> None:
    """Macro mrr@10 of each kind of vectors."""
    found: dict[str, float] = {}
    for row in sorted(rows, key=lambda row: -row.passages_s):
        if row.encoder and row.encoder.fingerprint not in found:
            encoder = RememberingEncoder(row.encoder)
            each = [_mrr(bench, name, encoder, most) for name in sets]
            found[row.encoder.fingerprint] = statistics.mean(each)
    for row in rows:
        row.mrr = found[row.encoder.fingerprint] if row.encoder else None


def _mrr(bench: Path, name: str, encoder: Encoder, most: int) -> float:
    given = load(bench, name)
    with progress_bar(f"{encoder.name}: {name}") as progress:
        knowledge, _ = assemble(given.documents, encoder, progress=progress)
    finder = Finder(knowledge, encoder)
    ranks = []
    for question in given.answerable[:most]:
        (found,) = finder.find([question.text], [question.history])
        ranking = finder.retriever.scored(found.ranked, 3 * _DEPTH)
        documents = list(dict.fromkeys(passage.document_id for passage, _ in ranking))
        ranks.append(reciprocal_rank(documents, question.relevant, _DEPTH))
    return statistics.mean(ranks)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _line(row: Row) -> Line:
    line: dict[str, str | float] = {
        "backend": row.name,
        "question p50 ms": row.question_ms,
        "passages/s": row.passages_s,
        "tokens/s": row.tokens_s,
        "apart": f"{row.apart:.0e}",
        "least cosine": f"{row.cosine:.4f}",
        "load s": row.load_s or "",
        "export s": row.export_s or "",
    }
    return line if row.mrr is None else line | {"mrr@10": f"{row.mrr:.3f}"}


def _bars(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One question, and many passages."""
    return [
        {
            "title": "Encoding a question",
            "unit": "ms (p50)",
            "values": {row.name: row.question_ms for row in rows},
        },
        {
            "title": "Encoding passages",
            "unit": "passages/s",
            "values": {row.name: row.passages_s for row in rows},
        },
    ]


if __name__ == "__main__":
    typer.run(main)
