"""Where statements of different documents give different values for what was asked."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from index.documents import Document
from index.lexical import content_stems
from qa import evidence
from qa.dates import sought_date, stated_date
from qa.hit import Hit
from qa.measures import sought_quantity, stated_quantity
from qa.names import sought_name
from qa.values import NEGATIONS, Candidate, Question, Sought, met, stem, tokens
from qa.wording import clauses, mended

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

# Words that open a question to be answered by yes or no.
_OPENING = "is are was were do does did can could will would should may must has have"
_AUXILIARIES = frozenset(_OPENING.split())


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


def claims_of(hit: Hit, numbers: Sequence[int], document: Document) -> list[Claim]:
    """What sentences of a hit claim; their context is the passage with what stands around it."""
    passage = hit.passage
    around = document.text[max(0, passage.start - AROUND) : passage.end + AROUND]
    context = f"{passage.encoded_text}\n{around}"
    return [Claim(passage.sentence(number), document.id, context) for number in numbers]


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
    sought = _sought(question, claims)
    if sought is None:
        return []
    topic = sought.question.topic
    names = sought.question.names - sought.implied
    about = topic - sought.implied or topic
    found: dict[str, list[_Given]] = {}
    for place, claim in enumerate(claims):
        candidates = [*sought.found(claim.text)]
        if not candidates:  # most: neither its words nor the context need to be read
            continue
        own = met(topic, claim.text)
        if not (topic & _ORDERING) <= own:
            continue
        whole = own | met(topic, claim.context)
        if _share(names, whole) < NAMES or _share(about, whole) < TOPIC:
            continue
        given = (_Given(candidate, place, _share(topic, own)) for candidate in candidates)
        found.setdefault(claim.document, []).extend(given)
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


def _sought(question: str, claims: Sequence[Claim]) -> Sought | None:
    """What a message asks for or else what it states, by the first of its clauses that does."""
    texts = tuple(claim.text for claim in claims)
    parts = clauses(mended(question, texts, {claim.context for claim in claims}))
    read = [(part, Question.read(part.text, texts, part.lead)) for part in parts]
    asked = (
        sought_quantity(*one) or sought_date(*one) or sought_name(one[0].text, one[1])
        for one in read
    )
    stated = (stated_quantity(part, texts) or stated_date(part, texts) for part in parts)
    answers = (_yes_or_no(one) for _, one in read)
    return next(filter(None, chain(asked, stated, answers)), None)


def _yes_or_no(question: Question) -> "_SoughtAnswer | None":
    return _SoughtAnswer(question) if _AUXILIARIES.intersection(question.words[:1]) else None


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
    """Yes or no to what is asked."""

    question: Question

    @property
    def implied(self) -> frozenset[str]:
        """See `Sought`."""
        return frozenset()

    def found(self, text: str) -> Iterator[Candidate]:
        """The statement, where it says what is asked or its contrary and little else."""
        own, asked = content_stems(text), self.question.topic
        held = asked.intersection(own)
        more = sum(word not in asked for word in own)
        if len(held) >= 2 and len(held) >= ECHO * len(asked) and more <= len(held):
            no = self._denies(text) == NEGATIONS.isdisjoint(self.question.words)
            yield Candidate(_Answer(0, len(text), no), "answer", 1.0)

    def _denies(self, text: str) -> bool:
        """Whether a "not" stands close before a word that is asked, or a "No" at the start."""
        read = [token.text for token in tokens(text) if token.text[0].isalpha()]
        denied = (
            stem(word) in self.question.topic
            for place, other in enumerate(read)
            if other in NEGATIONS
            for word in read[place + 1 : place + 4]
        )
        return read[:1] == ["no"] or any(denied)
