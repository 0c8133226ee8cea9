"""Answered, silent or wrong: sixty questions on the seeds, half of them not answered there.

python -m benchmarks.seeds

Nothing is tuned on these; they show what to expect of a small corpus and on-topic questions.
"""

import json
import tempfile
from pathlib import Path

import typer

import qa
from index.build import build
from index.encoder import SentenceTransformerEncoder

QUESTIONS = Path("tests/data/seed_questions.jsonl")


def main() -> None:
    """Print the matrix, then each question that went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path("seeds"), Path(folder) / "kb", SentenceTransformerEncoder())
        answerer = qa.load(Path(folder) / "kb")
    cases = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    counts = dict.fromkeys(["right", "silent", "wrong", "rightly silent", "wrongly answered"], 0)
    for case in cases:
        answer = answerer.answer(case["question"])
        outcome = _outcome(case["answerable"], case["gold"], answer)
        counts[outcome] += 1
        if outcome in ("wrong", "wrongly answered"):
            print(f"{outcome}: {case['question']} → {answer.quotes[0].text[:80]}")
    print(f"\n{len(cases)} questions: " + ", ".join(f"{n} {what}" for what, n in counts.items()))


def _outcome(answerable: bool, gold: str, answer: qa.Answer) -> str:
    """Right: the first quote holds the words that tell."""
    if not answerable:
        return "wrongly answered" if answer.answered else "rightly silent"
    if not answer.answered:
        return "silent"
    return "right" if gold.lower() in answer.quotes[0].text.lower() else "wrong"


if __name__ == "__main__":
    typer.run(main)
