"""Values that texts give, and what a question wants of them."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol, Self

import regex

from index.lexical import content_stems, content_words, function_words, stems

# Numbers, words, signs. A minus belongs to its number where nothing stands before it.
_TOKEN = regex.compile(
    r"(?:(?<![^\s(])[-−])?\d+(?:[.,\u00a0\u202f]\d+)*|\p{L}[\p{L}\p{M}]*[²2]?|°\s?[CF]\b|[^\w\s]",
    regex.IGNORECASE,
)
# The same in ASCII, which is most text, for a library that takes a third of the time. Its white
# space has four controls more.
_ASCII_TOKEN = re.compile(
    r"(?:(?<![^ \t-\r(])-)?\d+(?:[.,]\d+)*|[a-z]+2?|[^\w \t-\r]", re.ASCII | re.IGNORECASE
)
# A value may be the answer where a word of what is asked stands at most so many words from it. By
# benchmarks.agreement, 8, 10, 12: recall .48, .49, .49; false alarms on squad2 .018, .020, .017.
REACH = 12
_KIN = 5  # letters that two stems of one family share at least

# Words that ask for one event: what a question calls founded, a source calls established.
_EVENTS = tuple(
    frozenset(stems(line))
    for line in (
        "founded established formed created foundation",
        "built constructed erected construction",
        "released published issued premiered",
        "opened launched introduced",
        "happen occur held place",
        "start begin",
        "end finish",
    )
)
_SPELLINGS = ("metre meter", "kilometre kilometer km", "centimetre centimeter cm", "litre liter")
_FAMILIES = (*_EVENTS, *(frozenset(stems(line)) for line in _SPELLINGS))
_OF_FAMILIES = frozenset().union(*_FAMILIES)

_DENYING = (
    "not no never cannot isn aren wasn weren don doesn didn won wouldn shouldn mustn hasn haven"
)
NEGATIONS = frozenset(_DENYING.split())
# What is left of "it's", "I'm", "don't" beside the apostrophe, or without it.
_LEFT = "s m d t re ve ll isnt arent wasnt werent dont doesnt didnt"
# Words that no source has to repeat.
UNASKED = function_words() | NEGATIONS.union(_LEFT.split())


class Value(Protocol):
    """Something that a text says at `text[start:end]`."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""

    def agrees(self, other: Self) -> bool:
        """Whether both can be said of one thing, or cannot be compared."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that may be the answer: the greater `fit`, then the less `distance`, the likelier.

    `about` is what it says: a date, a name, a width; only values of one such are compared.
    """

    value: Value
    about: str
    fit: float
    distance: int = 0


class Sought(Protocol):
    """What a question asks for."""

    @property
    def question(self) -> "Question":
        """The question, without a value that it holds of the kind sought."""

    @property
    def implied(self) -> frozenset[str]:
        """Stems of the question that any such value meets by itself, as "long" by 250 km."""

    def found(self, text: str) -> Iterable[Candidate]:
        """The values of a statement that may be it."""


class Token(NamedTuple):
    """A number, a word in lower case, or a sign: what stands at `text[start:end]`."""

    text: str
    start: int
    end: int


_token = tuple.__new__  # a named tuple's own way takes twice as long


@lru_cache(maxsize=500)  # a statement is read for numbers, for dates and for names
def tokens(text: str) -> tuple[Token, ...]:
    """The numbers, words and signs of a text, in order."""
    if text.isascii():
        found = _ASCII_TOKEN.finditer(text.casefold())
        return tuple([_token(Token, (m[0], *m.span())) for m in found])
    return tuple(_token(Token, (m[0].casefold(), *m.span())) for m in _TOKEN.finditer(text))


@lru_cache(maxsize=2_000)
def stem(word: str) -> str:
    """A word without its English ending; empty where it is none."""
    return next(iter(stems(word)), "")


