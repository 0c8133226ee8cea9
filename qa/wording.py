"""The part of a message that asks: without greetings, "can you tell me" and "isn't it?".

English alone; another language's message stays whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.sentences import sentence_spans
from qa.values import UNASKED, Token, Value, met, stem, tokens

QUESTION_WORDS = frozenset({"how", "what", "which", "when", "who", "whom", "whose", "where", "why"})
# Words that lead up to a question or follow it, and name nothing that it is about.
_LINES = (
    "hello hi hey dear good morning afternoon evening thanks thank please okay ok sorry excuse",
    "tell know say says said wonder wondering wondered asking question quick want show explain",
    "confirm remember read heard hear think thought believe guess told someone somebody",
    "true right correct wrong sure really actually exactly",
)
_FRAME = frozenset(word for line in _LINES for word in line.split())
# A message states no more values than so many that are looked at; more are an attack.
MOST_STATED = 3
# Before a value these say that it only tells which one is meant, or under what condition.
_DETERMINERS = frozenset({"the", "a", "an", "this", "these", "those", "my", "our", "each", "every"})
_CONDITIONS = frozenset({"if", "when", "that", "which", "who", "where", "because", "i", "we"})
# What stands for something named before.
_LEANING = frozenset(
    {"it", "its", "he", "him", "his", "she", "her", "they", "them", "their"}
).union({"this", "that", "these", "those"})
_JOINTS = frozenset({"and", "but", "or", ";", "&"})
_SHORT = range(3, 5)  # letters of a word that is too short for the speller


@dataclass(frozen=True, slots=True)
class Clause:
    """What one sentence of a message asks or says; `lead` is what it leans on, as by "it"."""

    text: str
    lead: str = ""

    @property
    def asks(self) -> bool:
        """Whether it opens with a question word."""
        return not QUESTION_WORDS.isdisjoint(token.text for token in tokens(self.text)[:1])


def clauses(message: str) -> tuple[Clause, ...]:
    """What a message asks, then what else it says, each in order; itself where that is nothing."""
    found: list[Clause] = []
    before = ""
    whole = message.encode(errors="replace").decode()  # a lone surrogate is no character
    for start, end in sentence_spans(whole):
        if text := _core(message[start:end]):
            leans = any(token.text in _LEANING for token in tokens(text))
            found.append(Clause(text, before if leans else ""))
            before = f"{before} {text}".strip()
    return tuple(sorted(found, key=lambda clause: not clause.asks)) or (Clause(message),)


def _core(sentence: str) -> str:
    """A sentence without what leads up to it, its tag, and a second question; may be empty."""
    read = tokens(sentence)
    start = _opening(read)
    end = _second(read, start)
    end = _closing(read[:end], start)
    said = any(token.text[0].isalnum() for token in read[start:end])
    return sentence[read[start].start : read[end - 1].end] if said else ""


def _opening(read: Sequence[Token]) -> int:
    """How many tokens lead up to what is said: "I read that", "good morning,", "in" which year."""
    cut = 0
    for place, token in enumerate(read):
        if token.text in QUESTION_WORDS:
            return place
        if token.text in _FRAME or (cut and cut == place and token.text in ("that", ",", ":")):
            cut = place + 1
        elif not _says_nothing(token.text):
            break
    return cut


def _second(read: Sequence[Token], start: int) -> int:
    """Where the next question begins, as in "how long is it and how wide?", or else the end."""
    if not read[start:] or read[start].text not in QUESTION_WORDS:
        return len(read)
    for place, (one, two) in enumerate(pairwise(read[start:]), start=start):
        if one.text in _JOINTS and two.text in QUESTION_WORDS:
            return place
    return len(read)


def _closing(read: Sequence[Token], start: int) -> int:
    """The place behind what is said: before "is right", ", isn't it", "please tell me"."""
    end = place = len(read)
    while place > start + 1 and (_says_nothing(read[place - 1].text) or _framed(read[place - 1])):
        place -= 1
        if _framed(read[place]) or read[place].text == ",":
            end = place
    return end


def _framed(token: Token) -> bool:
    return token.text in _FRAME


def _says_nothing(word: str) -> bool:
    return word not in QUESTION_WORDS and (not word[0].isalnum() or word in UNASKED)


def claimed(text: str, value: Value) -> bool:
    """Whether a statement or a yes-or-no question is about a value that it holds.

    What only tells which one is meant is not: "the 2 towers", "if I come 5 minutes late".
    """
    before = [token.text for token in tokens(text[: value.start])]
    return not _DETERMINERS.intersection(before[-1:]) and _CONDITIONS.isdisjoint(before)


def mended(text: str, sources: Sequence[str], around: Iterable[str] = ()) -> str:
    """A message whose shortest words, where neither `sources` nor what stands `around` them has
    them, are those of the sources that they are a slip from.

    The speller leaves them alone, for in a whole corpus each is near too many others.
    """
    parts, last = [], 0
    for token in tokens(text):
        if len(token.text) not in _SHORT or not text[token.start : token.end].islower():
            continue
        if better := _meant(token.text, sources, around):
            parts += [text[last : token.start], better]
            last = token.end
    return "".join([*parts, text[last:]])


def _meant(word: str, sources: Sequence[str], around: Iterable[str]) -> str:
    """What a word is a slip from; empty where it stands for itself, or that is not known."""
    own = frozenset({stem(word)})
    if word in UNASKED or any(met(own, source) for source in (*sources, *around)):
        return ""
    known = {token.text for source in sources for token in tokens(source)}
    likely = [other for other in (*sorted(UNASKED), *sorted(known)) if other[0] == word[0]]
    return next(_slips(word, likely), "")


def _slips(word: str, known: Sequence[str]) -> Iterator[str]:
    """Known words with two letters of this one swapped, then those with one letter more."""
    swaps = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)}
    yield from (other for other in known if other in swaps)
    longer = (other for other in known if len(other) == len(word) + 1)
    yield from (other for other in longer if word in _shortened(other))


def _shortened(word: str) -> set[str]:
    return {word[:n] + word[n + 1 :] for n in range(len(word))}
