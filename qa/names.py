"""Names as texts write them, when two agree, and which one "Who …?" or "Where …?" asks for."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from index.lexical import content_words
from qa.values import Candidate, Question, Sought, Token, stem, tokens

# A run of capitalised words; some small ones may stand inside.
_SMALL = r"(?:al|bin|da|de|del|della|den|der|di|du|ibn|la|le|of|the|van|von)\s"
_NAME = regex.compile(
    r"(?P<word>\p{Lu}[\p{L}\p{M}.]*(?:['’-][\p{L}\p{M}]+)*)"
    rf"(?:\s(?:{_SMALL}){{0,2}}(?&word)){{0,6}}"
)
_AT_THE_END = regex.compile(r"(?:['’]s?|\.)$")
_JOINTS = frozenset({",", ":", "is", "was", "the", "a", "an"})
_STOPS = frozenset(
    {"in", "on", "at", "for", "with", "from", "to", "of", "by", "as", "after", "is", "was"}
    | {"are", "were", "who", "which", "that"}
)
_LEADS_TO_PLACE = frozenset({"in", "at", "near", "of"})
_PLACES = frozenset({"city", "town", "country", "location", "place"})
_SKIPPED = 8  # words that "by the late American jazz singer X" may have before the name


@dataclass(frozen=True, slots=True)
class Name:
    """Capitalised words, `text[start:end]`; `words` are those of content, without accents."""

    start: int
    end: int
    words: frozenset[str]

    def agrees(self, other: "Name") -> bool:
        """Whether they share a word: "Lee Jae Myung" and "President Lee" may be one."""
        return bool(self.words & other.words)


@lru_cache(maxsize=2_000)
def names(text: str) -> tuple[Name, ...]:
    """The longest runs of capitalised words in a text, in order."""
    found = (_name(match[0], match.start()) for match in _NAME.finditer(text))
    return tuple(name for name in found if name.words)


def _name(said: str, start: int) -> Name:
    said = _AT_THE_END.sub("", said)
    letters = unicodedata.normalize("NFKD", said)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return Name(start, start + len(said), frozenset(content_words(plain)))


def sought_name(text: str, question: Question) -> Sought | None:
    """What "Who …?" or "Where …?" asks for; None for another question."""
    first, *more = (*question.words[:4], "")
    if first in ("who", "whom", "whose"):
        return SoughtName(question, stem(more[0]) if more[0] in content_words(text) else "")
    if first == "where" or (first in ("what", "which") and _PLACES.intersection(more)):
        return SoughtPlace(question)
    return None


@dataclass(frozen=True, slots=True)
class SoughtName:
    """Who did it or who is it. `verb` is the stem of "directed" in "Who directed …?", or empty."""

    question: Question
    verb: str

    @property
    def implied(self) -> frozenset[str]:
        """See `Sought`."""
        return frozenset()

    def found(self, text: str) -> Iterator[Candidate]:
        """Names said to have done it ("directed by X"), to be it ("director X"), then others."""
        said = frozenset(self.question.words)
        for name, fit in self._placed(text):
            if not name.words <= said:
                yield Candidate(name, "name", fit)

    def _placed(self, text: str) -> Iterator[tuple[Name, float]]:
        read = tokens(text)
        for place, token in enumerate(read):
            if token.text == "by":
                name = _last_name(text, read, place + 1)
                if name and (fit := self._doing(read[max(0, place - 4) : place])):
                    yield name, fit
            elif self.question.asks_for(stem(token.text)):
                yield from ((name, 1.5) for name in self._beside(text, read, place))

    def _doing(self, before: Sequence[Token]) -> float:
        """How well the words before "by X" say what the question asks for."""
        if any(self.question.asks_for(stem(token.text)) for token in before):
            return 2.0
        own = self.question.names | self.question.asks
        return 1.0 if any(stem(token.text) in own for token in before[-2:]) else 0.0

    def _beside(self, text: str, read: Sequence[Token], place: int) -> Iterator[Name]:
        """X of "director X", "the director is X" and, for its verb, "X directed"."""
        after = place + 1
        while after < min(len(read), place + 3) and read[after].text in _JOINTS:
            after += 1
        behind = read[after : after + 1]
        if behind and text[behind[0].start].isupper() and (name := _last_name(text, read, after)):
            yield name
        if stem(read[place].text) == self.verb:
            yield from (name for name in names(text) if name.end == read[place].start - 1)


def _last_name(text: str, read: Sequence[Token], place: int) -> Name | None:
    """The name that a noun phrase ends in: X of "by American guitarist X, who".

    None where it has none or goes on behind it, as "by American artists" does.
    """
    starting = {name.start: name for name in names(text)}
    found: Name | None = None
    for token in read[place : place + _SKIPPED]:
        if found and token.start < found.end:
            continue
        if found and (len(found.words) > 1 or not _describes(text, token)):
            break
        if token.text in _STOPS or not (token.text[0].isalpha() or token.text == ","):
            break
        found = starting.get(token.start)
    return found


def _describes(text: str, token: Token) -> bool:
    """Whether a word makes the capitalised one before it an adjective: American guitarist."""
    return text[token.start].islower() and token.text not in _STOPS and token.text != "and"


@dataclass(frozen=True, slots=True)
class SoughtPlace:
    """Where it is: a place within another, "in Paris, France", behind the question's names.

    Two names alone would not do: Paris and France are no disagreement.
    """

    question: Question

    @property
    def implied(self) -> frozenset[str]:
        """See `Sought`."""
        return frozenset(map(stem, _PLACES))

    def found(self, text: str) -> Iterator[Candidate]:
        """Such places; their parts are compared together."""
        read = tokens(text)
        named = names(text)
        for one, other in pairwise(named):
            lead = [token for token in read if token.end < one.start][-1:]
            within = text[one.end : other.start].strip() == ","
            if within and lead and lead[0].text in _LEADS_TO_PLACE:
                said = {stem(token.text) for token in read if token.start < one.start}
                if self.question.names & said:
                    yield Candidate(_name(text[one.start : other.end], one.start), "place", 1.0)