@dataclass(frozen=True, slots=True)
class Question:
    """A question's words in lower case; the stems of its names, of what it asks of them, of both.

    "When was the Eiffel Tower built?" asks `built`, and its like, of `eiffel` and `tower`.
    """

    words: tuple[str, ...]
    names: frozenset[str]
    asks: frozenset[str]
    topic: frozenset[str]

    @classmethod
    def read(cls, text: str, sources: Iterable[str] = (), lead: str = "") -> "Question":
        """Names begin with a capital: in the question or, if it has none at all, in `sources`.

        They and the topic are also those of the `lead`, which the question leans on.
        """
        whole = f"{lead} {text}" if lead else text
        names = _names(whole, sources)
        content = frozenset(content_words(text)) - UNASKED
        said = [token.text for token in tokens(text)]
        asks = {stem(word) for word in said if word in content - names and len(word) > 2}
        asks |= _like(frozenset(asks))
        topic = frozenset(map(stem, set(content_words(whole)) - UNASKED))
        topic = topic or frozenset(content_stems(whole))
        return cls(tuple(said), frozenset(map(stem, names)), frozenset(asks), topic)

    @property
    def event(self) -> bool:
        """Whether it speaks of what begins, ends, or is made."""
        return any(family <= self.asks for family in _EVENTS)

    def near(self, text: str, value: Value) -> tuple[int, int]:
        """How many words of what is asked stand within REACH of a value; how far the nearest is."""
        far: dict[str, int] = {}
        for words in around(text, value):
            for steps, word in enumerate(words, start=1):
                if self.asks_for(word):
                    far[word] = min(steps, far.get(word, steps))
        return len(far), min(far.values(), default=REACH)

    def asks_for(self, word: str) -> bool:
        """Whether a stem is one of what is asked, or of its family: direct for director."""
        if len(word) < _KIN:
            return word in self.asks
        return word in self.asks or any(_akin(word, other) for other in self.asks)


def met(asked: frozenset[str], text: str) -> frozenset[str]:
    """Those of some stems that a text holds, or another word of the same family."""
    held, long = _held(text)
    akin = (word for word in asked - held if _has_kin(word, held, long))
    return (asked & held).union(akin)


@lru_cache(maxsize=1_000)  # the sentences of a passage have one context, and are read again
def _held(text: str) -> tuple[frozenset[str], list[str]]:
    """The stems of a text and their like; those that may have kin, in order."""
    held = frozenset(stems(text))
    held |= _like(held)
    return held, sorted(word for word in held if len(word) >= _KIN)


def _like(some: frozenset[str]) -> frozenset[str]:
    """All stems of the families that some stems belong to, most often none."""
    found = some & _OF_FAMILIES
    if found:
        for family in _FAMILIES:
            found |= family if found & family else frozenset()
    return found


def _has_kin(word: str, held: frozenset[str], long: Sequence[str]) -> bool:
    """Whether a stem begins one of those held, or one of them begins it."""
    if len(word) < _KIN:
        return False
    after = bisect_left(long, word)
    begins = after < len(long) and long[after].startswith(word)
    return begins or any(word[:length] in held for length in range(_KIN, len(word)))


def _names(text: str, sources: Iterable[str]) -> frozenset[str]:
    content = frozenset(content_words(text)) - UNASKED
    if text.islower() or text.isupper():
        return frozenset(_capitalised(content, sources))
    said = (token for token in tokens(text) if not text[token.start].islower())
    return frozenset(token.text for token in said if token.text in content)


def _capitalised(words: frozenset[str], texts: Iterable[str]) -> set[str]:
    """Those of some words that texts write with a capital more often than not, but at the start."""
    counts = dict.fromkeys(words, 0)
    for text in texts:
        for token in tokens(text)[1:]:
            if token.text in counts:
                counts[token.text] += 1 if text[token.start].isupper() else -1
    return {word for word, count in counts.items() if count > 0}


def around(text: str, value: Value) -> tuple[list[str], list[str]]:
    """The stems of up to REACH words before a value and as many behind it, the nearest first."""
    read, starts = _stemmed(text)
    first = bisect_left(starts, value.start)
    last = bisect_left(starts, value.end)
    return list(reversed(read[max(0, first - REACH) : first])), list(read[last : last + REACH])


@lru_cache(maxsize=500)
def _stemmed(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The stems of a text, and where each begins."""
    read = [token for token in tokens(text) if token.text[0].isalnum()]
    return tuple(stem(token.text) for token in read), tuple(token.start for token in read)


def _akin(one: str, other: str) -> bool:
    return (
        len(one) >= _KIN and len(other) >= _KIN and (one.startswith(other) or other.startswith(one))
    )
