"""What the rest of the house asks of a place where vectors are kept."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]
Rows = NDArray[np.int64]


class VectorStore(Protocol):
    """Unit-length vectors by row number, searched by cosine. It never changes once made."""

    def __len__(self) -> int:
        """How many rows there are."""

    @property
    def dim(self) -> int:
        """The width of a row."""

    def search(self, queries: Vectors, k: int) -> tuple[Scores, Rows]:
        """Find the rows most similar to each query.

        `queries` is (q, dim), finite, of unit length. Both results are (q, min(k, len(self))), best
        first: `scores[i][j]` is the cosine of `queries[i]` with row `rows[i][j]`; equal scores keep
        row order. Raises ValueError for another width, a value that is not finite, or k < 1.
        """

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows, shape (len(rows), dim). Raises ValueError for others."""

    def to_bytes(self) -> bytes:
        """All of it as bytes; the class's `from_bytes` gives it back."""
