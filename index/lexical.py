"""BM25 over passages: which words a question and a passage share, and how rare they are."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import regex
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Weights = Mapping[str, float]  # a question's stems, each with how much it tells

# Words with their combining marks, and single letters of scripts without spaces between words.
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_WORD = regex.compile(
    rf"{_UNSPACED}\p{{M}}*|[[\p{{L}}\p{{N}}\p{{M}}]--{_UNSPACED}]+", flags=regex.VERSION1
)

# English words that carry grammar and no topic. In a small corpus "how" may stand nowhere, and
# would count as the rarest word of a question.
_GRAMMAR = """
a about after all also am an and any are as at be because been before being but by can could did do
does doing during each else ever every for from get gets getting give gives got had has have having
he her here hers him his how i if in into is it its itself just like many may me might mine more
most much must my of off on once only or other our out over own please same she should so some such
tell than that the their them then there these they this those through to too under until up us very
was we were what when where which while who whom whose why will with would you your yours
"""
_FUNCTION_WORDS = frozenset(_GRAMMAR.split())


def words(text: str) -> list[str]:
    """The words of a text in order: compatibility forms unified, lower case, no punctuation."""
    found: list[str] = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return found


def stems(text: str) -> list[str]:
    """The words of a text without their English endings, so that *defections* finds *defect*.

    Snowball's English stemmer (Porter 2001). It hardly touches words of other scripts.
    """
    return _stemmed(words(text))


def content_words(text: str) -> list[str]:
    """The words that carry a text's topic: all but English function words, which may be none."""
    return [word for word in words(text) if word not in _FUNCTION_WORDS]


def content_stems(text: str) -> list[str]:
    """The stems of a text's content words or, where it has none, of all its words."""
    return _stemmed(content_words(text) or words(text))


def _stemmed(some_words: list[str]) -> list[str]:
    import Stemmer

    stemmed: list[str] = Stemmer.Stemmer("english").stemWords(some_words)
    return stemmed


def share(asked: Weights, text: str) -> float:
    """The share, 0 to 1, of a question's weight whose stems `text` holds; 0 if it has no word."""
    held = _stem_set(text)
    total = found = 0.0
    for stem, weight in asked.items():  # in the question's order: a sum of another may differ
        total += weight
        if stem in held:
            found += weight
    return found / (total or 1.0)


@lru_cache(maxsize=20_000)  # the same sentences come up again and again
def _stem_set(text: str) -> frozenset[str]:
    return frozenset(stems(text))


class LexicalStore:
    """BM25 over the stems of texts: Lucene's variant, k1 = 1.5, b = 0.75 (Robertson, Zaragoza)."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Count the words of `texts`; there is at least one text with a word in it."""
        import bm25s

        self._bm25 = bm25s.BM25()
        self._bm25.index([stems(text) for text in texts], show_progress=False)
        self._learn_rarity()

    def _learn_rarity(self) -> None:
        """Each stem's rarity: ln(1 + (n - df + 0.5) / (df + 0.5)), as in BM25."""
        self._starts = np.asarray(self._bm25.scores["indptr"], np.int64)
        frequency = np.diff(self._starts)
        self._count = int(self._bm25.scores["num_docs"])
        self._rarity = np.log1p((self._count - frequency + 0.5) / (frequency + 0.5))

    def search(self, question: str) -> Scores:
        """The BM25 score of every row, shape (n,): 0 where no word is shared, no upper bound."""
        asked = stems(question)
        if not asked:  # bm25s takes at least one
            return np.zeros(self._count, np.float32)
        scores: Scores = self._bm25.get_scores(asked)
        return scores

    def weigh(self, question: str) -> Weights:
        """The question's content stems, each with its rarity."""
        return {stem: self.rarity(stem) for stem in content_stems(question)}

    def coverage(self, asked: Weights) -> Scores:
        """The `share` of every row, shape (n,)."""
        held = np.zeros(self._count, np.float32)
        for stem, rarity in asked.items():
            held[self._rows_with(stem)] += rarity
        return held / np.float32(sum(asked.values()) or 1.0)

    def rarity(self, stem: str) -> float:
        """How much a stem tells: its inverse document frequency; highest for one never seen."""
        number = self._number(stem)
        if number is None:
            return float(np.log1p((self._count + 0.5) / 0.5))
        return float(self._rarity[number])

    def _rows_with(self, stem: str) -> NDArray[np.int32]:
        number = self._number(stem)
        if number is None:
            return np.empty(0, np.int32)
        rows: NDArray[np.int32] = self._bm25.scores["indices"][
            self._starts[number] : self._starts[number + 1]
        ]
        return rows

    def _number(self, stem: str) -> int | None:
        """The stem's column; None for one that no row holds, as is bm25s's own empty token."""
        number: int | None = self._bm25.vocab_dict.get(stem)
        return number if number is not None and number < len(self._rarity) else None

    def save(self, folder: Path) -> None:
        """Write it into `folder`, which is made."""
        self._bm25.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> "LexicalStore":
        """The store that `save` wrote."""
        import bm25s

        store = cls.__new__(cls)
        store._bm25 = bm25s.BM25.load(str(folder), show_progress=False, verbosity=0)
        store._learn_rarity()
        return store
