"""What a build takes, beside the bare encoder and sentence-transformers as it is, in one run.

python -m benchmarks.build ../shared/bench

Paragraphs of squad2 as files, built to a published knowledge base; the same texts as that build
encoded, in one call of the encoder on the same backend; and once more through `encode()` of
sentence-transformers with its defaults. The three take turns, so that what else the machine does
falls on all alike; the ratios are the medians of those of each round. Models are loaded before.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.sets import records
from benchmarks.told import Row, conditions, tell
from index.backends.choice import open_encoder
from index.build import build
from index.encoder import Embedded, Encoder, Role, SentenceTransformerEncoder, Vectors
from qa.terminal import progress_bar

ENOUGH = {"bare encoder": 0.85, "sentence-transformers": 1.3}  # 2.5 where there is bf16


class Noting:
    """An encoder that keeps the texts that it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.texts: list[str] = []
        self._encoder = encoder

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        self.texts += questions
        return self._encoder.encode_queries(questions)

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        self.texts += passages
        return self._encoder.encode_passages(passages)

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """See `Encoder`."""
        self.texts += texts
        return self._encoder.embed(texts, role)


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    number: Annotated[int, typer.Option(help="How many paragraphs.")] = 100,
    rounds: Annotated[int, typer.Option(help="How often each is measured.")] = 3,
    backend: Annotated[str, typer.Option(help="What encodes.")] = "auto",
    to: Annotated[Path | None, typer.Option("--json", help="A file to write to.")] = None,
) -> None:
    """Print what each takes, and the ratios."""
    encoder = open_encoder(backend=backend, prepare=True)
    bare = SentenceTransformerEncoder().loaded
    with tempfile.TemporaryDirectory() as folder:
        _write(bench, number, Path(folder) / "sources")
        took, texts = _measured(Path(folder), encoder, bare, rounds)
    read = bare.tokenizer(texts, truncation=True, max_length=bare.max_seq_length)["input_ids"]
    tokens = sum(map(len, read))
    name = getattr(encoder, "backend", backend)
    where = conditions(
        paragraphs=number, texts=len(texts), tokens=tokens, rounds=rounds, backend=name
    )
    rows = [_row(what, took, len(texts), tokens) for what in took]
    values = {str(row["what"]): row["tokens/s"] for row in rows}
    bars = [{"title": "Tokens a second", "unit": "tokens/s", "values": values}]
    tell("Building", rows, to, where, bars=bars)


def _row(what: str, took: dict[str, list[float]], texts: int, tokens: int) -> Row:
    seconds = statistics.median(took[what])
    row: dict[str, str | float] = {
        "what": what, "s": seconds, "texts/s": texts / seconds, "tokens/s": tokens / seconds
    }  # fmt: skip
    if what in ENOUGH:
        row |= {"build over it": _ratio(took, what), "promised": ENOUGH[what]}
    return row


def _measured(
    place: Path, encoder: Encoder, bare: Any, rounds: int
) -> tuple[dict[str, list[float]], list[str]]:
    """Seconds of each, round by round; and the texts that a build encodes."""
    noting = Noting(encoder)
    build(place / "sources", place / "first", noting)  # warm, and to learn the texts
    texts = noting.texts
    works: dict[str, Callable[[int], object]] = {
        "build": lambda n: build(place / "sources", place / f"kb{n}", encoder),
        "bare encoder": lambda _: encoder.encode_passages(texts),
        "sentence-transformers": lambda _: bare.encode(texts),
    }
    took: dict[str, list[float]] = {what: [] for what in works}
    with progress_bar("Measuring", "rounds") as progress:
        for n in range(rounds):
            progress(n, rounds)
            for what, work in works.items():
                started = time.perf_counter()
                work(n)
                took[what].append(time.perf_counter() - started)
    return took, texts


def _ratio(took: dict[str, list[float]], other: str) -> float:
    """How many times as fast as the other a build is, in the middle of the rounds."""
    return statistics.median(b / a for a, b in zip(took["build"], took[other], strict=True))


def _write(bench: Path, number: int, folder: Path) -> None:
    folder.mkdir()
    for n, record in enumerate(list(records(bench / "squad2" / "corpus.jsonl"))[:number]):
        title = record.get("title") or f"Paragraph {n}"
        (folder / f"{n:05}.md").write_text(f"# {title}\n\n{record['text']}\n", "utf-8")


if __name__ == "__main__":
    typer.run(main)
