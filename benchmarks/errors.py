"""What still goes wrong, by kind, with counts and examples.

python -m benchmarks.errors ../shared/bench

End to end, as a site would run it: retrieval, the decision at the shipped line, the quotes.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.sets import Question, QuestionSet, load
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import assemble
from index.encoder import Encoder
from qa.answerer import Answerer, Explained
from qa.evaluation.metrics.text import holds

SETS = ("squad2", "clapnq", "covid-faq-en", "hint3-curekart", "mtrag", "cast21")
SHORT_ANSWERS = ("squad2",)  # the sets whose gold answers are words that one sentence holds
EXAMPLES = 3
KINDS = (
    "right",
    "right document not among ten",
    "another document first, answered",
    "another document first, silent",
    "right document first, silent",
    "right document first, another quoted first",
    "right document first, a quote without the gold answer",
    "rightly silent",
    "no answer, answered",
)


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    sets: Annotated[str, typer.Option(help="Which, comma-separated.")] = ",".join(SETS),
) -> None:
    """Print for each set how often what happens."""
    encoder = RememberingEncoder(open_encoder(prepare=True))
    for name in sets.split(","):
        found = defaultdict(list)
        for kind, line in _kinds(load(bench, name), encoder):
            found[kind].append(line)
        print(f"\n{name}: {sum(map(len, found.values()))} questions")
        for kind in (kind for kind in KINDS if found[kind]):
            print(f"  {len(found[kind]):4} {kind}")
            if "right" != kind != "rightly silent":
                _print_examples(found[kind])


def _print_examples(lines: list[str]) -> None:
    for line in lines[:: max(1, len(lines) // EXAMPLES)][:EXAMPLES]:
        print(f"         {line}")


def _kinds(questions: QuestionSet, encoder: Encoder) -> Iterator[tuple[str, str]]:
    knowledge, _ = assemble(questions.documents, encoder)
    answerer = Answerer(knowledge, encoder)
    for question in (*questions.answerable, *questions.unanswerable):
        (found,) = answerer.explain_each([question.text], histories=[question.history])
        asked = found.answer.answering or question.text
        said = found.answer.quotes[0].text if found.answer.quotes else "–"
        if questions.name not in SHORT_ANSWERS:
            question = replace(question, answers=())
        yield _kind(question, found), f"{found.answer.confidence:.2f} {asked[:90]} → {said[:90]}"


def _kind(question: Question, found: Explained) -> str:
    answer = found.answer
    if not question.relevant:
        return "no answer, answered" if answer.answered else "rightly silent"
    documents = [hit.passage.document_id for hit in found.hits]
    if question.relevant.isdisjoint(documents):
        return "right document not among ten"
    if documents[0] not in question.relevant:
        return f"another document first, {'answered' if answer.answered else 'silent'}"
    if not answer.answered:
        return "right document first, silent"
    if answer.citations[0].document not in question.relevant:
        return "right document first, another quoted first"
    if question.answers and not holds(answer.quotes[0].text, question.answers):
        return "right document first, a quote without the gold answer"
    return "right"


if __name__ == "__main__":
    typer.run(main)
