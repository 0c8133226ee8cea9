"""Vectors in a flat FAISS index: exact cosine search in memory. The one door to faiss."""

from typing import Any

import faiss
import numpy as np

from index.store.base import Rows, Scores, Vectors


class FaissStore:
    """Exact search over unit-length float32 rows. Reading from several threads is safe."""

    def __init__(self, vectors: Vectors) -> None:
        """Keep a copy of `vectors`, shape (n, dim); n may be 0."""
        self._flat: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._flat.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def __len__(self) -> int:
        return int(self._flat.ntotal)

    @property
    def dim(self) -> int:
        """The width of a row."""
        return int(self._flat.d)

    def search(self, queries: Vectors, k: int) -> tuple[Scores, Rows]:
        """See `VectorStore.search`."""
        self._check(queries, k)
        k = min(k, len(self))
        if not k:
            return np.empty((len(queries), 0), np.float32), np.empty((len(queries), 0), np.int64)
        scores, rows = self._past_ties(np.ascontiguousarray(queries, np.float32), k)
        order = np.lexsort((rows, -scores), axis=1)[:, :k]
        return np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)

    def _past_ties(self, queries: Vectors, k: int) -> tuple[Scores, Rows]:
        """At least the k best rows of each query, and every row that ties with the k-th.

        FAISS puts equal scores in descending row order and cuts among them where k falls.
        """
        wanted = min(k + 1, len(self))
        scores, rows = self._flat.search(queries, wanted)
        while wanted < len(self) and (scores[:, k - 1] == scores[:, -1]).any():
            wanted = min(2 * wanted, len(self))
            scores, rows = self._flat.search(queries, wanted)
        return scores, rows

    def vectors(self, rows: Rows) -> Vectors:
        """See `VectorStore.vectors`."""
        if len(rows) and (rows.min() < 0 or rows.max() >= len(self)):
            raise ValueError(f"rows {rows.min()}..{rows.max()} are not all in 0..{len(self) - 1}")
        if not len(rows):
            return np.empty((0, self.dim), np.float32)
        found: Vectors = self._flat.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return found

    def to_bytes(self) -> bytes:
        """The index as FAISS writes it. Not self-checking: keep its SHA-256 beside it."""
        written: bytes = faiss.serialize_index(self._flat).tobytes()
        return written

    @classmethod
    def from_bytes(cls, data: bytes) -> "FaissStore":
        """The store that `to_bytes` wrote; the caller has checked that the bytes are the same."""
        store = cls.__new__(cls)
        store._flat = faiss.deserialize_index(np.frombuffer(data, np.uint8))
        return store

    def _check(self, queries: Vectors, k: int) -> None:
        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise ValueError(f"queries have shape {queries.shape}; expected (q, {self.dim})")
        if not np.isfinite(queries).all():
            raise ValueError("a query holds a value that is not finite")
        if k < 1:
            raise ValueError(f"k is {k}; expected at least 1")
