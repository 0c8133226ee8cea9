"""What each backend takes to encode, and how far it is off torch, in one run.

python -m benchmarks.encode ../shared/bench

Questions and passages of squad2, beside bare sentence-transformers. Questions one at a time, the
backends in turn, so that what else the machine does falls on all of them alike; passages in one
call. Exports go to a folder that is deleted; those of `import` and of torch's own loading are told
as its seconds to load.
"""

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.sets import records
from index.backends import runtimes
from index.backends.export import CannotExport, export
from index.backends.exported import ExportedEncoder
from index.backends.shelf import export_for
from index.encoder import Encoder, SentenceTransformerEncoder, Vectors
from index.errors import EncoderError


@dataclass(slots=True)
class Row:
    """One backend. `apart` is the largest difference of a vector's value to torch's."""

    name: str
    encode: Callable[[Sequence[str]], Vectors]
    export_s: float = 0.0
    load_s: float = 0.0
    question_ms: float = 0.0
    passages_s: float = 0.0
    tokens_s: float = 0.0
    apart: float = 0.0
    cosine: float = 0.0


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    number: Annotated[int, typer.Option(help="How many questions, and passages.")] = 64,
    without: Annotated[list[str] | None, typer.Option(help="A backend to leave out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print a row for each backend that this machine has."""
    questions = [one["text"] for one in records(bench / "squad2" / "queries.jsonl")][:number]
    passages = [one["text"] for one in records(bench / "squad2" / "corpus.jsonl")][:number]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        rows, tokens = _rows(passages, without or [])
        _ask(rows, questions)
        _build(rows, passages, tokens)
    _print(rows, number, as_json)


def _rows(passages: Sequence[str], without: Sequence[str]) -> tuple[list[Row], int]:
    """The backends, each loaded; and how many tokens the passages have."""
    torch = SentenceTransformerEncoder()
    load = _seconds(lambda: torch.encode_queries(["ready?"]))
    bare: Any = torch.loaded
    rows = [
        Row("sentence-transformers", lambda t: bare.encode(list(t), normalize_embeddings=True)),
        _loaded("torch", torch, load),
    ]
    if "torch-bf16" not in without:
        rows.append(_loaded("torch-bf16", SentenceTransformerEncoder(bf16=True)))
    for runtime in runtimes.RUNTIMES:
        if runtime.name in without:
            continue
        place = export_for(torch.fingerprint, runtime)
        try:
            runtime.require()
            took = _seconds(partial(export, torch, runtime, place))
            row = _loaded(runtime.name, ExportedEncoder(torch, runtime, place))
        except (CannotExport, EncoderError) as reason:
            print(f"left out: {reason}")
            continue
        row.export_s = took
        rows.append(row)
    return rows, sum(len(bare.tokenizer(text)["input_ids"][:256]) for text in passages)


def _loaded(name: str, encoder: Encoder, load: float = 0.0) -> Row:
    load = load or _seconds(lambda: encoder.encode_queries(["ready?"]))
    return Row(name, encoder.encode_passages, load_s=load)


def _ask(rows: Sequence[Row], questions: Sequence[str]) -> None:
    took: dict[str, list[float]] = {row.name: [] for row in rows}
    for question in questions:
        for row in rows:
            took[row.name].append(_seconds(partial(row.encode, [question])))
    for row in rows:
        row.question_ms = 1000 * statistics.median(took[row.name])


def _build(rows: Sequence[Row], passages: Sequence[str], tokens: int) -> None:
    wanted = rows[0].encode(passages)
    for row in rows:
        row.encode(passages[:8])  # opens what a build uses
        took = _seconds(partial(row.encode, passages))
        row.passages_s, row.tokens_s = len(passages) / took, tokens / took
        found = row.encode(passages)
        row.apart = float(np.abs(found - wanted).max())
        row.cosine = float((found * wanted).sum(axis=1).min())


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _print(rows: Sequence[Row], number: int, as_json: bool) -> None:
    where = f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    if as_json:
        told = [{k: v for k, v in asdict(row).items() if k != "encode"} for row in rows]
        print(json.dumps({"machine": where, "texts": number, "backends": told}, indent=2))
        return
    print(f"{where}, {datetime.now(UTC):%Y-%m-%d}, {number} questions and passages")
    print("| backend | question p50 ms | passages/s | tokens/s | apart | least cosine "
          "| export s | load s |\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    for r in rows:
        print(
            f"| {r.name} | {r.question_ms:.1f} | {r.passages_s:.1f} | {r.tokens_s:,.0f} "
            f"| {r.apart:.0e} | {r.cosine:.4f} | {r.export_s:.1f} | {r.load_s:.1f} |"
        )


if __name__ == "__main__":
    typer.run(main)
