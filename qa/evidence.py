"""Hits to the words that answer: which sentences to quote, as spans of their passages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.lexical import stems
from qa.hit import Hit, Match

# A sentence's worth: its cosine with the question, how much of the question's words it holds, and
# how well its passage fits. On squad2 (1,500 questions) the best sentence by this sum holds the
# gold answer for .755, by the cosine alone, in the first passage, for .691.
COVERAGE_WEIGHT = 0.5
PASSAGE_WEIGHT = 2.0
# Another document is quoted beside the first where its own words fit about as well.
SECOND_MARGIN = 0.12
MAX_QUOTES = 3
# An FAQ answer up to this length is quoted whole: it was written to be read whole.
WHOLE_CHARS = 700


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
    """What to quote from `hits`, most telling first: one span a document, at most MAX_QUOTES.

    Nothing where there are no hits.
    """
    return tuple(_distinct(sorted(map(_best, hits), key=lambda one: -one.worth)))[:MAX_QUOTES]


def _best(hit: Hit) -> Evidence:
    """The best sentence of a hit, or the whole of an FAQ entry that was found by its question."""
    spans = hit.passage.sentences
    fits = [_fit(match) for match in hit.sentences]
    best = max(range(len(fits)), key=fits.__getitem__)
    if hit.question and len(hit.passage.text) <= WHOLE_CHARS and _fit(hit.question) >= fits[best]:
        return Evidence(hit, spans[0][0], spans[-1][1], _fit(hit.question))
    return Evidence(hit, *spans[best], fits[best])


def _fit(match: Match) -> float:
    return match.cosine + COVERAGE_WEIGHT * match.coverage


def _distinct(found: Sequence[Evidence]) -> Iterator[Evidence]:
    """The first, and those close to it that come from further documents and say something else."""
    documents: set[str] = set()
    texts: set[tuple[str, ...]] = set()
    for one in found:
        said = tuple(stems(one.text))
        if found[0].fit - one.fit > SECOND_MARGIN:
            continue
        if one.hit.passage.document_id in documents or said in texts:
            continue
        documents.add(one.hit.passage.document_id)
        texts.add(said)
        yield one
