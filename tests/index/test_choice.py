"""How a store is searched, by its size and by what was measured."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.store.base import Rows, Vectors
from index.store.choice import Search, asked_of, chosen, recall_of
from index.store.faiss import FaissStore
from index.store.lists import ListStore, lists_beside
from index.store.rounded import RoundedStore

TOPICS, EACH, DIM = 20, 50, 32


def unit(rows: NDArray[Any]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def clustered() -> FaissStore:
    """A thousand rows on twenty topics."""
    rng = np.random.default_rng(0)
    topics = np.repeat(rng.normal(size=(TOPICS, DIM)), EACH, axis=0)
    return FaissStore(unit(topics + 0.3 * rng.normal(size=topics.shape)))


@pytest.fixture(scope="module")
def asked(clustered: FaissStore) -> Vectors:
    rows = clustered.vectors(np.arange(len(clustered)))
    sentences = RoundedStore.of([rows], *rows.shape)
    return asked_of(FaissStore(np.empty((0, DIM), np.float32)), sentences, 100)


@pytest.fixture(scope="module")
def lists(clustered: FaissStore, asked: Vectors) -> ListStore:
    store, _ = chosen(clustered, asked, most=999)
    assert isinstance(store, ListStore)
    return store


def test_up_to_the_limit_the_exact_store_itself_is_searched(
    clustered: FaissStore, asked: Vectors
) -> None:
    store, how = chosen(clustered, asked, most=1_000)
    assert store is clustered
    assert how == Search("exact", 1_000)


def test_beyond_it_a_few_lists_are_read_and_what_they_find_is_measured(
    clustered: FaissStore, asked: Vectors
) -> None:
    store, how = chosen(clustered, asked, most=999)

    assert isinstance(store, ListStore)
    assert (how.kind, how.rows, how.lists, how.asked, how.refused) == ("lists", 1_000, 62, 100, "")
    assert how.probed == store.probed < how.lists / 2
    found, wanted = (each.search(asked, 10)[1] for each in (store, clustered))
    assert how.recall == round(recall_of(found, wanted), 4) >= 0.98


def test_where_lists_miss_too_much_the_exact_store_is_kept_and_the_reason_told() -> None:
    rng = np.random.default_rng(0)  # no topics: neighbours are in any list
    store = FaissStore(unit(rng.normal(size=(2_000, 64))))
    asked = unit(rng.normal(size=(50, 64)))

    kept, how = chosen(store, asked, most=1_000)

    assert kept is store
    assert (how.kind, how.lists, how.probed) == ("exact", 88, 22)
    assert how.recall < 0.98
    assert how.notice("passages") == (
        f"2,000 passages are searched one by one, which takes long: {how.refused}"
    )
    assert how.refused == (f"recall@10 is {how.recall} where 22 of 88 lists are read, below 0.98")


def test_what_lists_find_has_its_exact_cosine_in_order(
    lists: ListStore, clustered: FaissStore, asked: Vectors
) -> None:
    scores, rows = lists.search(asked, 10)

    assert scores.shape == rows.shape == (100, 10)
    assert (np.diff(scores, axis=1) <= 0).all()
    cosines = np.einsum("qd,qkd->qk", asked, clustered.vectors(rows.ravel()).reshape(100, 10, DIM))
    np.testing.assert_allclose(scores, cosines, atol=1e-6)


def test_equal_rows_keep_their_order_in_lists_too() -> None:
    rows = unit(np.repeat(np.eye(DIM)[:8], 25, axis=0) + 1e-9)
    store = ListStore(FaissStore(rows), 8)
    assert store.search(rows[:1], 25)[1].tolist() == [[*range(25)]]


def test_where_the_lists_read_hold_too_few_all_rows_are_searched(lists: ListStore) -> None:
    query = lists.vectors(np.array([0]))
    assert lists.search(query, 1_000)[1].tolist() == lists.exact.search(query, 1_000)[1].tolist()


@pytest.mark.parametrize("count", [3, 600])
def test_only_those_rows_are_found_that_count(
    lists: ListStore, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr("index.store.lists._FEW", 100)
    among: Rows = np.arange(0, 1_000)[-count:]
    query = lists.vectors(np.array([0]))
    found = lists.search(query, 5, among)[1][0]
    assert len(found) == min(5, count)
    assert set(found.tolist()) <= set(among.tolist())
    assert recall_of(found[None], lists.exact.search(query, 5, among)[1]) >= 0.8


def test_lists_answer_the_same_from_their_files(
    lists: ListStore, asked: Vectors, tmp_path: Path
) -> None:
    lists.save(tmp_path / "rows.faiss")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rows.faiss", "rows.lists"]

    again = ListStore.load(tmp_path / "rows.faiss")
    for path in tmp_path.iterdir():
        path.unlink()  # what is mapped stays

    scores, rows = again.search(asked, 10)
    assert scores.tolist() == lists.search(asked, 10)[0].tolist()
    assert rows.tolist() == lists.search(asked, 10)[1].tolist()
    assert (again.lists, again.probed) == (lists.lists, lists.probed)


def test_lists_of_other_rows_are_refused(lists: ListStore, tmp_path: Path) -> None:
    lists.save(tmp_path / "rows.faiss")
    FaissStore(lists.vectors(np.arange(999))).save(tmp_path / "rows.faiss")
    assert lists_beside(tmp_path / "rows.faiss").is_file()
    with pytest.raises(ValueError, match="lists of 1000 rows, not 999"):
        ListStore.load(tmp_path / "rows.faiss")


def test_recall_is_the_share_of_what_was_wanted() -> None:
    assert recall_of(np.array([[1, 2], [3, 4]]), np.array([[2, 9], [4, 3]])) == 0.75
    assert recall_of(np.empty((0, 2), np.int64), np.empty((0, 2), np.int64)) == 1.0


def test_recall_is_asked_of_faq_questions_first_then_of_sentences() -> None:
    x, y = np.eye(2, dtype=np.float32)
    questions, sentences = FaissStore(np.array([x, x])), RoundedStore.of([np.array([y] * 9)], 9, 2)
    assert asked_of(questions, sentences, 3).tolist() == [x.tolist(), x.tolist(), y.tolist()]
    assert asked_of(questions, sentences, 1).tolist() == [x.tolist()]
    assert len(asked_of(questions, sentences, 99)) == 11
