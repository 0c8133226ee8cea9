"""The words a reader would underline: does the first quote hold them, and how much else?

python -m benchmarks.evidence ../shared/bench

End to end over answerable questions, nobody abstaining: retrieval, then the quotes. On squad2 a
quote is right that holds a gold answer. A quote of several sentences holds more than one, so the
best sentence by itself is printed first; the usual way is the sentence nearest to the question in
the first passage. On clapnq people selected the sentences that answer.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.sets import Question, load, records
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import assemble
from index.encoder import Encoder
from index.lexical import words
from qa import evidence as weighed
from qa.answer_type import expected
from qa.confidence import PASSAGES_READ
from qa.evaluation.metrics.text import holds
from qa.evidence import evidence, statements
from qa.hit import Hit
from qa.retriever import Retriever

Hits = tuple[Hit, ...]
Found = list[tuple[Question, Hits]]
Quoting = Callable[[str, Hits], list[str]]  # a question and its hits to sentences
PARTS = ("cosine", "coverage", "wording", "weakest", "kind", "passage")
_SHOWN = 5  # examples of hits, and as many of misses


@dataclass(frozen=True, slots=True)
class Overlap:
    """How the quoted sentences and those that were selected meet: shares, 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / ((self.precision + self.recall) or 1.0)


def main(bench: Annotated[Path, typer.Argument(help="The folder of question sets.")]) -> None:
    """Print what quotes hold on squad2 and clapnq, ours beside simpler ways."""
    encoder = RememberingEncoder(open_encoder(prepare=True))
    _print_squad(_found(bench, "squad2", encoder))
    rows = records(bench / "clapnq" / "queries.jsonl")
    selected = {row["text"]: row.get("selected_sentences", []) for row in rows}
    _print_clapnq(_found(bench, "clapnq", encoder), selected)


def _found(bench: Path, name: str, encoder: Encoder) -> Found:
    questions = load(bench, name)
    retriever = Retriever(assemble(questions.documents, encoder)[0], encoder)
    return [(q, retriever.retrieve(q.text, PASSAGES_READ)) for q in questions.answerable]


def best_sentences(bench: Path, encoder: Encoder) -> tuple[float, float]:
    """The share of squad2's questions where one sentence holds a gold answer: the usual, ours."""
    found = _found(bench, "squad2", encoder)
    return _holding(found, _nearest), _holding(found, _best)


@contextmanager
def without(name: str) -> Iterator[None]:
    """Evidence as it would be if one part of a sentence's worth counted nothing."""
    weight = f"{name.upper()}_WEIGHT"
    kept = getattr(weighed, weight)
    setattr(weighed, weight, 0.0)
    try:
        yield
    finally:
        setattr(weighed, weight, kept)


def _holding(found: Found, quoting: Quoting) -> float:
    return float(np.mean([_right(quoting, *one) for one in found]))


def _right(quoting: Quoting, question: Question, hits: Hits) -> bool:
    return holds(" ".join(quoting(question.text, hits)), question.answers)


def _nearest(_: str, hits: Hits) -> list[str]:
    cosines = [match.cosine for match in hits[0].sentences]
    return [hits[0].passage.sentence(cosines.index(max(cosines)))]


def _whole(_: str, hits: Hits) -> list[str]:
    return [hits[0].passage.sentence(number) for number in range(len(hits[0].sentences))]


def _best(question: str, hits: Hits) -> list[str]:
    """The sentence of greatest worth, by itself."""
    worth = {
        (place, number): fit + weighed.PASSAGE_WEIGHT * hit.score
        for place, hit in enumerate(hits)
        for number, fit in statements(hit, expected(question)).items()
    }
    place, number = max(worth, key=worth.__getitem__)
    return [hits[place].passage.sentence(number)]


def _first(question: str, hits: Hits) -> list[str]:
    """The sentences of the first quote."""
    one = evidence(hits, question)[0]
    spans = one.hit.passage.sentences
    return [one.hit.passage.text[a:b] for a, b in spans if one.start <= a and b <= one.end]


WAYS: dict[str, Quoting] = {
    "nearest sentence, first passage": _nearest,
    "whole first passage": _whole,
    "ours, best sentence": _best,
    "ours, first quote": _first,
}


def _print_squad(found: Found) -> None:
    print(f"squad2, {len(found)} answerable questions: it holds a gold answer")
    print(f"{'':32}  share  characters")
    for name, quoting in WAYS.items():
        quotes = [" ".join(quoting(question.text, hits)) for question, hits in found]
        print(f"{name:32}   {_holding(found, quoting):.3f}  {np.mean([*map(len, quotes)]):10.0f}")
    several = [len(_first(question.text, hits)) > 1 for question, hits in found]
    print(f"first quotes of several sentences: {np.mean(several):.3f}")
    for name in PARTS:
        with without(name):
            print(f"best sentence without {name:10} {_holding(found, _best):.3f}")


def _print_clapnq(found: Found, selected: dict[str, list[list[str]]]) -> None:
    print(f"\nclapnq, {len(found)} answerable questions: sentences against those selected")
    print(f"{'':32}  precision  recall     F1")
    for name, quoting in WAYS.items():
        each = [overlap(quoting(q.text, hits), selected[q.text]) for q, hits in found]
        shares = np.mean([(one.precision, one.recall, one.f1) for one in each], axis=0)
        print(f"{name:32}      {shares[0]:.3f}   {shares[1]:.3f}  {shares[2]:.3f}")
    _print_examples(found, selected)


def overlap(quoted: Sequence[str], selected: Sequence[Sequence[str]]) -> Overlap:
    """Against the annotator who agrees most; sentences meet where one's words hold the other's.

    A list for each annotator; those who selected nothing are left out.
    """
    ours = [_plain(sentence) for sentence in quoted]
    lists = [[_plain(sentence) for sentence in one] for one in selected if one]
    each = [Overlap(_share(ours, gold), _share(gold, ours)) for gold in lists]
    return max(each, key=lambda one: one.f1, default=Overlap(0.0, 0.0))


def _plain(sentence: str) -> str:
    return f" {' '.join(words(sentence))} "


def _share(some: Sequence[str], others: Sequence[str]) -> float:
    """The share of some sentences that are, but for where they are cut, among others."""
    among = [any(one in other or other in one for other in others) for one in some]
    return sum(among) / len(among)


def _print_examples(found: Found, selected: dict[str, list[list[str]]]) -> None:
    shown = {True: 0, False: 0}
    for question, hits in found:
        quoted = _first(question.text, hits)
        right = overlap(quoted, selected[question.text]).f1 > 0
        if shown[right] == _SHOWN:
            continue
        shown[right] += 1
        gold = " ".join(next(one for one in selected[question.text] if one))
        print(f"\n{'hit' if right else 'miss'}: {question.text}")
        print(f"  ours: {' '.join(quoted)}\n  gold: {gold}")


if __name__ == "__main__":
    typer.run(main)
