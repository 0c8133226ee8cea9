"""Vectors that are read and never searched, in eight bits a value."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.store.base import Rows, Scores, Vectors, check_rows
from index.store.mapped import Mapped, arrays_in, write_arrays

# A value is a whole number of steps, of which the greatest of its row has 127.
_STEPS = 127
# That greatest value is kept to 17 bits: 127 times it is exact, so that what was read from a store
# and is put into another one stays what it is.
_BITS_LESS = 7


class RoundedStore:
    """Unit-length rows; a cosine is off by .0004 (one standard deviation, 384 values a row).

    Reading from several threads is safe.
    """

    def __init__(self, codes: NDArray[np.int8], greatest: Vectors) -> None:
        """Keep them. Raises ValueError where there are not as many of one as of the other."""
        if codes.ndim != 2 or greatest.shape != codes.shape[:1]:
            raise ValueError(f"{greatest.shape} scales do not fit rows of shape {codes.shape}")
        self._codes, self._greatest = codes, greatest
        self._mapped: Mapped | None = None

    @classmethod
    def of(cls, parts: Iterable[Vectors], count: int, dim: int) -> "RoundedStore":
        """A store of `count` rows that come in parts: more than fit in memory as floats.

        Raises ValueError where they are not so many.
        """
        store = cls(np.empty((count, dim), np.int8), np.empty(count, np.float32))
        at = 0
        for part in parts:
            rows = slice(at, at := at + len(part))
            if at > count:
                break
            store._greatest[rows] = most = _short(np.abs(part).max(axis=1))
            store._codes[rows] = np.rint(part * _STEPS / np.where(most > 0, most, 1)[:, None])
        if at != count:
            raise ValueError(f"{at} rows came; expected {count}")
        return store

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def dim(self) -> int:
        """The width of a row."""
        return int(self._codes.shape[1])

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows, shape (len(rows), dim). Raises ValueError for others."""
        codes, greatest = self._read(rows)
        vectors: Vectors = codes * greatest[:, None] / np.float32(_STEPS)
        return vectors

    def cosines(self, query: Vectors, rows: Rows) -> Scores:
        """See `VectorStore`."""
        codes, greatest = self._read(rows)
        cosines: Scores = np.einsum("ij,j->i", codes, query) * greatest / np.float32(_STEPS)
        return cosines

    def _read(self, rows: Rows) -> tuple[Vectors, Vectors]:
        check_rows(rows, len(self))
        if self._mapped:
            self._mapped.touched(len(rows))
        return self._codes[rows].astype(np.float32), self._greatest[rows]

    def save(self, path: Path) -> None:
        """Write all of it; the same bytes for the same content."""
        write_arrays(path, (self._codes, self._greatest))

    @classmethod
    def load(cls, path: Path) -> "RoundedStore":
        """The store that `save` wrote, mapped; the caller has checked that the bytes are the same.

        Raises ValueError where they are no such store.
        """
        mapped = Mapped(path)
        codes, greatest = arrays_in(mapped, 2)
        store = cls(codes, greatest)
        store._mapped = mapped
        return store


def _short(values: Vectors) -> Vectors:
    """Values above 0, rounded to fewer bits."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    short = (bits + (1 << _BITS_LESS - 1)) >> _BITS_LESS << _BITS_LESS
    return short.view(np.float32)
