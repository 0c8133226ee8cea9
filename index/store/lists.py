"""Many vectors in lists around centres: the nearest are read, what is best there is re-scored.

FAISS's inverted file with scalar quantisation: eight bits a value say which rows are worth a look,
the exact rows say in which order they come.
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.store.base import Rows, Scores, Vectors, checked
from index.store.faiss import FaissStore, mapped_index, selector, write_index

_faiss: Any = faiss  # its stubs lack some of what it has

# So many times k are re-scored: eight bits a value may swap neighbours, not more. With 2 and 4 the
# recall@10 of 100,000 rows is the same to the third digit.
_REFINED = 4
_TRAINED_ON = 40  # rows a centre; FAISS asks for 39 at least
_AT_ONCE = 2**16  # rows that are added; there may be more than fit in memory
# Of so few rows that may be found, as by a filter, each is looked at: lists hold too few of them.
_FEW = 50_000


class ListStore:
    """Search over unit-length rows that may miss some. Reading from several threads is safe.

    What it finds has its exact cosine; rows with equal scores keep their order.
    """

    def __init__(self, exact: FaissStore, lists: int) -> None:
        """Put the rows of `exact`, which is kept, into so many lists; all are probed at first."""
        self.exact = exact
        self._mapped: Any = None
        self._lists: Any = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(exact.dim),
            exact.dim,
            lists,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        self._lists.cp.min_points_per_centroid = 1  # it prints a warning where there are fewer
        step = max(1, len(exact) // (_TRAINED_ON * lists))
        self._lists.train(exact.vectors(np.arange(0, len(exact), step)))
        for start in range(0, len(exact), _AT_ONCE):
            stop = min(start + _AT_ONCE, len(exact))
            self._lists.add(exact.vectors(np.arange(start, stop)))
        self.probed = lists

    def __len__(self) -> int:
        return len(self.exact)

    @property
    def dim(self) -> int:
        """The width of a row."""
        return self.exact.dim

    @property
    def lists(self) -> int:
        """How many lists there are."""
        return int(self._lists.nlist)

    @property
    def probed(self) -> int:
        """How many lists a search reads. It is set before the store is shared."""
        return int(self._lists.nprobe)

    @probed.setter
    def probed(self, count: int) -> None:
        self._lists.nprobe = count

    def search(self, queries: Vectors, k: int, among: Rows | None = None) -> tuple[Scores, Rows]:
        """See `VectorStore.search`. Where few rows count, or lists hold too few, it is exact."""
        if among is not None and len(among) <= _FEW:
            return self.exact.search(queries, k, among)
        checked(self, queries, k)
        queries = np.ascontiguousarray(queries, np.float32)
        k = min(k, len(self if among is None else among))
        wanted = min(_REFINED * k, len(self))
        near = self._lists.search(queries, wanted, params=self._parameters(among))[1]
        found = [self._best(*pair, k, among) for pair in zip(queries, near, strict=True)]
        scores = np.array([each for each, _ in found], np.float32).reshape(-1, k)
        return scores, np.array([rows for _, rows in found], np.int64).reshape(-1, k)

    def _parameters(self, among: Rows | None) -> Any:
        """Of a search: the lists to probe, and which rows count."""
        if among is None:
            return _faiss.SearchParametersIVF(nprobe=self.probed)
        return _faiss.SearchParametersIVF(nprobe=self.probed, sel=selector(among, len(self)))

    def _best(self, query: Vectors, near: Rows, k: int, among: Rows | None) -> tuple[Scores, Rows]:
        """The k best of these rows by their exact cosine; -1 stands for none."""
        rows = near[near >= 0]
        if len(rows) < k:
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
        """Write the rows to `path`, and the lists beside it."""
        self.exact.save(path)
        write_index(self._lists, lists_beside(path))

    @classmethod
    def load(cls, path: Path) -> "ListStore":
        """The store that `save` wrote; the caller has checked that the bytes are the same."""
        store = cls.__new__(cls)
        store.exact = FaissStore.load(path)
        store._mapped, store._lists = mapped_index(lists_beside(path))
        if (len(store), store.dim) != (store._lists.ntotal, store._lists.d):
            raise ValueError(f"lists of {store._lists.ntotal} rows, not {len(store)}")
        return store


def lists_beside(path: Path) -> Path:
    """Where the lists over the rows at `path` stand."""
    return path.with_suffix(".lists")
