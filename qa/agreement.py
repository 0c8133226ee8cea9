"""Where statements of different documents give different values for what was asked."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from index.documents import Document
from index.lexical import content_stems
from qa import evidence
from qa.dates import sought_date
from qa.hit import Hit
from qa.names import sought_name
from qa.quantities import sought_quantity
from qa.values import Candidate, Question, Sought, met, stem, tokens

# Recall on ramdocs and false alarms on squad2 are by `python -m benchmarks.agreement`.
# Sentences of a passage that are compared, those that fit best. 1, 3, 6, 8: recall .35, .47, .49,
# .49; false alarms .007, .018, .020, .020.
STATEMENTS = 6
# The share of the question's words, and of its names, that a statement and its context hold.
# TOPIC .5, .6, .7, .8: .49, .49, .43, .36; .020, .020, .015, .012 (on clapnq .013, then none).
# NAMES .5, .7, .9: .53, .50, .49; .023, .020, .020, and two of the labelled answers are shown by
# .77, .81, .81 of the notices.
TOPIC = 0.6
NAMES = 0.9
# A document whose likeliest value fits worse than the best one's by more, that is by a word of what
# is asked, is about another matter. 0, 1, 2: .44, .49, .49; .010, .020, .022.
LEEWAY = 1.0
# Characters on either side of a passage that tell what it is about: an article names its subject
# once and goes on with "the zone". A judgement; the sets' documents are too short to measure it.
AROUND = 2_000
# The share of a yes-or-no question's words that a statement repeats to be an answer to it.
ECHO = 0.8

# Words that pick one of several: "the last time" is not any time, so a statement must say it too.
_ORDERING = frozenset(map(stem, ("first", "last", "latest", "earliest", "next", "second", "third")))

# Words that open a question to be answered by yes or no, and those that say no.
_OPENING = "is are was were do does did can could will would should may must has have"
_AUXILIARIES = frozenset(_OPENING.split())
_DENYING = (
    "not no never cannot isn aren wasn weren don doesn didn won wouldn shouldn mustn hasn haven"
)
_NEGATIONS = frozenset(_DENYING.split())


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement found for a question, and the document it stands in.

    `context` is what surrounds it there, with its title. It tells what the statement is about; no
    value is taken from it.
    """

    text: str
    document: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Valued:
    """A value as a source writes it, and the places of the claims that give it."""

    value: str
    claims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two values or more for one thing, in the order of the claims.

    `about` says what they are: a date, name, place, number, amount, width, area, answer.
    """

    about: str
    values: tuple[Valued, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """A value in a claim, and the share of the question's words that the claim holds."""

    candidate: Candidate
    claim: int
    share: float

    @property
    def about(self) -> str:
        return self.candidate.about

    @property
    def fit(self) -> float:
        return self.candidate.fit

    def agrees(self, other: "_Given") -> bool:
        return self.candidate.value.agrees(other.candidate.value)


def _rank(given: _Given) -> tuple[float, ...]:
    return given.fit, given.share, -given.claim, -given.candidate.distance


# What a document gives: its likeliest value, then those that the same claim gives as well.
_Source = tuple[_Given, ...]


def statements(hit: Hit) -> tuple[int, ...]:
    """The numbers of a hit's sentences to compare with others', those that fit best first."""
    fits = evidence.statements(hit)
    return tuple(sorted(fits, key=lambda number: -fits[number])[:STATEMENTS])


def claim(hit: Hit, number: int, document: Document) -> Claim:
    """What a sentence of a hit claims; its context is the passage with what stands around it."""
    passage = hit.passage
    around = document.text[max(0, passage.start - AROUND) : passage.end + AROUND]
    return Claim(passage.sentence(number), document.id, f"{passage.encoded_text}\n{around}")


def differences(question: str, claims: Sequence[Claim]) -> tuple[Disagreement, ...]:
    """What sources disagree on: different values in claims of different documents; often nothing.

    Two documents agree if the likeliest value of one is among the other's; one whose claims hold no
    value that answers says nothing. Claims need not come from passages that would be quoted: those
    that speak of something else are left out here.
    """
    groups = _groups(_sources(question, claims))
    if len(groups) < 2:
        return ()
    values = tuple(_valued(claims, group) for group in groups)
    return (Disagreement(groups[0][0][0].about, values),)


def agreed(question: str, claims: Sequence[Claim]) -> bool:
    """Whether two documents or more give a value, and all the same."""
    groups = _groups(_sources(question, claims))
    return len(groups) == 1 and len(groups[0]) > 1


