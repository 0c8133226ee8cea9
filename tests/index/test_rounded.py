from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store.base import Vectors
from index.store.rounded import RoundedStore


def unit(rows: int, dim: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, dim))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def store_of(vectors: Vectors) -> RoundedStore:
    return RoundedStore.of(np.array_split(vectors, 3), *vectors.shape)


def test_rows_come_back_nearly_as_they_were() -> None:
    vectors = unit(1_000, 384, 0)
    store = store_of(vectors)
    assert (len(store), store.dim) == (1_000, 384)
    rows = np.array([999, 0, 3, 3])
    np.testing.assert_allclose(store.vectors(rows), vectors[rows], atol=1e-3)
    np.testing.assert_allclose(
        store.cosines(vectors[3], rows), vectors[rows] @ vectors[3], atol=2e-3
    )
    assert np.std(store.cosines(vectors[3], np.arange(1_000)) - vectors @ vectors[3]) < 5e-4


def test_rows_along_an_axis_are_exact_and_one_of_nothing_stays_nothing() -> None:
    rows = np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 0]], np.float32)
    store = store_of(rows)
    assert store.vectors(np.arange(3)).tolist() == rows.tolist()
    assert store.cosines(np.array([0.6, 0.8, 0], np.float32), np.arange(3)).tolist() == [
        np.float32(0.8),
        -np.float32(0.6),
        0,
    ]


@given(st.integers(0, 2**32 - 1))
def test_what_is_read_and_stored_again_stays_what_it_is(seed: int) -> None:
    once = store_of(unit(9, 48, seed)).vectors(np.arange(9))
    np.testing.assert_array_equal(store_of(once).vectors(np.arange(9)), once)


def test_equal_rows_have_equal_cosines_wherever_they_stand() -> None:
    vectors = unit(50, 384, 1)
    vectors[[7, 23, 49]] = vectors[0]
    cosines = store_of(vectors).cosines(vectors[5], np.array([49, 0, 23, 5, 7]))
    assert len({*cosines[[0, 1, 2, 4]].tolist()}) == 1


def test_it_is_loaded_as_it_was_saved(tmp_path: Path) -> None:
    store = store_of(unit(20, 384, 2))
    store.save(tmp_path / "rows")
    loaded = RoundedStore.load(tmp_path / "rows")
    np.testing.assert_array_equal(loaded.vectors(np.arange(20)), store.vectors(np.arange(20)))
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "rows").read_bytes()


def test_there_may_be_no_row(tmp_path: Path) -> None:
    store = RoundedStore.of([], 0, 384)
    store.save(tmp_path / "none")
    assert RoundedStore.load(tmp_path / "none").vectors(np.arange(0)).shape == (0, 384)


@pytest.mark.parametrize("row", [-1, 20])
def test_other_rows_are_refused(row: int) -> None:
    with pytest.raises(ValueError, match=r"rows -?\d+\.\.-?\d+ are not all in 0\.\.19"):
        store_of(unit(20, 8, 2)).vectors(np.array([row]))


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit rows of shape"):
        RoundedStore(np.zeros((2, 3), np.int8), np.zeros(3, np.float32))


@pytest.mark.parametrize("count", [0, 19, 21])
def test_more_or_fewer_rows_than_told_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"rows came; expected {count}$"):
        RoundedStore.of(np.array_split(unit(20, 8, 2), 3), count, 8)
