"""Token vectors: each word of a sentence as it is meant there, for late interaction.

A sentence's one vector blurs what a question insists on. Token by token (Khattab and Zaharia 2020,
ColBERT) each part of the question has to find its like; the encoder computes these vectors anyway.
"""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.store.base import Rows, Scores, Vectors

Codes = NDArray[np.int8]

# Values of stored vectors in steps of 1/127, in a quarter of the space: a cosine is off by .002
# (one standard deviation). A question's are taken in steps of 1/65,536. Both are whole numbers
# then, and no sum of their products passes 127 · 65,536 < 2²⁴, so it is exact in float32: equal
# texts get equal scores wherever they stand in a matrix.
_STEPS = 127
_FINE_STEPS = 65_536


def to_codes(vectors: Vectors) -> Codes:
    """Unit-length rows in eight bits a value."""
    codes: Codes = np.rint(vectors * _STEPS).astype(np.int8)
    return codes


class TokenStore:
    """The token vectors of many texts: those of row r from `first[r]` to `first[r + 1]`."""

    def __init__(self, codes: Codes, first: Rows) -> None:
        """Keep them. Raises ValueError where `first` does not part `codes` into rows."""
        if not len(first) or first[0] or first[-1] != len(codes) or (np.diff(first) < 1).any():
            raise ValueError(f"{len(codes)} token vectors do not part into {len(first) - 1} rows")
        self._codes = codes
        self._first = first

    @classmethod
    def of(cls, rows: Sequence[Codes], dim: int) -> "TokenStore":
        """A store of these rows; one without a token holds a zero vector, which is like nothing."""
        filled = [row if len(row) else np.zeros((1, dim), np.int8) for row in rows]
        codes = np.concatenate(filled) if filled else np.empty((0, dim), np.int8)
        return cls(codes, np.cumsum([0, *map(len, filled)]).astype(np.int64))

    def __len__(self) -> int:
        return len(self._first) - 1

    def row(self, number: int) -> Codes:
        """The tokens of one row."""
        return self._codes[self._first[number] : self._first[number + 1]]

    def nearest(self, asked: Vectors, rows: Rows) -> Scores:
        """The greatest cosine of each token of a question with one of each row.

        `asked` is (t, dim) of unit length, t at least 1; the result is (len(rows), t).
        """
        if not len(rows):
            return np.empty((0, len(asked)), np.float32)
        counts = self._first[rows + 1] - self._first[rows]
        starts = np.cumsum(counts) - counts
        places = np.arange(counts.sum()) + np.repeat(self._first[rows] - starts, counts)
        fine = np.rint(asked * np.float32(_FINE_STEPS))
        products = self._codes[places].astype(np.float32) @ fine.T
        nearest = np.maximum.reduceat(products, starts, axis=0)
        return np.asarray(nearest / (_STEPS * _FINE_STEPS), np.float32)

    def to_bytes(self) -> bytes:
        """All of it as bytes; the same for the same content."""
        written = io.BytesIO()
        np.savez(written, codes=self._codes, first=self._first)
        return written.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "TokenStore":
        """The store that `to_bytes` wrote; the caller has checked that the bytes are the same."""
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            return cls(kept["codes"], kept["first"])