def _valued(claims: Sequence[Claim], group: Sequence[_Source]) -> Valued:
    first = group[0][0]
    same = (given.claim for source in group for given in source if given.agrees(first))
    value = first.candidate.value
    text = claims[first.claim].text[value.start : value.end]
    return Valued(text, tuple(sorted({*same})))


def _groups(sources: Sequence[_Source]) -> list[list[_Source]]:
    """The documents by what they say: each agrees with another of its group, with none outside."""
    groups: list[list[_Source]] = []
    for source in sources:
        same = [group for group in groups if any(_agree(source, other) for other in group)]
        groups = [group for group in groups if group not in same]
        groups.append([*(other for group in same for other in group), source])
    return sorted(groups, key=lambda group: group[0][0].claim)


def _agree(one: _Source, other: _Source) -> bool:
    return any(one[0].agrees(given) for given in other) or any(map(other[0].agrees, one))


def _sources(question: str, claims: Sequence[Claim]) -> list[_Source]:
    """What each document gives for an answer, in the order of the claims."""
    read = Question.read(question, (claim.text for claim in claims))
    sought = _sought(question, read)
    if sought is None:
        return []
    asked = frozenset(content_stems(question))
    found: dict[str, list[_Given]] = {}
    for place, claim in enumerate(claims):
        own = met(asked, claim.text)
        whole = own | met(asked, claim.context)
        if not (asked & _ORDERING) <= own or _share(read.names, whole) < NAMES:
            continue
        if _share(asked - sought.implied, whole) < TOPIC:
            continue
        for candidate in sought.found(claim.text):
            given = _Given(candidate, place, _share(asked, own))
            found.setdefault(claim.document, []).append(given)
    return _rivals(found.values())


def _share(asked: frozenset[str], held: frozenset[str]) -> float:
    """The share of some stems that others hold; all of none."""
    return len(asked & held) / len(asked) if asked else 1.0


def _rivals(found: Collection[Sequence[_Given]]) -> list[_Source]:
    """The documents that give the same kind of thing as the likeliest value, and fit about as well.

    Each has its likeliest value, then those that fit as well in the same claim.
    """
    best = max((given for source in found for given in source), key=_rank, default=None)
    if best is None:
        return []
    alike = ([given for given in source if given.about == best.about] for source in found)
    sources = [_source(source) for source in alike if source]
    return [source for source in sources if source[0].fit >= best.fit - LEEWAY]


def _source(found: Sequence[_Given]) -> _Source:
    first = max(found, key=_rank)
    also = (given for given in found if given.claim == first.claim and given.fit >= first.fit)
    return (first, *(given for given in also if given is not first))


def _sought(text: str, question: Question) -> Sought | None:
    return (
        sought_quantity(text, question)
        or sought_date(text, question)
        or sought_name(text, question)
        or _yes_or_no(text, question)
    )


def _yes_or_no(text: str, question: Question) -> "_SoughtAnswer | None":
    if not question.words or question.words[0] not in _AUXILIARIES:
        return None
    return _SoughtAnswer(frozenset(content_stems(text)), not _NEGATIONS.isdisjoint(question.words))


@dataclass(frozen=True, slots=True)
class _Answer:
    """A whole statement that says yes or `no`."""

    start: int
    end: int
    no: bool

    def agrees(self, other: "_Answer") -> bool:
        """Whether both say the same."""
        return self.no == other.no


@dataclass(frozen=True, slots=True)
class _SoughtAnswer:
    """Yes or no to these stems; `negated` where the question itself has a "not"."""

    asked: frozenset[str]
    negated: bool

    @property
    def implied(self) -> frozenset[str]:
        """See `Sought`."""
        return frozenset()

    def found(self, text: str) -> Iterator[Candidate]:
        """The statement, where it says what is asked or its contrary and little else."""
        own = content_stems(text)
        held = self.asked.intersection(own)
        more = sum(word not in self.asked for word in own)
        if len(held) >= 2 and len(held) >= ECHO * len(self.asked) and more <= len(held):
            no = self._denies(text) != self.negated
            yield Candidate(_Answer(0, len(text), no), "answer", 1.0)

    def _denies(self, text: str) -> bool:
        """Whether a "not" stands close before a word that is asked, or a "No" at the start."""
        read = [token.text for token in tokens(text) if token.text[0].isalpha()]
        denied = (
            stem(word) in self.asked
            for place, other in enumerate(read)
            if other in _NEGATIONS
            for word in read[place + 1 : place + 4]
        )
        return read[:1] == ["no"] or any(denied)
