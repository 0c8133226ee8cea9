"""Typos in a question, mended with the corpus's own words."""

import importlib.util
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.default_model import PACKAGE
from index.stemming import ENGLISH, WORD, stemmed

# A shorter word is one letter away from too many others; from TWO_FROM letters up a repair may
# change two. Of 2,767 slips (qa/evaluation/stress/typo.py) in the questions of six public sets,
# 2,575 are undone and 45 made worse; asked of the five other corpora, the same questions have 633
# words changed. From four letters up it would be 2,572, 61 and 1,030; from six 2,331, 23 and 340;
# with two letters changed from eight up 2,575, 47 and 744.
LEAST_LETTERS = 5
TWO_FROM = 9

# Two words that begin alike and differ in these alone are kin ("handlers", "handle"), no typos.
_ENDINGS = frozenset(
    {"", "d", "e", "ed", "er", "ers", "es", "est", "ic", "ing", "ist", "ly", "r", "rs", "s", "y"}
)
_BEGINNING = 3
# English words that the tokenizer's list lacks because it parts them at their apostrophe.
_CONTRACTED = """
arent cant couldnt didnt doesnt dont hadnt hasnt havent heres isnt shouldnt thats theres theyre
theyve wasnt werent whats wheres whos wont wouldnt youll youre youve
"""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A question with its typos mended; `changes` has each word as it was and as it is now."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


class Speller:
    """Takes a word that neither the corpus nor English knows for the word of the corpus it is near.

    What is near is counted in letters missing, added, replaced or swapped with their neighbour
    (optimal string alignment); the first letter has to be right. A question about something that
    the corpus lacks has to stay one, so all else is left alone: numbers, English words and their
    forms, and a name, unless the corpus has one like it.
    """

    def __init__(self, vocabulary: Mapping[str, int], language: str = ENGLISH) -> None:
        """`vocabulary` has the corpus's words in their usual spelling, each with its count."""
        self._language = language
        self._words = frozenset(map(str.casefold, vocabulary))
        self._stems = frozenset(stemmed(sorted(self._words), language))
        self._counts: dict[str, int] = {}
        self._spelling: dict[str, str] = {}
        self._beginning_with: dict[str, list[str]] = {}
        for spelling, count in sorted(vocabulary.items(), key=lambda item: (-item[1], item[0])):
            plain = _plain(spelling)
            if plain.isalpha() and plain not in self._counts:
                self._counts[plain], self._spelling[plain] = count, spelling
                self._beginning_with.setdefault(plain[0], []).append(plain)

    def repaired(self, question: str) -> Repaired:
        """The question with its typos replaced by words in the corpus's spelling."""
        found = list(WORD.finditer(question))
        capitals = [False, *(word[0][0].isupper() for word in found[1:])]
        told_apart = sum(capitals) * 2 <= len(capitals)  # not where Every Word Has One
        pieces, changes, at = [], [], 0
        for number, word in enumerate(found):
            is_name = told_apart and capitals[number]
            if repair := self._repair(word[0], is_name):
                pieces += [question[at : word.start()], repair]
                changes.append((word[0], repair))
                at = word.end()
        return Repaired("".join([*pieces, question[at:]]), tuple(changes))

    def _repair(self, typed: str, is_name: bool) -> str | None:
        """What was meant, as the corpus spells it; None where `typed` may be right."""
        plain = _plain(typed)
        if len(plain) < LEAST_LETTERS - 1 or not plain.isalpha():
            return None
        meant = self._meant(typed.casefold(), plain, is_name)
        if meant is None:
            return None
        spelling = self._spelling[meant]
        return spelling.lower() if typed[0].islower() else spelling[0].upper() + spelling[1:]

    def _meant(self, word: str, plain: str, is_name: bool) -> str | None:
        if word in self._words:
            return None
        if word == plain and plain in self._spelling:  # an accent left out
            return plain
        if self._knows(word) or self._knows(plain):
            return None
        near = [
            (distance, set(other) != set(plain), -self._counts[other], other)
            for other, distance in self._near(plain)
            if _long_enough(plain, other) and not (is_name and self._spelling[other].islower())
        ]
        best = min(near, default=None)
        return None if best is None or _kin(plain, best[-1]) else best[-1]

    def _knows(self, word: str) -> bool:
        (stem,), (english,) = stemmed([word], self._language), stemmed([word])
        return word in _english_words() or stem in self._stems or english in _english_stems()

    def _near(self, word: str) -> list[tuple[str, int]]:
        """The corpus's words within reach, each with its distance."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        reach = 1 if len(word) < TWO_FROM else 2
        choices = self._beginning_with.get(word[0], ())
        found = process.extract(
            word, choices, scorer=OSA.distance, processor=None, score_cutoff=reach, limit=None
        )
        return [(other, distance) for other, distance, _ in found]


def _plain(word: str) -> str:
    """The word in lower case without its accents: those are left out more often than mistaken."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _long_enough(word: str, other: str) -> bool:
    """Whether one of them has letters enough, or both have as many and the same."""
    return max(len(word), len(other)) >= LEAST_LETTERS or sorted(word) == sorted(other)


def _kin(word: str, other: str) -> bool:
    """Whether the two are forms of one word: they begin alike and differ in an ending alone."""
    from rapidfuzz.distance import Prefix

    same = Prefix.similarity(word, other)
    endings = {word[same:], other[same:]}
    return same >= _BEGINNING and endings <= _ENDINGS and set(word) != set(other)


@lru_cache
def _english_words() -> frozenset[str]:
    """Common words and names: the whole words that the default encoder's tokenizer knows."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:  # the encoder says how to mend that
        return frozenset()
    path = Path(spec.origin).parent / "model" / "vocab.txt"
    pieces = path.read_text("utf-8").splitlines() if path.is_file() else []
    return frozenset([*filter(str.isalpha, pieces), *_CONTRACTED.split()])


@lru_cache
def _english_stems() -> frozenset[str]:
    return frozenset(stemmed(sorted(_english_words())))
