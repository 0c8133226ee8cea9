"""The sentence a reader would underline: does the first quote hold a gold answer?

python -m benchmarks.evidence ../shared/bench

End to end over the answerable questions of squad2, nobody abstaining: retrieval, then the first
quote. Beside it the usual way: the sentence nearest to the question in the first passage.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.sets import Question, load
from benchmarks.vectors import RememberingEncoder
from index.build import assemble
from index.encoder import SentenceTransformerEncoder
from qa.confidence import PASSAGES_READ
from qa.evaluation.metrics.text import holds
from qa.evidence import evidence
from qa.hit import Hit
from qa.retriever import Retriever


def main(bench: Annotated[Path, typer.Argument(help="The folder of question sets.")]) -> None:
    """Print the share of questions whose first quote holds a gold answer, ours and the usual."""
    encoder = RememberingEncoder(SentenceTransformerEncoder())
    questions = load(bench, "squad2")
    knowledge, _ = assemble(questions.documents, encoder)
    retriever = Retriever(knowledge, encoder)
    found = [(q, retriever.retrieve(q.text, PASSAGES_READ)) for q in questions.answerable]
    print(f"squad2, {len(found)} answerable questions: the first quote holds a gold answer")
    print(f"nearest sentence, first passage  {_share(found, _nearest):.3f}")
    print(f"ours                             {_share(found, _ours):.3f}")


def _ours(hits: tuple[Hit, ...]) -> str:
    return evidence(hits)[0].text


def _nearest(hits: tuple[Hit, ...]) -> str:
    cosines = [match.cosine for match in hits[0].sentences]
    return hits[0].passage.sentence(cosines.index(max(cosines)))


def _share(
    found: list[tuple[Question, tuple[Hit, ...]]], quote: Callable[[tuple[Hit, ...]], str]
) -> float:
    right = [holds(quote(hits), question.answers) for question, hits in found]
    return sum(right) / len(right)


if __name__ == "__main__":
    typer.run(main)
