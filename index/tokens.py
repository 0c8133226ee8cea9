"""Token vectors: each word of a sentence as it is meant there, for late interaction.

A sentence's one vector blurs what a question insists on. Token by token (Khattab and Zaharia 2020,
ColBERT) each part of the question has to find its like; the encoder computes these vectors anyway.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.outline import check_parted, firsts, rows_of
from index.store.base import Rows, Scores, Vectors
from index.store.mapped import Mapped, arrays_in, write_arrays

Codes = NDArray[np.int8] | NDArray[np.uint8]  # eight bits a value, or packed: two bits a value

# Values of stored vectors in steps of 1/127, in a quarter of the space: a cosine is off by .002
# (one standard deviation). A question's are taken in steps of 1/65,536. Both are whole numbers
# then, and no sum of their products passes 127 · 65,536 < 2²⁴, so it is exact in float32: equal
# texts get equal scores wherever they stand in a matrix.
_STEPS = 127
_FINE_STEPS = 65_536
# In two bits a value is one of four, -3, -1, 1 and 3: which side of 0 it is on, and whether it is
# further from it than most. Products with it are exact, too. On squad2 the confidence then differs
# by .005 on average, the mrr@10 by .003.
_FAR = 6  # steps of 1/127
_PACKED_LENGTH = 33.75  # product of a unit vector with its packed one, on average
_LEVELS = np.array([1, -1, 3, -3], np.float32)
_AT_ONCE = 128  # tokens, which as floats fit in a core's own cache; all at once takes .4 ms longer
_UNPACKED = _LEVELS[(np.arange(256)[:, None] >> np.array([0, 2, 4, 6])) & 3]  # four a byte


def to_codes(vectors: Vectors) -> NDArray[np.int8]:
    """Unit-length rows in eight bits a value."""
    codes: NDArray[np.int8] = np.rint(vectors * _STEPS).astype(np.int8)
    return codes


def packed(codes: Codes) -> NDArray[np.uint8]:
    """Rows in two bits a value; those that are packed already stay as they are."""
    if codes.dtype == np.uint8:
        return np.asarray(codes, np.uint8)
    filled = np.pad(codes, ((0, 0), (0, -codes.shape[1] % 4))).astype(np.int16)
    level = (filled < 0) | (np.abs(filled) > _FAR) << 1
    four = level.reshape(len(filled), filled.shape[1] // 4, 4) << np.array([0, 2, 4, 6])
    return np.asarray(four.sum(axis=2), np.uint8)


class TokenStore:
    """The token vectors of many texts: those of row r from `first[r]` to `first[r + 1]`."""

    def __init__(self, codes: Codes, first: Rows) -> None:
        """Keep them. Raises ValueError where `first` does not part `codes` into rows."""
        check_parted(first, len(codes), "token vectors")
        self._codes = codes
        self._first = first
        self._mapped: Mapped | None = None

    @classmethod
    def of(cls, rows: Iterable[Codes], dim: int, is_packed: bool = False) -> "TokenStore":
        """A store of these rows, all packed or none; one may have no token.

        Packed ones go to a file that has no name, in the folder for temporary files: there may be
        more of them than fit in memory. Raises OSError where that is full.
        """
        none = np.empty((0, dim), np.int8)
        if is_packed:
            return cls(*_filed(rows, packed(none)))
        kept = [*rows]
        return cls(np.concatenate([none, *kept]), firsts(map(len, kept)))

    def __len__(self) -> int:
        return len(self._first) - 1

    @property
    def is_packed(self) -> bool:
        """Whether the rows are in two bits a value."""
        return self._codes.dtype == np.uint8

    def row(self, number: int) -> Codes:
        """The tokens of one row."""
        return self._codes[self._first[number] : self._first[number + 1]]

    def nearest(self, asked: Vectors, rows: Rows) -> Scores:
        """The greatest cosine of each token of a question with one of each row.

        `asked` is (t, dim) of unit length, t at least 1; the result is (len(rows), t). It is 0 for
        a row without a token, which is like nothing.
        """
        nearest = np.zeros((len(rows), len(asked)), np.float32)
        places, begin = rows_of(self._first, rows)
        if not len(places):
            return nearest
        fine = np.rint(asked * np.float32(_FINE_STEPS))
        products = np.empty((len(places), len(asked)), np.float32)
        for start in range(0, len(places), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            products[part] = self._products(self._codes[places[part]], fine)
        some = np.diff(begin) > 0
        nearest[some] = np.maximum.reduceat(products, begin[:-1][some], axis=0)
        if self._mapped:
            self._mapped.touched(len(rows))
        return nearest

    def _products(self, codes: Codes, fine: Vectors) -> Scores:
        """The cosine of each row with each row of a question, in steps of 1/65,536."""
        if not self.is_packed:
            products = codes.astype(np.float32) @ fine.T
            return np.asarray(products / (_STEPS * _FINE_STEPS), np.float32)
        values = _UNPACKED[codes].reshape(len(codes), -1)[:, : fine.shape[1]]
        return np.asarray(values @ fine.T / (_PACKED_LENGTH * _FINE_STEPS), np.float32)

    def save(self, path: Path) -> None:
        """Write all of it; the same bytes for the same content."""
        write_arrays(path, (self._first, self._codes))

    @classmethod
    def load(cls, path: Path) -> "TokenStore":
        """The store that `save` wrote, mapped; the caller has checked that the bytes are the same.

        Raises ValueError where they are no such store.
        """
        mapped = Mapped(path)
        first, codes = arrays_in(mapped, 2)
        store = cls(codes, first)
        store._mapped = mapped
        return store


def _filed(rows: Iterable[Codes], none: Codes) -> tuple[Codes, Rows]:
    """All rows one after another, mapped, and where each begins."""
    counts = []
    with _blaming_folder():
        file = tempfile.TemporaryFile()  # noqa: SIM115  # closed below, in silence
    try:
        for row in rows:  # to make it may fail, too, and that is not for this folder
            with _blaming_folder():
                # Written, not mapped to write: a full disk would end this process there.
                file.write(row.tobytes())
            counts.append(len(row))
        with _blaming_folder():
            file.flush()
        shape = (sum(counts), none.shape[1])
        codes = np.asarray(np.memmap(file, none.dtype, "r", shape=shape)) if shape[0] else none
    finally:
        with suppress(OSError):  # it would tell of a full disk again
            file.close()
    return codes, firsts(counts)


@contextmanager
def _blaming_folder() -> Iterator[None]:
    """Tell of what cannot be written that it was to stand in the folder for temporary files."""
    try:
        yield
    except OSError as error:
        why = f"{error.strerror or error}, in the folder for temporary files, see TMPDIR"
        raise OSError(error.errno, why) from error
