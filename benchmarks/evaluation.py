"""Every question set by the product's own evaluation: one command, one table.

python -m benchmarks.evaluation ../shared/bench

Each set is asked of its own corpus, as `citewell eval SET` does it, all questions. What is printed
is what summary.json says. canard has no corpus and is left out. Of mtrag's four labels ANSWERABLE
and PARTIAL count as answerable, UNANSWERABLE as not, UNDERSPECIFIED as not said.
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.sets import records, said_answerable
from index.backends.choice import open_encoder
from index.default_model import DEFAULT_MODEL
from qa.evaluation.corpus import own_knowledge_base
from qa.evaluation.job import Job, evaluate
from qa.evaluation.reading import read_questions
from qa.evaluation.summary import Summary

SETS = (
    "squad2", "clapnq", "covid-faq-en", "covid-faq-de", "stackfaq",
    "hint3-curekart", "mtrag", "cast21", "ramdocs",
)  # fmt: skip
SHOWN = (
    "hit@1", "recall@5", "mrr@10", "ndcg@10", "answer_in_quotes", "f1", "citation_precision",
    "precision", "coverage", "auroc", "aurc", "ece",
)  # fmt: skip


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    out: Annotated[
        Path | None, typer.Option(help="Keep the reports there; a folder a set.")
    ] = None,
    sets: Annotated[str, typer.Option(help="Which, comma-separated.")] = ",".join(SETS),
) -> None:
    """Print a line a set and metric by metric."""
    with tempfile.TemporaryDirectory() as folder:
        place = out or Path(folder)
        told = {name: _evaluated(bench / name, place / name) for name in sets.split(",")}
    _print_outcomes(told)
    _print_metrics(told)


def _evaluated(questions: Path, out: Path) -> Summary:
    with tempfile.TemporaryDirectory() as folder:
        kb = None
        if questions.name == "mtrag":
            encoder = open_encoder(prepare=True)
            kb = own_knowledge_base(read_questions(questions)[0], questions, encoder)
            questions = _plainly_labelled(questions, Path(folder) / questions.name)
        return evaluate(questions, None, Job(kb, out, DEFAULT_MODEL))


def _plainly_labelled(questions: Path, copy: Path) -> Path:
    """A copy of mtrag that says of each question whether it is answerable, as others do."""
    shutil.copytree(questions, copy, copy_function=shutil.copyfile)
    asked = {record["_id"]: record for record in records(questions / "queries.jsonl")}
    with (copy / "queries.jsonl").open("w", encoding="utf-8") as stream:
        for record in asked.values():
            answerable = said_answerable(record)
            stream.write(json.dumps({**record, "answerable": answerable}) + "\n")
    lines = (questions / "qrels.tsv").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines[1:] if said_answerable(asked[line.split("\t")[0]]) is not None]
    (copy / "qrels.tsv").write_text("".join([lines[0], *kept]), "utf-8")
    return copy


def _print_outcomes(told: dict[str, Summary]) -> None:
    outcomes = list(next(iter(told.values())).outcomes)
    heads = "  ".join(f"{outcome:>16}" for outcome in outcomes)
    print(f"\n{'set':16}  {'questions':>9}  {heads}  {'quotes verified':>15}")
    for name, one in told.items():
        cells = "  ".join(f"{number:16,}" for number in one.outcomes.values())
        verified = f"{one.grounding['verified']:,} of {one.grounding['quotes']:,}"
        print(f"{name:16}  {one.asked:9,}  {cells}  {verified:>15}")


def _print_metrics(told: dict[str, Summary]) -> None:
    print(f"\n{'set':16}  " + "  ".join(f"{name:>18}" for name in SHOWN))
    for name, one in told.items():
        found = (one.metrics.get(metric) for metric in SHOWN)
        cells = "  ".join(f"{m.value:18.3f}" if m else f"{'–':>18}" for m in found)
        print(f"{name:16}  {cells}")


if __name__ == "__main__":
    typer.run(main)
