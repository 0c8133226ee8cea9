"""BM25: what each word is worth in each row, and the best rows, without adding up all of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.store.base import Mask, Rows, Scores

# A posting longer than this is added up for every row only if it could matter for the best ones.
_LONG = 20_000
# Sums in another order differ by some 1e-6 of them; a bound is loosened by this share.
_SLACK = 1e-4
_AT_ONCE = 100_000  # rows that are counted together


class Postings:
    """For each term the rows that hold it, ascending, and what it is worth in each.

    Those of term t are `rows` and `worth` from `starts[t]` to `starts[t + 1]`. All worth is
    positive; there are `count` rows. `rarity` is that of each term.
    """

    def __init__(self, rows: NDArray[np.int32], worth: Scores, starts: Rows, count: int) -> None:
        self._rows = rows
        self._worth = worth
        self._starts = starts
        self._count = count
        self.rarity = _rarity(np.diff(starts), count)

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def rows(self, term: int) -> NDArray[np.int32]:
        """The rows with this term."""
        return self._rows[self._starts[term] : self._starts[term + 1]]

    def arrays(self) -> tuple[NDArray[np.int32], Scores, Rows]:
        """All it holds but the number of rows."""
        return self._rows, self._worth, self._starts

    def scores(self, terms: Sequence[int], rows: Rows) -> Scores:
        """The sum for each of these rows, its terms added in the order given."""
        scores = np.zeros(len(rows), np.float32)
        for term in terms:
            at, held = self._places(term, rows)
            scores[held] += self._worth[self._starts[term] + at[held]]
        return scores

    def held(self, term: int, rows: Rows) -> Mask:
        """Which of these rows have the term."""
        return self._places(term, rows)[1]

    def _places(self, term: int, rows: Rows) -> tuple[Rows, Mask]:
        """Where each row would stand in the term's posting, and whether it does."""
        posting = self.rows(term)
        at = np.searchsorted(posting, rows.astype(posting.dtype))
        return at, posting[np.minimum(at, len(posting) - 1)] == rows if len(posting) else at > 0

    def best(
        self, terms: Sequence[int], k: int, allowed: Mask | None = None
    ) -> tuple[Rows, Scores]:
        """The `k` rows of the greatest sums above 0, best first, equal ones in row order.

        Long postings, of words that tell little, come last (Turtle and Flood 1995, MaxScore). As
        soon as rows that hold only what is left cannot reach the k-th best sum, the rest is looked
        up for those alone that may still be among the best.
        """
        order = sorted(terms, key=lambda term: len(self.rows(term)))
        left = np.cumsum([0.0, *(self._most(term) for term in reversed(order))])[::-1]
        sums, least, reach = np.zeros(self._count, np.float32), 0.0, 0.0
        for term, rest in zip(order, left.tolist(), strict=False):
            if len(self.rows(term)) > _LONG:
                least = _greatest(sums, k)
                if least > rest * (1 + _SLACK):
                    reach = rest
                    break
            self._add(sums, term, allowed)
        else:
            least = _greatest(sums, k)
        bound = max((least - reach) * (1 - _SLACK) - _SLACK, 0.0)
        rows = np.flatnonzero((sums >= bound) & (sums > 0))
        return _ordered(rows, self.scores(terms, rows), k)

    def _add(self, sums: Scores, term: int, allowed: Mask | None) -> None:
        rows = self.rows(term)
        worth = self._worth[self._starts[term] : self._starts[term + 1]]
        if allowed is not None:
            worth = np.where(allowed[rows], worth, np.float32(0))
        sums[rows] += worth  # no row stands twice in a posting

    def _most(self, term: int) -> float:
        worth = self._worth[self._starts[term] : self._starts[term + 1]]
        return float(worth.max(initial=0.0))


def _greatest(sums: Scores, k: int) -> float:
    """The k-th greatest sum; 0 where fewer are above that."""
    above = sums[sums > 0]
    return float(np.partition(above, -k)[-k]) if len(above) >= k else 0.0


def _ordered(rows: Rows, scores: Scores, k: int) -> tuple[Rows, Scores]:
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]


class Counting:
    """Postings in the making: texts come one by one, as numbers of their terms."""

    def __init__(self) -> None:
        self._waiting: list[NDArray[np.int32]] = []
        self._lengths: list[int] = []
        self._parts: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]] = []

    def add(self, terms: Sequence[int]) -> None:
        """Count the terms of the next row, each as often as it stands there."""
        self._waiting.append(np.array(terms, np.int32))
        self._lengths.append(len(terms))
        if len(self._waiting) == _AT_ONCE:
            self._count()

    def _count(self) -> None:
        """Each term of each row that waits, once, with how often it stands there."""
        first = len(self._lengths) - len(self._waiting)
        rows = np.repeat(np.arange(len(self._waiting)), [*map(len, self._waiting)])
        terms = np.concatenate([np.empty(0, np.int32), *self._waiting])
        keys, often = np.unique(rows << 32 | terms, return_counts=True)
        part = (keys >> 32) + first, keys & (2**32 - 1), often
        self._parts.append(tuple(each.astype(np.int32) for each in part))  # type: ignore[arg-type]
        self._waiting = []

    def postings(self, terms: int) -> Postings:
        """BM25 of what was counted, with so many terms: Lucene's variant, k1 = 1.5, b = 0.75."""
        self._count()
        rows, of, often = map(np.concatenate, zip(*self._parts, strict=True))
        self._parts = []
        starts = np.concatenate([[0], np.cumsum(np.bincount(of, minlength=terms))])
        order = np.argsort(of, kind="stable")
        rows, of, often = rows[order], of[order], often[order]
        lengths = np.array(self._lengths)
        idf = _rarity(np.diff(starts), len(lengths)).astype(np.float32)
        worth = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), _AT_ONCE):  # what is computed takes eight times the room
            part = slice(start, start + _AT_ONCE)
            length = 0.25 + 0.75 * lengths[rows[part]] / (lengths.mean() or 1.0)
            worth[part] = idf[of[part]] * (often[part] / (1.5 * length + often[part]))
        return Postings(rows, worth, starts, len(lengths))


def _rarity(frequency: Rows, count: int) -> NDArray[np.float64]:
    """Each term's rarity: ln(1 + (n - df + 0.5) / (df + 0.5)), as in BM25."""
    return np.log1p((count - frequency + 0.5) / (frequency + 0.5))
