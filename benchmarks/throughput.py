"""Ten thousand questions end to end, beside the bare encoder in the same run.

python -m benchmarks.throughput ../shared/bench

The questions of all sets, numbered where they have to be repeated, so that no two are the same,
asked of the squad2 paragraphs: `citewell eval` from its question file to its report, every answer
quoted, verified and scored. The encoder alone gets the same texts in one call, once before and once
after, and the mean counts.
"""

import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.sets import records
from index.backends.choice import open_encoder
from index.default_model import DEFAULT_MODEL
from index.encoder import Encoder
from qa.evaluation.corpus import own_knowledge_base
from qa.evaluation.job import Job, evaluate
from qa.evaluation.reading import read_questions
from qa.question import MAX_CHARS
from qa.terminal import progress_bar

SETS = ("squad2", "clapnq", "stackfaq", "hint3-curekart", "mtrag", "cast21", "ramdocs", "canard")


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    number: Annotated[int, typer.Option(help="How many questions.")] = 10_000,
    workers: Annotated[str, typer.Option(help="Numbers of workers, comma-separated.")] = "1,2",
) -> None:
    """Print questions a second of both, and their ratio."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    encoder = open_encoder(prepare=True)
    with tempfile.TemporaryDirectory() as folder, progress_bar("Encoding") as progress:
        texts = list(_texts(bench, number))
        path = Path(folder) / "questions.jsonl"
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps({"question": text}) + "\n" for text in texts)
        questions, _ = read_questions(bench / "squad2")
        kb = own_knowledge_base(questions, bench / "squad2", encoder, progress)
        encoder.encode_queries(texts[:64])
        for count in map(int, workers.split(",")):
            before = _alone(encoder, texts)
            started = time.perf_counter()
            told = evaluate(
                path, None, Job(kb, Path(folder) / f"{count}", DEFAULT_MODEL, workers=count)
            )
            whole = len(texts) / (time.perf_counter() - started)
            alone = (before + _alone(encoder, texts)) / 2
            print(
                f"{told.asked:,} questions, {count} worker(s): encoder alone {alone:.0f}/s, "
                f"answering {told.questions_per_second:.0f}/s, with loading, scoring and the "
                f"report {whole:.0f}/s; ratios {(told.questions_per_second or 0) / alone:.2f} "
                f"and {whole / alone:.2f}"
            )


def _alone(encoder: Encoder, texts: list[str]) -> float:
    started = time.perf_counter()
    encoder.encode_queries(texts)
    return len(texts) / (time.perf_counter() - started)


def _texts(bench: Path, number: int) -> Iterator[str]:
    asked = [record["text"] for name in SETS for record in records(bench / name / "queries.jsonl")]
    asked = [text for text in dict.fromkeys(asked) if len(text) < MAX_CHARS - 10]
    for i in range(number):
        text = asked[i % len(asked)]
        yield text if i < len(asked) else f"{text} ({i // len(asked)})"


if __name__ == "__main__":
    typer.run(main)
