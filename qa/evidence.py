"""Hits to the words that answer: which sentences to quote, as spans of their passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.lexical import words
from index.passages import Passage
from index.sentences import Span
from qa.answer_type import Kind, expected, given, holds, states
from qa.diversity import distinct
from qa.hit import Hit, Match

# A sentence's worth: its cosine with the question, how much of the question's words it holds, how
# near it comes to each token, the least met above all, whether it holds the kind of thing that is
# asked for, and how well its passage fits. Chosen among 864 such sums by the 2,419 answerable
# questions of squad2 that `benchmarks.evidence` leaves out, where the best sentence holds a gold
# answer for .828 (before: .818; without the kind: .827), and by the precision of the first on
# clapnq, .768. Without the cosine that is .742, for .829 on squad2.
COSINE_WEIGHT = 0.25
COVERAGE_WEIGHT = 1.0
WORDING_WEIGHT = 3.0
WEAKEST_WEIGHT = 1.0
KIND_WEIGHT = 0.2
PASSAGE_WEIGHT = 1.0
# Another passage is quoted beside the first where its own words fit about as well. By 0, .15, .3,
# .4 some quote holds a gold answer for .850, .860, .868, .873 of 600 questions of squad2; the
# precision of all quotes on clapnq is .721, .699, .690, .682.
SECOND_MARGIN = 0.3
MAX_QUOTES = 3
# Sentences beside the best one that fit about as well are quoted with it, in the end the whole
# paragraph. By none, .2, .3, .4, .5, .7 the F1 of the first quote on clapnq is .478, .498, .512,
# .520, .539, .553, its precision .748, .734, .725, .724, .730, .706. Of squad2's first quotes,
# where one sentence would mostly do, .060, .123, .150, .177, .210, .288 then have several. To quote
# the whole of a paragraph where no sentence stands out gained less for as many characters.
BESIDE_MARGIN = 0.4
# An FAQ answer up to SHORT_CHARS is quoted whole, for a sentence cut from it may lose the exception
# that the next one makes; up to WHOLE_CHARS where its question fits as well as any sentence. No
# quote of several sentences is longer. A reader's judgement.
SHORT_CHARS = 300
WHOLE_CHARS = 700
PARAGRAPH = "\n\n"  # stands between two
# What opens an English sentence that is about something named before it.
_LINKS = frozenset({"and", "also", "but", "however", "yet", "so", "then", "thus", "later"})
_PRONOUNS = frozenset({"he", "she", "it", "they", "him", "her", "his", "its", "them", "their"})
_LEANING = _PRONOUNS | {"this", "these", "those", "such", "both"}
_LEAD_CHARS = 60  # what stands before "he" in "In the spring of 1950, he"


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


def evidence(
    hits: Sequence[Hit], question: str = "", most: int = MAX_QUOTES
) -> tuple[Evidence, ...]:
    """What to quote from `hits`, most telling first: one span a passage, at most `most`.

    Nothing where there are no hits, or where they hold questions alone: those answer nothing.
    """
    kind = expected(question)
    found = [one for hit in hits if (one := _best(hit, kind))]
    found.sort(key=lambda one: -one.worth)
    near = (one for one in found if found[0].fit - one.fit <= SECOND_MARGIN)
    return tuple(distinct(near, lambda one: one.text))[:most]


def _best(hit: Hit, kind: Kind | None) -> Evidence | None:
    """The best statement of a hit, or all of an FAQ entry that is short or fits by its question."""
    passage = hit.passage
    fits = statements(hit, kind)
    if not fits:
        return None
    best = max(fits, key=fits.__getitem__)
    if hit.question and len(passage.text) <= WHOLE_CHARS:
        whole = fit(hit.question) + KIND_WEIGHT * (kind is not None and given(kind, passage))
        if whole >= fits[best] or len(passage.text) <= SHORT_CHARS:
            start, end = passage.sentences[0][0], passage.sentences[-1][1]
            return Evidence(hit, start, end, max(whole, fits[best]))
    return Evidence(hit, *_span(passage, fits, best), fits[best])


def statements(hit: Hit, kind: Kind | None = None) -> dict[int, float]:
    """The numbers of a hit's sentences that are no questions, each with its fit.

    One that holds the `kind` of thing that is asked for fits better.
    """
    texts = map(hit.passage.sentence, range(len(hit.sentences)))
    return {
        number: fit(hit.sentences[number]) + KIND_WEIGHT * (kind is not None and holds(kind, text))
        for number, text in enumerate(texts)
        if states(text)
    }


def fit(match: Match) -> float:
    """How well a sentence or an FAQ question meets the question by itself."""
    return (
        COSINE_WEIGHT * match.cosine
        + COVERAGE_WEIGHT * match.coverage
        + WORDING_WEIGHT * match.wording
        + WEAKEST_WEIGHT * match.weakest
    )


def _span(passage: Passage, fits: Mapping[int, float], best: int) -> Span:
    """The best sentence with those beside it that fit about as well, or tell what it is about."""
    first, last = _widened(passage, fits, best)
    if leans_back(passage, first) and first - 1 in fits and _fits(passage, first - 1, last):
        first -= 1
    return passage.sentences[first][0], passage.sentences[last][1]


def _widened(passage: Passage, fits: Mapping[int, float], best: int) -> tuple[int, int]:
    """The first and the last of the sentences around the best one that fit about as well."""
    first = last = best
    while True:
        beside = [n for n in (first - 1, last + 1) if n in fits]
        near = [n for n in beside if fits[best] - fits[n] < BESIDE_MARGIN]
        if not near:
            return first, last
        nearest = max(near, key=fits.__getitem__)
        wider = min(first, nearest), max(last, nearest)
        if not _fits(passage, *wider):
            return first, last
        first, last = wider


def _fits(passage: Passage, first: int, last: int) -> bool:
    """Whether these sentences are short enough to quote together, and of one paragraph."""
    start, end = passage.sentences[first][0], passage.sentences[last][1]
    return end - start <= WHOLE_CHARS and PARAGRAPH not in passage.text[start:end]


def leans_back(passage: Passage, number: int) -> bool:
    """Whether a sentence is about "he", "it", "this", and the one before it in its paragraph tells.

    English alone; it looks at how the sentence opens: "But he", "In 1990, he".
    """
    if number == 0 or passage.text[: passage.sentences[number][0]].endswith(PARAGRAPH):
        return False
    sentence = passage.sentence(number)
    opening = [word for word in words(sentence[:_LEAD_CHARS]) if word not in _LINKS][:1]
    lead, comma, rest = sentence[:_LEAD_CHARS].partition(",")
    unnamed = not any(word[0].isupper() for word in lead.split()[1:])
    behind = words(rest)[:1] if comma and unnamed else []
    return not _LEANING.isdisjoint(opening) or not _PRONOUNS.isdisjoint(behind)
