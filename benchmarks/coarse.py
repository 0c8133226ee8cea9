"""What a large knowledge base loses by what it leaves out: each set as a small and as a large one.

python -m benchmarks.coarse ../shared/bench --sets squad2,covid-faq-en

A large one has its tokens in two bits a value in place of eight, and searches passages and FAQ
questions by codes. `holds` is the share of answerable questions whose first quote holds a gold
answer, where there are any.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.retrieval import auroc, first_relevant
from benchmarks.sets import Question, QuestionSet, load
from benchmarks.told import Row, conditions, tell
from benchmarks.vectors import RememberingEncoder
from index import encoding
from index.assembling import assemble
from index.backends.choice import open_encoder
from index.encoder import Encoder
from index.store.choice import EXACT
from qa.evaluation.metrics.text import holds
from qa.evidence import evidence
from qa.finder import Finder, Found

SETS = "squad2,covid-faq-en"
_DEPTH = 10


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    sets: Annotated[str, typer.Option(help="Which, comma-separated.")] = SETS,
    report: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
) -> None:
    """Print two rows a set."""
    encoder = RememberingEncoder(open_encoder(prepare=True))
    rows: list[Row] = []
    for name in sets.split(","):
        questions = load(bench, name)
        for how, most in (("small", EXACT), ("large", 0)):
            found = measured(questions, encoder, most)
            shown = {k: "" if np.isnan(value) else f"{value:.3f}" for k, value in found.items()}
            rows.append({"set": name, "treated as": how, **shown})
    tell("What a large one loses", rows, report, conditions())


def measured(questions: QuestionSet, encoder: Encoder, most: int) -> dict[str, float]:
    """One set, where stores of more than `most` rows are large."""
    vars(encoding)["EXACT"] = most
    try:
        knowledge, _ = assemble(questions.documents, encoder)
    finally:
        vars(encoding)["EXACT"] = EXACT
    finder = Finder(knowledge, encoder)
    found = [_found(finder, question) for question in questions.answerable]
    silent = [_found(finder, question).sure for question in questions.unanswerable]
    places = [_place(finder, *pair) for pair in zip(found, questions.answerable, strict=True)]
    return {
        "hit@1": float(np.mean([place == 1 for place in places])),
        "hit@5": float(np.mean([0 < place <= 5 for place in places])),
        "mrr@10": float(np.mean([1 / place if place else 0.0 for place in places])),
        "AUROC": auroc([one.sure for one in found], silent),
        "holds": _holding(found, questions.answerable),
    }


def _found(finder: Finder, question: Question) -> Found:
    (found,) = finder.find([question.text], [question.history])
    return found


def _place(finder: Finder, found: Found, question: Question) -> int:
    """The rank of the first relevant document; 0 below the depth."""
    ranking = finder.retriever.scored(found.ranked, 3 * _DEPTH)
    documents = list(dict.fromkeys(passage.document_id for passage, _ in ranking))
    return first_relevant(documents[:_DEPTH], question)


def _holding(found: Sequence[Found], asked: Sequence[Question]) -> float:
    """The share whose first quote holds a gold answer; NaN where no question has one."""
    held = [
        holds(_first_quote(one), question.answers)
        for one, question in zip(found, asked, strict=True)
        if question.answers
    ]
    return float(np.mean(held)) if held else float("nan")


def _first_quote(found: Found) -> str:
    quoted = evidence(found.hits, found.asked.text)
    return quoted[0].text if quoted else ""


if __name__ == "__main__":
    typer.run(main)
