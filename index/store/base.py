"""What the rest of the house asks of a place where vectors are kept."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]  # which rows


class VectorStore(Protocol):
    """Unit-length vectors by row number, searched by cosine. It never changes once made."""

    def __len__(self) -> int:
        """How many rows there are."""

    @property
    def dim(self) -> int:
        """The width of a row."""

    def search(self, queries: Vectors, k: int, among: Rows | None = None) -> tuple[Scores, Rows]:
        """Find the rows most similar to each query, of all or of those `among` (ascending).

        `queries` is (q, dim), finite, of unit length. Both results are (q, min(k, as many as there
        are)), best first: `scores[i][j]` is the cosine of `queries[i]` with row `rows[i][j]`; equal
        scores keep row order. Raises ValueError for another width, a value that is not finite, or
        k < 1. A store that is not exact may miss rows; the scores of those it finds are exact.
        """

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows, shape (len(rows), dim). Raises ValueError for others."""

    def cosines(self, query: Vectors, rows: Rows) -> Scores:
        """The cosine of a query of unit length with each of these rows, equal for equal rows."""

    def save(self, path: Path) -> None:
        """Write all of it to `path` and beside it; the class's `load` gives it back."""


def checked(store: VectorStore, queries: Vectors, k: int) -> None:
    """Raise ValueError where `search` is asked for what it does not give."""
    if queries.ndim != 2 or queries.shape[1] != store.dim:
        raise ValueError(f"queries have shape {queries.shape}; expected (q, {store.dim})")
    if not np.isfinite(queries).all():
        raise ValueError("a query holds a value that is not finite")
    if k < 1:
        raise ValueError(f"k is {k}; expected at least 1")


def check_rows(rows: Rows, count: int) -> None:
    """Raise ValueError where these are not all rows of a store that has so many."""
    if len(rows) and (rows.min() < 0 or rows.max() >= count):
        raise ValueError(f"rows {rows.min()}..{rows.max()} are not all in 0..{count - 1}")
