"""What kind of thing a question asks for, and whether a sentence holds one.

English alone: a question in another language expects nothing. Nor does one that asks how, or to be
told yes or no: any statement may be its answer ("by", "through" and the like, taken for the sign of
a manner, cost 1 of 76 such questions of squad2).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from index.lexical import words
from index.passages import Passage
from qa.dates import dates
from qa.hit import Hit
from qa.names import names
from qa.quantities import Quantity, quantities
from qa.values import tokens

Kind = Literal["person", "place", "date", "year", "time", "number", "length", "age", "reason"]


def _by_word(*lines: tuple[Kind, str]) -> dict[str, Kind]:
    return {word: kind for kind, words_of_it in lines for word in words_of_it.split()}


_ASKING = _by_word(
    ("person", "who whom whose"),
    ("place", "where"),
    ("date", "when"),
    ("reason", "why"),
)
# Behind "what" or "which", and behind "how". What no line has expects nothing.
_NOUNS = _by_word(
    ("person", "person man woman"),
    ("place", "place location city town village country county state region continent"),
    ("date", "date day month decade century"),
    ("year", "year"),
    ("time", "time hour"),
    ("number", "number percentage population price cost"),
)
_MEASURES = _by_word(
    ("number", "many much big large fast heavy hot cold"),
    ("length", "long far tall high wide broad deep thick"),
    ("age", "old"),
)

_OPENING = frozenset({*_ASKING, "what", "which", "how"})
_AUXILIARIES = (
    "is are was were am do does did has have had can could may might must shall should will would"
)
_YES_OR_NO = frozenset(_AUXILIARIES.split())
_TELLING = frozenset({"tell", "know", "say", "explain"})  # "Can you tell me when …?" asks when

_HOUR = re.compile(r"\b\d{1,2}(:\d\d\b| ?[ap]\.? ?m\b)|\bo['’]clock\b", re.IGNORECASE)
_CLOCK = frozenset({"noon", "midnight", "midday"})
_CALENDAR = (
    "century centuries bc ad today now yesterday tomorrow ago monday tuesday wednesday thursday "
    "friday saturday sunday january february march april june july august september october "
    "november december spring summer autumn winter morning evening night dawn dusk during since "
    "until after before"
)
_TIMES = _CLOCK.union(_CALENDAR.split())
_LEADS = (
    "in at on near from to into of between along through within across around behind beside "
    "outside inside under above"
)
_LEADS_TO_PLACE = frozenset(_LEADS.split())
_PLACE_REACH = 3  # words from "in" to the name: in the old town of York
_BECAUSE = (
    "because due since so cause causes caused causing reason reasons therefore thus hence result "
    "results resulted owing"
)
_GIVES_REASON = frozenset(_BECAUSE.split())
READ_CHARS = 2_000
_QUESTION_MARKS = ("?", "？", "؟")


@lru_cache(maxsize=256)  # it is asked for each hit, and again for the evidence
def expected(question: str) -> Kind | None:
    """The kind of thing that a question asks for by its first question word; None for no kind.

    "When I am late, who opens?" asks who; "Can you open when I am late?" yes or no.
    """
    asked = words(question)
    before, _, behind = question.rpartition(",")
    if before and words(behind)[:1] and words(behind)[0] in _OPENING:
        asked = words(behind)
    if asked and asked[0] in _YES_OR_NO and _TELLING.isdisjoint(asked[:4]):
        return None
    for one, two in pairwise([*asked, ""]):
        if one in ("what", "which"):
            return _NOUNS.get(two)
        if one == "how":
            return _MEASURES.get(two)
        if one in _ASKING:
            return _ASKING[one]
    return None


@lru_cache(maxsize=2_000)  # the confidence asks it, then the evidence; and other questions again
def holds(kind: Kind, sentence: str) -> bool:
    """Whether a sentence says something of a kind, be it the answer or not.

    Of a table's row, which may have any length, the first READ_CHARS are looked at.
    """
    return _HOLDS[kind](sentence[:READ_CHARS])


def states(sentence: str) -> bool:
    """Whether a sentence is no question."""
    return not sentence.endswith(_QUESTION_MARKS)


def given(kind: Kind, passage: Passage) -> bool:
    """Whether any statement of a passage holds something of a kind."""
    sentences = map(passage.sentence, range(len(passage.sentences)))
    return any(states(sentence) and holds(kind, sentence) for sentence in sentences)


def supported(question: str, hit: Hit) -> bool | None:
    """Whether a hit gives the kind of thing that a question asks for; None where it asks for none.

    In a large corpus hardly a sign: the best hit does for .95 of the answerable questions of squad2
    that ask for a kind and for .95 of the others, on clapnq for .87 and .88; on mtrag, for .85 and
    .67.
    """
    kind = expected(question)
    return None if kind is None else given(kind, hit.passage)


def _person(sentence: str) -> bool:
    """A name; one word that opens a sentence may be any."""
    return any(name.start > 0 or len(name.words) > 1 for name in names(sentence))


def _place(sentence: str) -> bool:
    """A name behind a word such as "in", which may begin the sentence and its name."""
    named = names(sentence)
    starts = {name.start for name in named}
    read = tokens(sentence)
    if read and read[0].text in _LEADS_TO_PLACE:
        starts |= {read[1].start for name in named if name.start == 0 and len(name.words) > 1}
    return any(
        token.start in starts
        for at, lead in enumerate(read)
        if lead.text in _LEADS_TO_PLACE
        for token in read[at + 1 : at + 1 + _PLACE_REACH]
    )


def _date(sentence: str) -> bool:
    """A date, a word such as "Monday" or "until", an hour, or how long it takes."""
    told = bool(dates(sentence)) or not _TIMES.isdisjoint(words(sentence))
    return told or _time(sentence) or _of("time")(sentence)


def _year(sentence: str) -> bool:
    return any(date.years for date in dates(sentence))


def _time(sentence: str) -> bool:
    """An hour: noon, 17:30, 9 am, 9 a.m., nine o'clock."""
    return not _CLOCK.isdisjoint(words(sentence)) or bool(_HOUR.search(sentence))


def _numbers(sentence: str) -> Iterator[Quantity]:
    """The numbers that are no part of a date, nor a "one" that stands for a thing."""
    told = dates(sentence)
    for one in quantities(sentence):
        dated = any(date.start < one.end and one.start < date.end for date in told)
        if not dated and sentence[one.start : one.end].casefold() != "one":
            yield one


def _of(*dimensions: str) -> Callable[[str], bool]:
    return lambda sentence: any(one.dimension in dimensions for one in _numbers(sentence))


_HOLDS: Mapping[Kind, Callable[[str], bool]] = {
    "person": _person,
    "place": _place,
    "date": _date,
    "year": _year,
    "time": _time,
    "number": lambda sentence: any(True for _ in _numbers(sentence)),
    "length": _of("length", "time"),
    "age": _of("time", "number"),
    "reason": lambda sentence: not _GIVES_REASON.isdisjoint(words(sentence)),
}
