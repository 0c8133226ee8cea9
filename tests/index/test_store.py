"""One contract for every place where vectors are kept, and the brute force that judges it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store.base import Rows, Scores, Vectors, VectorStore
from index.store.faiss import FaissStore


class BruteForce:
    """All products, sorted; a stable sort keeps row order."""

    def __init__(self, vectors: Vectors) -> None:
        self.rows = np.array(vectors, np.float32)
        self.dim = int(self.rows.shape[1])

    def __len__(self) -> int:
        return len(self.rows)

    def search(self, queries: Vectors, k: int, among: Rows | None = None) -> tuple[Scores, Rows]:
        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise ValueError(f"queries have shape {queries.shape}; expected (q, {self.dim})")
        if not np.isfinite(queries).all():
            raise ValueError("a query holds a value that is not finite")
        if k < 1:
            raise ValueError(f"k is {k}; expected at least 1")
        rows = np.arange(len(self)) if among is None else among
        scores = queries @ self.rows[rows].T
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(scores, order, 1), rows[order]

    def vectors(self, rows: Rows) -> Vectors:
        if any(not 0 <= row < len(self) for row in rows):
            raise ValueError(f"rows {min(rows)}..{max(rows)} are not all in 0..{len(self) - 1}")
        return self.rows[rows]

    def cosines(self, query: Vectors, rows: Rows) -> Scores:
        return self.rows[rows] @ query

    def save(self, path: Path) -> None:
        with path.open("wb") as stream:
            np.save(stream, self.rows)

    @classmethod
    def load(cls, path: Path) -> "BruteForce":
        return cls(np.load(path))


Backend = type[FaissStore] | type[BruteForce]

X, Y, Z = np.eye(3, dtype=np.float32)
BETWEEN = np.array([0.6, 0.8, 0.0], np.float32)  # of X and Y: 0.6 with X, 0.8 with Y


def found(store: VectorStore, query: Vectors, k: int) -> list[tuple[int, float]]:
    scores, rows = store.search(query[None], k)
    assert scores.dtype == np.float32
    assert rows.dtype == np.int64
    return [(int(r), round(float(s), 6)) for r, s in zip(rows[0], scores[0], strict=True)]


@pytest.mark.parametrize("backend", [FaissStore, BruteForce])
class TestContract:
    def test_the_most_similar_comes_first(self, backend: Backend) -> None:
        store = backend(np.array([X, BETWEEN, Z, Y]))
        assert found(store, X, 4) == [(0, 1.0), (1, 0.6), (2, 0.0), (3, 0.0)]
        assert found(store, Y, 2) == [(3, 1.0), (1, 0.8)]
        assert found(store, -X, 4) == [(2, 0.0), (3, 0.0), (1, -0.6), (0, -1.0)]

    def test_each_query_has_its_own_row_of_results(self, backend: Backend) -> None:
        scores, rows = backend(np.array([X, Y, Z])).search(np.array([Z, Y]), 1)
        assert rows.tolist() == [[2], [1]]
        assert scores.tolist() == [[1.0], [1.0]]

    def test_no_query_gives_no_row(self, backend: Backend) -> None:
        scores, rows = backend(np.array([X, Y, Z])).search(np.empty((0, 3), np.float32), 2)
        assert scores.shape == rows.shape == (0, 2)

    @pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
    def test_equal_scores_keep_row_order_wherever_k_cuts(self, backend: Backend, k: int) -> None:
        store = backend(np.array([Y, X, Y, X, X]))
        assert found(store, X, k) == [(1, 1.0), (3, 1.0), (4, 1.0), (0, 0.0), (2, 0.0)][:k]

    def test_a_hundred_equal_rows_keep_their_order(self, backend: Backend) -> None:
        store = backend(np.array([*[X] * 100, Y, *[X] * 100]))
        assert [row for row, _ in found(store, X, 101)] == [*range(100), 101]
        assert found(store, Y, 3) == [(100, 1.0), (0, 0.0), (1, 0.0)]

    def test_k_beyond_the_last_row_gives_them_all(self, backend: Backend) -> None:
        assert found(backend(np.array([X, Y])), X, 9) == [(0, 1.0), (1, 0.0)]

    def test_an_empty_store_finds_nothing(self, backend: Backend) -> None:
        store = backend(np.empty((0, 3), np.float32))
        assert (len(store), store.dim) == (0, 3)
        assert found(store, X, 5) == []
        assert store.vectors(np.array([], np.int64)).shape == (0, 3)

    @pytest.mark.parametrize("copied", [0, 99])
    @pytest.mark.parametrize("k", [1, 2, 3, 4, 9])
    def test_among_some_rows_the_best_of_those_are_found_in_row_order(
        self, backend: Backend, monkeypatch: pytest.MonkeyPatch, copied: int, k: int
    ) -> None:
        monkeypatch.setattr("index.store.faiss._COPIED", copied)
        store = backend(np.array([X, Y, X, BETWEEN, X, Z, X]))
        scores, rows = store.search(np.array([X, Z]), k, np.array([1, 2, 3, 4, 6]))
        assert rows.tolist() == [[2, 4, 6, 3, 1][:k], [1, 2, 3, 4, 6][:k]]
        expected = np.array([[1, 1, 1, 0.6, 0], [0] * 5], np.float32)[:, :k]
        np.testing.assert_allclose(scores, expected, atol=1e-6)

    @pytest.mark.parametrize("copied", [-1, 99])
    def test_among_no_rows_nothing_is_found(
        self, backend: Backend, monkeypatch: pytest.MonkeyPatch, copied: int
    ) -> None:
        monkeypatch.setattr("index.store.faiss._COPIED", copied)
        scores, rows = backend(np.array([X, Y])).search(np.array([X, Z]), 3, np.array([], np.int64))
        assert scores.shape == rows.shape == (2, 0)

    @pytest.mark.parametrize("shape", [(1, 2), (1, 4), (3,)])
    def test_another_width_is_refused(self, backend: Backend, shape: tuple[int, ...]) -> None:
        with pytest.raises(ValueError, match=r"queries have shape \(.*\); expected \(q, 3\)"):
            backend(np.array([X])).search(np.zeros(shape, np.float32), 1)

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_a_query_that_is_not_finite_is_refused(self, backend: Backend, value: float) -> None:
        query = np.array([X, [0.0, value, 1.0]], np.float32)
        with pytest.raises(ValueError, match="a query holds a value that is not finite"):
            backend(np.array([X])).search(query, 1)

    @pytest.mark.parametrize("k", [0, -1])
    def test_k_is_at_least_one(self, backend: Backend, k: int) -> None:
        with pytest.raises(ValueError, match=f"k is {k}; expected at least 1"):
            backend(np.array([X])).search(X[None], k)

    def test_vectors_come_in_the_order_asked(self, backend: Backend) -> None:
        store = backend(np.array([X, Y, Z]))
        assert store.vectors(np.array([2, 0, 2])).tolist() == [Z.tolist(), X.tolist(), Z.tolist()]
        assert store.vectors(np.array([], np.int64)).shape == (0, 3)

    @pytest.mark.parametrize("rows", [[-1], [3], [0, 3], [-1, 3]])
    def test_a_row_that_is_not_there_is_refused(self, backend: Backend, rows: list[int]) -> None:
        places = rf"rows {min(rows)}\.\.{max(rows)} are not all in 0\.\.2"
        with pytest.raises(ValueError, match=places):
            backend(np.array([X, Y, Z])).vectors(np.array(rows))

    @pytest.mark.parametrize("count", [0, 1, 4])
    def test_its_file_gives_the_store_back(
        self, backend: Backend, count: int, tmp_path: Path
    ) -> None:
        rows = np.array([X, BETWEEN, Z, Y])[:count]
        backend(rows).save(tmp_path / "store")
        store = backend.load(tmp_path / "store")
        assert (len(store), store.dim) == (count, 3)
        assert store.vectors(np.arange(count)).tolist() == rows.tolist()
        assert found(store, BETWEEN, 9) == found(backend(rows), BETWEEN, 9)

    def test_the_cosines_of_some_rows_come_in_their_order(self, backend: Backend) -> None:
        store = backend(np.array([X, BETWEEN, Z, Y]))
        cosines = store.cosines(X, np.array([3, 1, 0, 1]))
        assert [round(float(c), 6) for c in cosines] == [0.0, 0.6, 1.0, 0.6]
        assert store.cosines(X, np.array([], np.int64)).tolist() == []

    def test_a_store_keeps_its_own_copy(self, backend: Backend) -> None:
        rows = np.array([X, Y])
        store = backend(rows)
        rows[:] = 0
        assert found(store, X, 1) == [(0, 1.0)]


# Unit length, and products without rounding: axes and halves. So many are equal.
_HALF = st.sampled_from([-0.5, 0.5])
_AXES = st.sampled_from([*np.eye(4).tolist(), *(-np.eye(4)).tolist()])
_UNIT = st.lists(_HALF, min_size=4, max_size=4) | _AXES
_ROWS = st.lists(_UNIT, max_size=40).map(lambda v: np.array(v, np.float32).reshape(-1, 4))


@given(_ROWS, _ROWS, st.integers(1, 50), st.sampled_from([0, 99]), st.data())
def test_faiss_finds_among_some_what_brute_force_finds(
    rows: Vectors, queries: Vectors, k: int, copied: int, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    among = np.flatnonzero(np.array(chosen, bool))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.store.faiss._COPIED", copied)
        scores, order = FaissStore(rows).search(queries, k, among)
    expected_scores, expected_order = BruteForce(rows).search(queries, k, among)
    assert order.tolist() == expected_order.tolist()
    assert scores.tolist() == expected_scores.tolist()


@given(_ROWS, _ROWS, st.integers(1, 50))
def test_faiss_finds_what_brute_force_finds(rows: Vectors, queries: Vectors, k: int) -> None:
    scores, order = FaissStore(rows).search(queries, k)
    expected_scores, expected_order = BruteForce(rows).search(queries, k)
    assert order.tolist() == expected_order.tolist()
    assert scores.tolist() == expected_scores.tolist()
