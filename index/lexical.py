"""BM25 over passages: which words a question and a passage share, and how rare they are."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# Words, and single characters of the scripts that write no spaces between words.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text in order: compatibility forms unified, lower case, no punctuation."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


class LexicalStore:
    """BM25 over texts by row: Lucene's variant, k1 = 1.5, b = 0.75 (Robertson, Zaragoza 2009)."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Count the words of `texts`; there is at least one text with a word in it."""
        import bm25s

        self._bm25 = bm25s.BM25()
        self._bm25.index([words(text) for text in texts], show_progress=False)
        self._learn_weights()

    def _learn_weights(self) -> None:
        """Each word's rarity: ln(1 + (n - df + 0.5) / (df + 0.5)), as in BM25."""
        starts = np.asarray(self._bm25.scores["indptr"], np.int64)
        frequency = np.diff(starts)
        self._count = int(self._bm25.scores["num_docs"])
        self._idf = np.log1p((self._count - frequency + 0.5) / (frequency + 0.5))

    def search(self, question: str) -> Scores:
        """The BM25 score of every row, shape (n,): 0 where no word is shared, no upper bound."""
        asked = words(question)
        if not asked:  # bm25s takes at least one
            return np.zeros(self._count, np.float32)
        scores: Scores = self._bm25.get_scores(asked)
        return scores

    def rarity(self, word: str) -> float:
        """How much a word tells: its inverse document frequency; highest for one never seen."""
        number = self._bm25.vocab_dict.get(word)
        if number is None or number >= len(self._idf):
            return float(np.log1p((self._count + 0.5) / 0.5))
        return float(self._idf[number])

    def save(self, folder: Path) -> None:
        """Write it into `folder`, which is made."""
        self._bm25.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> "LexicalStore":
        """The store that `save` wrote."""
        import bm25s

        store = cls.__new__(cls)
        store._bm25 = bm25s.BM25.load(str(folder), show_progress=False, verbosity=0)
        store._learn_weights()
        return store
