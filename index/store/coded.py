"""Many vectors searched by short codes: what is best by them is scored by the exact rows.

FAISS's product quantisation for its "fast scan" (Jégou, Douze, Schmid 2011; André, Kermarrec, Le
Scouarnec 2015): four bits stand for two values, all codes are read for a question. No row has to
lie near others to be found, as in lists around centres.
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.store.base import Rows, Scores, Vectors, checked
from index.store.faiss import FaissStore, mapped_index, write_index

_faiss: Any = faiss  # its stubs lack some of what it has

_BITS = 4  # the only number that fast scan takes
_TRAINED_ON = 50_000  # rows at most
_AT_ONCE = 2**16  # rows that are added; there may be more than fit in memory
# Of so few rows that may be found, as by a filter, each is looked at: codes know of no filter.
_FEW = 50_000


class CodedStore:
    """Search over unit-length rows that may miss some. Reading from several threads is safe.

    What it finds has its exact cosine; rows with equal scores keep their order. `rescored` rows are
    scored for a question, or k if that is more; it is set before the store is shared.
    """

    def __init__(self, exact: FaissStore, rescored: int) -> None:
        """Make codes of the rows of `exact`, which is kept; there is at least one."""
        self.exact = exact
        self.rescored = rescored
        self._mapped: Any = None
        parts = exact.dim // 2 if exact.dim % 2 == 0 else exact.dim
        self._codes: Any = _faiss.IndexPQFastScan(
            exact.dim, parts, _BITS, faiss.METRIC_INNER_PRODUCT
        )
        self._codes.pq.cp.min_points_per_centroid = 1  # it prints a warning where there are fewer
        step = -(-len(exact) // _TRAINED_ON)
        self._codes.train(exact.vectors(np.arange(0, len(exact), step)))
        for start in range(0, len(exact), _AT_ONCE):
            stop = min(start + _AT_ONCE, len(exact))
            self._codes.add(exact.vectors(np.arange(start, stop)))

    def __len__(self) -> int:
        return len(self.exact)

    @property
    def dim(self) -> int:
        """The width of a row."""
        return self.exact.dim

    def search(self, queries: Vectors, k: int, among: Rows | None = None) -> tuple[Scores, Rows]:
        """See `VectorStore.search`. Where few rows count, it is exact."""
        if among is not None and len(among) <= _FEW:
            return self.exact.search(queries, k, among)
        checked(self, queries, k)
        allowed, wanted = None, max(self.rescored, k)
        if among is not None:
            allowed = np.zeros(len(self), bool)
            allowed[among] = True
            wanted = wanted * len(self) // len(among)  # as many of those that count, about
        k = min(k, len(self if among is None else among))
        near = self._codes.search(
            np.ascontiguousarray(queries, np.float32), min(wanted, len(self))
        )[1]
        best = [self._best(*pair, k, allowed) for pair in zip(queries, near, strict=True)]
        scores = np.array([each for each, _ in best], np.float32).reshape(-1, k)
        return scores, np.array([rows for _, rows in best], np.int64).reshape(-1, k)

    def _best(self, query: Vectors, near: Rows, k: int, allowed: Any) -> tuple[Scores, Rows]:
        """The k best of these rows by their exact cosine; -1 stands for none."""
        rows = near[near >= 0]
        if allowed is not None:
            rows = rows[allowed[rows]]
        if len(rows) < k:
            among = None if allowed is None else np.flatnonzero(allowed)
            scores, all_rows = self.exact.search(query[None], k, among)
            return scores[0], all_rows[0]
        cosines = self.exact.cosines(query, rows)
        order = np.lexsort((rows, -cosines))[:k]
        return cosines[order], rows[order]

    def vectors(self, rows: Rows) -> Vectors:
        """See `VectorStore.vectors`."""
        return self.exact.vectors(rows)

    def cosines(self, query: Vectors, rows: Rows) -> Scores:
        """See `VectorStore`."""
        return self.exact.cosines(query, rows)

    def save(self, path: Path) -> None:
        """Write the rows to `path`, and the codes beside it."""
        self.exact.save(path)
        write_index(self._codes, codes_beside(path))

    @classmethod
    def load(cls, path: Path, rescored: int) -> "CodedStore":
        """The store that `save` wrote; the caller has checked that the bytes are the same."""
        store = cls.__new__(cls)
        store.exact = FaissStore.load(path)
        store.rescored = rescored
        store._mapped, store._codes = mapped_index(codes_beside(path))
        if (len(store), store.dim) != (store._codes.ntotal, store._codes.d):
            raise ValueError(f"codes of {store._codes.ntotal} rows, not {len(store)}")
        return store


def codes_beside(path: Path) -> Path:
    """Where the codes of the rows at `path` stand."""
    return path.with_suffix(".codes")
