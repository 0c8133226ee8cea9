"""Hits to the words that answer: which sentences to quote, as spans of their passages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.lexical import stems
from qa.hit import Hit, Match

# A sentence's worth: its cosine with the question, how much of the question's words it holds, how
# near it comes to each token, the least met above all, and how well its passage fits. Of 24 such
# sums this does best on squad2: the best sentence holds a gold answer for .800 of 600 questions.
# Without its tokens .752; the nearest sentence of the first passage .685 (`benchmarks.evidence`).
COVERAGE_WEIGHT = 0.5
WORDING_WEIGHT = 2.0
WEAKEST_WEIGHT = 0.5
PASSAGE_WEIGHT = 1.0
# Another passage is quoted beside the first where its own words fit about as well. This and the two
# numbers below are a reader's judgement; no set measures them yet.
SECOND_MARGIN = 0.3
MAX_QUOTES = 3
# An FAQ answer up to this length is quoted whole: it was written to be read whole.
WHOLE_CHARS = 700
_QUESTION_MARKS = ("?", "？", "؟")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words worth quoting: `hit.passage.text[start:end]`.

    `fit` is how well they meet the question by themselves; `worth` counts their passage too.
    """

    hit: Hit
    start: int
    end: int
    fit: float

    @property
    def worth(self) -> float:
        """What orders the evidence for one question."""
        return self.fit + PASSAGE_WEIGHT * self.hit.score

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.hit.passage.text[self.start : self.end]


def evidence(hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """What to quote from `hits`, most telling first: one span a passage, at most MAX_QUOTES.

    Nothing where there are no hits, or where they hold questions alone: those answer nothing.
    """
    found = [one for hit in hits if (one := _best(hit))]
    return tuple(_distinct(sorted(found, key=lambda one: -one.worth)))[:MAX_QUOTES]


def _best(hit: Hit) -> Evidence | None:
    """The best statement of a hit, or the whole of an FAQ entry that was found by its question."""
    passage = hit.passage
    fits = statements(hit)
    if not fits:
        return None
    best = max(fits, key=fits.__getitem__)
    if hit.question and len(passage.text) <= WHOLE_CHARS and fit(hit.question) >= fits[best]:
        start, end = passage.sentences[0][0], passage.sentences[-1][1]
        return Evidence(hit, start, end, fit(hit.question))
    return Evidence(hit, *passage.sentences[best], fits[best])


def statements(hit: Hit) -> dict[int, float]:
    """The numbers of a hit's sentences that are no questions, each with its fit."""
    return {
        number: fit(match)
        for number, match in enumerate(hit.sentences)
        if not hit.passage.sentence(number).endswith(_QUESTION_MARKS)
    }


def fit(match: Match) -> float:
    """How well a sentence or an FAQ question meets the question by itself."""
    return (
        match.cosine
        + COVERAGE_WEIGHT * match.coverage
        + WORDING_WEIGHT * match.wording
        + WEAKEST_WEIGHT * match.weakest
    )


def _distinct(found: Sequence[Evidence]) -> Iterator[Evidence]:
    """The first, and those of further passages that fit about as well and say something else."""
    texts: set[tuple[str, ...]] = set()
    for one in found:
        said = tuple(stems(one.text))
        if said not in texts and found[0].fit - one.fit <= SECOND_MARGIN:
            texts.add(said)
            yield one
