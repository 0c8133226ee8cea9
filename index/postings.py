"""BM25: what each word is worth in each row, and the best rows, without adding up all of them."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.store.base import Mask, Rows, Scores

# A posting longer than this is added up for every row only if it could matter for the best ones.
_LONG = 20_000
# Sums in another order differ by some 1e-6 of them; a bound is loosened by this share.
_SLACK = 1e-4
_LOOKED_UP = 4  # to look a row's worth up takes as long as adding so many
_AT_ONCE = 100_000  # rows that are counted together


class Postings:
    """For each term the rows that hold it, ascending, and what it is worth in each.

    Those of term t are `rows` and `worth` from `starts[t]` to `starts[t + 1]`. All worth is
    positive; there are `count` rows. `rarity` is that of each term, `greatest` its most worth,
    which is found out where it is not given.
    """

    def __init__(
        self,
        rows: NDArray[np.int32],
        worth: Scores,
        starts: Rows,
        count: int,
        greatest: Scores | None = None,
    ) -> None:
        self._rows = rows
        self._worth = worth
        self._starts = starts
        self._count = count
        self._greatest = _greatest_of(worth, starts) if greatest is None else greatest
        self.rarity = _rarity(np.diff(starts), count)

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def rows(self, term: int) -> NDArray[np.int32]:
        """The rows with this term."""
        return self._rows[self._starts[term] : self._starts[term + 1]]

    def arrays(self) -> tuple[NDArray[np.int32], Scores, Rows, Scores]:
        """All it holds but the number of rows."""
        return self._rows, self._worth, self._starts, self._greatest

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
        soon as rows that hold only what is left cannot reach the k-th best sum, and few others may,
        the rest is looked up for those alone.
        """
        often = Counter(terms)
        order = sorted(often, key=lambda term: len(self.rows(term)))
        left = sum(often[term] * float(self._greatest[term]) for term in order)
        watched = next((self.rows(t) for t in order if len(self.rows(t)) >= k), None)
        sums, least, found = np.zeros(self._count, np.float32), 0.0, None
        for term in order:
            if found is None and least > left * (1 + _SLACK):
                found = self._few(sums, least - left, term)
            left -= often[term] * float(self._greatest[term])
            if found is None:
                self._add(sums, term, often[term], allowed)
                # So many rows at least have no less: more than those of one term need no look.
                least = _kth(sums[watched], k) if watched is not None else 0.0
            else:
                sums[found] += self.scores([term] * often[term], found)
                least = max(least, _kth(sums[found], k) if len(found) >= k else 0.0)
                found = found[sums[found] >= _loose(least - left)]
        if found is None:
            found = np.flatnonzero(sums >= _loose(least))
        return _ordered(found, self.scores(terms, found), k)

    def _few(self, sums: Scores, least: float, term: int) -> Rows | None:
        """The rows that have at least this, where it pays to look the term up for them alone."""
        if len(self.rows(term)) <= _LONG:
            return None
        found = np.flatnonzero(sums >= _loose(least))
        return found if len(found) * _LOOKED_UP < len(self.rows(term)) else None

    def _add(self, sums: Scores, term: int, times: int, allowed: Mask | None) -> None:
        rows = self.rows(term)
        worth = self._worth[self._starts[term] : self._starts[term + 1]]
        if times > 1:
            worth = worth * np.float32(times)
        if allowed is not None:
            worth = np.where(allowed[rows], worth, np.float32(0))
        sums[rows] += worth  # no row stands twice in a posting


def _greatest_of(worth: Scores, starts: Rows) -> Scores:
    """Each term's most worth; 0 for one that no row has."""
    greatest = np.zeros(len(starts) - 1, np.float32)
    held = np.diff(starts) > 0
    if held.any():
        greatest[held] = np.maximum.reduceat(worth, starts[:-1][held])
    return greatest


def _loose(least: float) -> np.float32:
    """A bound above 0 that no sum of at least this falls below by rounding."""
    return np.float32(max(least * (1 - _SLACK) - _SLACK, float(np.finfo(np.float32).tiny)))


def _kth(values: Scores, k: int) -> float:
    """The k-th greatest of at least k values."""
    return float(np.partition(values, -k)[-k])


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
