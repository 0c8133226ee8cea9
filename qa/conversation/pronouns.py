"""Where an English question leans on what was said before it."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.lexical import content_words, stems
from qa.conversation.grammar import (
    ARTICLES,
    ASKING,
    JOINING,
    OWNING,
    PERSONS,
    POINTING,
    PREPOSITIONS,
    SPEAKERS,
    THINGS,
    VERBS,
    Word,
    word_set,
    words_of,
)
from qa.conversation.phrases import names, run_end, subject_in_place

_CONTRACTED = ("'s", "'d", "'ll", "'re", "'ve")
# "That" points after one of these, and joins clauses after a noun or a verb.
_BEFORE_THAT = ASKING | VERBS | PREPOSITIONS | JOINING | {"all"}
_CLAUSES = ASKING | VERBS | JOINING | {"if", "because", "that", "while", "before", "after", "until"}
# "Is it safe to", "does it mean that": what follows one of these is what "it" stands for.
_EXPLAINED = frozenset(["to", "that", "if", "when", "for", "from", "mean", "means"])
_OTHERS = frozenset(["other", "others", "else", "another", "ones"])
_COMPARED = frozenset(["than", "besides", "except", "from"])
_CLOSING = frozenset(["there", "then", "one", "before", "after", "afterwards", "later", "instead"])
_DEFINING = (["what", "is"], ["what", "are"], ["who", "is"], ["what", "does"])
# More telling words than this beside "other" or "the tour" say themselves which is meant. With 2, 3
# and 4, of the follow-ups in half of canard .801, .815 and .821 are recognised; of 151 questions of
# clapnq after a stranger's question 8, 9 and 14 are taken for follow-ups.
_FEW = 3
_TELLERS = frozenset(["i", "he", "she", "it", "we", "they", "there", "you"])
_REQUESTS = word_set("want need like know tell wonder wondering please mean meant")
_READ = 40  # words of a question that are searched for pronouns
# With as few and no name, a question that says nothing of the kind may lean on what was said. With
# 1, 2 and 3: mrr@10 on cast21 .623 .624 .612, among four sets .583 .591 .578.
_BRIEF = 2


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun of a question, at `question[start:end]`, whose noun stands outside of it."""

    word: str
    start: int
    end: int
    owning: bool

    @property
    def personal(self) -> bool:
        """Whether it stands for a person."""
        return self.word in PERSONS

    @property
    def many(self) -> bool:
        """Whether it may stand for several."""
        return self.word not in ("it", "its")


def pronouns(question: str) -> list[Pronoun]:
    """The personal pronouns that stand for something said earlier, in order, of its beginning."""
    words = words_of(question)[:_READ]
    found = []
    for place, word in enumerate(words):
        base = _uncontracted(word.low)
        if base in PERSONS | THINGS and not _bound(question, words, place, base):
            owning = base in OWNING and _owns(words[place + 1 : place + 2])
            found.append(Pronoun(base, word.start, word.start + len(base), owning))
    return found


def _uncontracted(low: str) -> str:
    return next((low.removesuffix(end) for end in _CONTRACTED if low.endswith(end)), low)


def leans(question: str, earlier: frozenset[str]) -> bool:
    """Whether it needs a subject, though no personal pronoun says so.

    `earlier` holds the stems of what was said: "the tour" leans on a tour that was spoken of.
    """
    words = words_of(question)
    lows = [word.low for word in words]
    telling = _telling(words)
    if lows[-1:] and lows[-1] in _CLOSING:
        return True
    if any(_points(words, place) for place in range(len(words))):
        return True
    if names(question) or telling > _FEW:
        return False
    return (
        _others(lows) or _too_short(question, lows, telling) or _spoken_of(question, words, earlier)
    )


def states(message: str) -> bool:
    """Whether it tells something and asks nothing: "she is 16", not "i need more on it"."""
    words = words_of(message)
    asking = message.endswith("?") or any(w.low in ASKING | _REQUESTS for w in words)
    return bool(words) and not asking and _uncontracted(words[0].low) in _TELLERS


def brief(question: str) -> bool:
    """Whether it says so little that the conversation may be needed, as in "are there signs?"."""
    return not names(question) and 1 <= _telling(words_of(question)) <= _BRIEF


def _telling(words: Sequence[Word]) -> int:
    return sum(len(content_words(word.text)) for word in words if word.tells)


def _owns(following: Sequence[Word]) -> bool:
    return any(w.low not in VERBS | PREPOSITIONS | ARTICLES | JOINING for w in following)


def _bound(question: str, words: Sequence[Word], place: int, base: str) -> bool:
    """Whether its noun stands before it in the question, or it stands for no noun at all."""
    before = question[: words[place].start]
    if base == "it" and words[max(place - 1, 0)].low in ("do", "doing", "done"):
        return True  # an act
    if names(before) or (base == "it" and _announces(words[place + 1 :])):
        return True
    if base in PERSONS and not question.islower():  # a person has a name, and names have capitals
        return False
    noun = subject_in_place(before)
    between = words_of(before[before.rindex(noun) + len(noun) :]) if noun else []
    return bool(noun) and (base in OWNING or any(word.low in _CLAUSES for word in between))


def _announces(after: Sequence[Word]) -> bool:
    """Of "it": whether the question itself says what, as in "is it safe to drink tap water"."""
    return sum(word.tells for word in after) > 2 and any(w.low in _EXPLAINED for w in after)


def _points(words: Sequence[Word], place: int) -> bool:
    low = words[place].low
    if low != "that" or not place or place + 1 == len(words):
        return low in POINTING
    return words[place - 1].low in _BEFORE_THAT


def _others(lows: Sequence[str]) -> bool:
    """Of "what else" and "any others", but not of "other than", which says what."""
    return bool(_OTHERS & set(lows)) and not _COMPARED & set(lows)


def _too_short(question: str, lows: Sequence[str], telling: int) -> bool:
    """Of "why not?", "which is best?", "price?"; not of "what is a bond?", "do you deliver?"."""
    asks = question.endswith("?") or "more" in lows or any(low in ASKING | VERBS for low in lows)
    if telling == 0:
        return asks and ("you" not in lows or "me" in lows)
    if telling > 1 or SPEAKERS & set(lows) or lows[:2] in _DEFINING:
        return False
    return asks


def _spoken_of(question: str, words: Sequence[Word], earlier: frozenset[str]) -> bool:
    """Of "the tour" with nothing behind that says which, where a tour was spoken of."""
    for place, word in enumerate(words):
        end = run_end(question, words, place + 1)
        if word.low != "the" or end == place + 1 or [w.low for w in words[end : end + 1]] == ["of"]:
            continue
        if not earlier.isdisjoint(stems(question[word.end : words[end - 1].end])):
            return True
    return False
