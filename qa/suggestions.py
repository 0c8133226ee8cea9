"""Type-ahead: the FAQ's own questions that begin with, hold or nearly hold what was typed."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.documents import Document
from index.lexical import words
from index.passages import Passage
from qa.answer import Suggestion

MOST = 8
# What this long is typed with slips: one from 4 letters, two from 8, as common search engines allow
# (Elasticsearch's AUTO allows one from 3); a judgement, measured on no set.
_ONE_SLIP = 4
_TWO_SLIPS = 8
# A question is offered if it holds this share of what was typed, rare words counting more, and none
# holds more: what lacks a word that others have is not what is meant. A judgement too.
_HELD = 0.6
_EQUAL = 1e-9
# Words of what was typed that are looked up; nobody types as many before looking up.
_READ = 16
# A mended word counts a little less than one that was typed right.
_MENDED = 0.9
_LAST = "\U0010ffff"

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]


class Entries(Protocol):
    """What the questions are taken from."""

    @property
    def faq_passages(self) -> Iterable[Passage]:
        """Those of FAQ entries, one each, in the corpus's order."""

    def document(self, document_id: str, /) -> Document:
        """The document of that id; KeyError for an unknown one."""


class TypeAhead:
    """Questions to offer while one is typed. Immutable; safe to use from several threads."""

    def __init__(self, questions: Iterable[Suggestion]) -> None:
        """`questions` in the order in which equals are offered."""
        self._questions = tuple(questions)
        folded = [_folded(question.text) for question in self._questions]
        self._by_text = sorted((text, row) for row, text in enumerate(folded))
        self._length = np.array([len(text) for text in folded], np.int64)
        holders: dict[str, list[int]] = {}
        for row, text in enumerate(folded):
            for word in dict.fromkeys(text.split()):
                holders.setdefault(word, []).append(row)
        self._words = sorted(holders)
        self._rows = [np.array(holders[word], np.int64) for word in self._words]
        # Of a function: a cache of a method would hold its own object.
        self._beginnings = lru_cache(maxsize=32)(partial(_beginnings_of, self._words))

    def suggest(self, typed: str, limit: int = 5) -> tuple[Suggestion, ...]:
        """At most `limit` (8 at most) questions, one a passage: those that begin with `typed`, then
        those that hold its words, each whole or begun or, where no word is, nearly so.

        Case, accents and punctuation do not matter.
        """
        text = _folded(typed)
        if not text:
            return ()
        found = chain(self._beginning(text), self._holding(text.split()[:_READ]))
        return _first(min(limit, MOST), (self._questions[row] for row in found))

    def _beginning(self, text: str) -> list[int]:
        """The rows that begin with it, shortest first."""
        left, right = (bisect_left(self._by_text, (end, -1)) for end in (text, text + _LAST))
        rows = [row for _, row in self._by_text[left:right]]
        return sorted(rows, key=lambda row: (self._length[row], row))

    def _holding(self, words: Sequence[str]) -> Rows:
        """The rows that hold the most of what these words tell, shortest first; none for little."""
        held, total = np.zeros(len(self._questions)), 0.0
        for word in dict.fromkeys(words):
            rows, worth = self._holders(word)
            if not len(rows) and len(word) < _ONE_SLIP:
                continue  # "its" and the like tell nothing, and may well stand in no question
            rarity = float(np.log1p(len(held) / (len(rows) or 0.5)))
            held[rows] += worth * rarity
            total += rarity
        fullest = held.max(initial=0.0)
        if not total or fullest < _HELD * total:
            return np.empty(0, np.int64)
        rows = np.flatnonzero(held >= fullest - _EQUAL)
        order: Rows = np.lexsort((rows, self._length[rows]))
        return rows[order]

    def _holders(self, word: str) -> tuple[Rows, float]:
        """The rows with a word that begins with this one or, if none does, nearly; its worth."""
        left, right = (bisect_left(self._words, end) for end in (word, word + _LAST))
        if left < right:
            return _united(self._rows[left:right]), 1.0
        return _united([self._rows[number] for number in self._near(word)]), _MENDED

    def _near(self, word: str) -> Iterator[int]:
        """The words whose beginning is a slip or two from this one: the least slips there are."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import cdist

        slips = (len(word) >= _ONE_SLIP) + (len(word) >= _TWO_SLIPS)
        if not slips or not self._words:
            return
        # A letter too many or too few shifts where the beginning ends.
        tries = [self._beginnings(len(word) + shift) for shift in (0, 1, -1)]
        apart = np.min(
            [cdist([word], each, scorer=OSA.distance, score_cutoff=slips)[0] for each in tries],
            axis=0,
        )
        least = apart.min()
        if least <= slips:
            yield from np.flatnonzero(apart == least).tolist()


def faq_questions(knowledge: Entries) -> Iterator[Suggestion]:
    """Every question that an FAQ entry of `knowledge` is asked by, with its passage."""
    for passage in knowledge.faq_passages:
        for question in knowledge.document(passage.document_id).questions:
            yield Suggestion(question, passage.id)


def _beginnings_of(known: Sequence[str], length: int) -> list[str]:
    return [word[:length] for word in known]


def _folded(text: str) -> str:
    """Its words in lower case without accents, parted by single spaces."""
    letters = unicodedata.normalize("NFKD", text)
    return " ".join(words("".join(c for c in letters if not _accent(c))))


def _accent(character: str) -> bool:
    """A mark on a Latin, Greek or Cyrillic letter; in other scripts marks are letters."""
    return "\u0300" <= character <= "\u036f"


def _united(rows: Sequence[Rows]) -> Rows:
    if not rows:
        return np.empty(0, np.int64)
    return rows[0] if len(rows) == 1 else np.unique(np.concatenate(rows))


def _first(limit: int, found: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """The first few, one a passage, that read differently."""
    kept: list[Suggestion] = []
    for one in found:
        if len(kept) >= limit:
            break
        if all(one.passage != other.passage and one.text != other.text for other in kept):
            kept.append(one)
    return tuple(kept)
