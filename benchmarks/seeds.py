"""Sixty questions about the seeds, half of them on topic and not answered: what becomes of each.

python -m benchmarks.seeds

Nothing was tuned on them.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from benchmarks.retrieval import auroc
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import assemble
from index.readers.folder import read_folder
from qa.answer import Answer
from qa.answerer import Answerer
from qa.evaluation.metrics.text import holds

SEEDS = Path("seeds")
QUESTIONS = Path("tests/data/seed_questions.jsonl")
KINDS = ("right", "wrong", "ask back", "silent")


def main() -> None:
    """Print the matrix, the AUROC, and the questions that went wrong."""
    asked = [*answered()]
    print_matrix(asked)
    for question, answer in asked:
        kind = outcome(question, answer)
        if kind == "wrong" or (question["answerable"] and kind != "right"):
            said = answer.quotes[0].text if answer.quotes else ""
            print(f"{kind:9} {answer.confidence:.2f}  {question['question']}  {said[:90]}")


def answered() -> Iterator[tuple[dict[str, Any], Answer]]:
    """Each question with its answer."""
    encoder = RememberingEncoder(open_encoder(prepare=True))
    knowledge, _ = assemble(read_folder(SEEDS).documents, encoder)
    answerer = Answerer(knowledge, encoder)
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        yield question, answerer.answer(question["question"])


def outcome(question: dict[str, Any], answer: Answer) -> str:
    """Right where a quote holds the expected answer; any answer to the unanswerable is wrong."""
    if answer.status != "answered":
        return "ask back" if answer.status == "ask_back" else "silent"
    expected = question.get("expected_answer", "")
    return "right" if expected and holds(answer.text, [expected]) else "wrong"


def print_matrix(asked: list[tuple[dict[str, Any], Answer]]) -> None:
    """What became of the answerable and of the unanswerable."""
    print(f"{'seeds':14}", *(kind.rjust(9) for kind in KINDS))
    for answerable in (True, False):
        rows = [(q, a) for q, a in asked if q["answerable"] is answerable]
        counts = Counter(outcome(*row) for row in rows)
        label = "answerable" if answerable else "unanswerable"
        print(f"{label:14}", *(str(counts[kind]).rjust(9) for kind in KINDS))
    sure = {
        kind: [a.confidence for q, a in asked if q["answerable"] is kind] for kind in (True, False)
    }
    print(f"AUROC {auroc(sure[True], sure[False]):.3f}")


if __name__ == "__main__":
    typer.run(main)
