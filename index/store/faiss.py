"""Vectors in a flat FAISS index: exact cosine search."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import faiss
import numpy as np

from index.store.base import Rows, Scores, Vectors, check_rows, checked
from index.store.mapped import Mapped

_faiss: Any = faiss  # its stubs lack some of what it has

# Where more rows may be found, none is copied: FAISS passes over the others. Of 100,000 rows of 384
# values, 1,000, 5,000 and 50,000 take .2, 3 and 35 ms if copied, and .4, 2.5 and 13 if not.
_COPIED = 5_000


class FaissStore:
    """Exact search over unit-length rows. Reading from several threads is safe."""

    def __init__(self, vectors: Vectors) -> None:
        """Keep a copy of `vectors`, shape (n, dim); n may be 0."""
        self._keep([vectors], vectors.shape[1])

    @classmethod
    def of(cls, parts: Iterable[Vectors], dim: int) -> "FaissStore":
        """The same of vectors that come in parts: there may be more than fit in memory twice."""
        store = cls.__new__(cls)
        store._keep(parts, dim)
        return store

    def _keep(self, parts: Iterable[Vectors], dim: int) -> None:
        self._mapped: Mapped | None = None
        self._flat: Any = faiss.IndexFlatIP(dim)
        for part in parts:
            self._flat.add(np.ascontiguousarray(part, np.float32))

    def __len__(self) -> int:
        return int(self._flat.ntotal)

    @property
    def dim(self) -> int:
        """The width of a row."""
        return int(self._flat.d)

    def search(self, queries: Vectors, k: int, among: Rows | None = None) -> tuple[Scores, Rows]:
        """See `VectorStore.search`."""
        checked(self, queries, k)
        if among is not None and len(among) <= _COPIED:
            return self._search_copied(queries, k, among)
        k = min(k, len(self if among is None else among))
        if not k:
            return np.empty((len(queries), 0), np.float32), np.empty((len(queries), 0), np.int64)
        scores, rows = self._past_ties(np.ascontiguousarray(queries, np.float32), k, among)
        order = np.lexsort((rows, -scores), axis=1)[:, :k]
        return np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)

    def _past_ties(self, queries: Vectors, k: int, among: Rows | None) -> tuple[Scores, Rows]:
        """At least the k best rows of each query, and every row that ties with the k-th.

        FAISS puts equal scores in descending row order and cuts among them where k falls.
        """
        most = len(self if among is None else among)
        sel = None if among is None else _selector(among, len(self))
        params = _faiss.SearchParameters(sel=sel)
        wanted = min(k + 1, most)
        scores, rows = self._flat.search(queries, wanted, params=params)
        while wanted < most and (scores[:, k - 1] == scores[:, -1]).any():
            wanted = min(2 * wanted, most)
            scores, rows = self._flat.search(queries, wanted, params=params)
        return scores, rows

    def _search_copied(self, queries: Vectors, k: int, among: Rows) -> tuple[Scores, Rows]:
        """The best of a few rows."""
        vectors = self.vectors(among)
        scores = np.array([vectors @ query for query in queries], np.float32)
        scores = scores.reshape(len(queries), len(among))
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(scores, order, 1), among[order]

    def vectors(self, rows: Rows) -> Vectors:
        """See `VectorStore.vectors`."""
        check_rows(rows, len(self))
        if not len(rows):
            return np.empty((0, self.dim), np.float32)
        found: Vectors = self._flat.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        if self._mapped:
            self._mapped.touched(len(rows))
        return found

    def cosines(self, query: Vectors, rows: Rows) -> Scores:
        """See `VectorStore`; `vectors @ query` may differ in the last bit for equal rows."""
        cosines: Scores = np.einsum("ij,j->i", self.vectors(rows), query)
        return cosines

    def save(self, path: Path) -> None:
        """Write the index as FAISS does. Not self-checking: keep its SHA-256 beside it."""
        write_index(self._flat, path)

    @classmethod
    def load(cls, path: Path) -> "FaissStore":
        """The store that `save` wrote; the caller has checked that the bytes are the same."""
        store = cls.__new__(cls)
        store._mapped, store._flat = mapped_index(path)
        return store


def _selector(among: Rows, count: int) -> Any:
    """What tells FAISS that of `count` rows these may be found."""
    chosen = np.zeros(count, bool)
    chosen[among] = True
    return _faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))


def mapped_index(path: Path) -> tuple[Mapped, Any]:
    """An index in a mapped file, which has to be kept as long as the index is."""
    mapped = Mapped(path)
    reader = _faiss.ZeroCopyIOReader(faiss.swig_ptr(mapped.bytes), len(mapped.bytes))
    return mapped, faiss.read_index(reader)


def write_index(index: Any, path: Path) -> None:
    """Write an index. FAISS's own way leaves a short file, and no word, where the disk is full."""
    with path.open("wb") as stream:
        told: list[OSError] = []
        try:
            faiss.write_index(index, _faiss.PyCallbackIOWriter(_told(stream, told), 2**22))
        except Exception as error:
            if told:
                raise told[0] from error
            raise


def _told(stream: BinaryIO, errors: list[OSError]) -> Any:
    """Writes to the stream; FAISS keeps what goes wrong there to itself."""

    def write(data: bytes) -> None:
        try:
            stream.write(data)
        except OSError as error:
            errors.append(error)
            raise

    return write
