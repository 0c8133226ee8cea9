"""How a store is searched, by its size and by what was measured."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.store.base import Rows, Vectors
from index.store.choice import Asked, Search, chosen, measured_with, recall_of
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
def asked(clustered: FaissStore) -> Asked:
    """A hundred sentences, on all topics."""
    rows = clustered.vectors(np.arange(len(clustered)))
    sentences = RoundedStore.of([rows], *rows.shape)
    return measured_with(FaissStore(np.empty((0, DIM), np.float32)), sentences, 100)[0]


@pytest.fixture(scope="module")
def lists(clustered: FaissStore, asked: Asked) -> ListStore:
    store, _ = chosen(clustered, asked, most=999)
    assert isinstance(store, ListStore)
    return store


def test_up_to_the_limit_the_exact_store_itself_is_searched(
    clustered: FaissStore, asked: Asked
) -> None:
    store, how = chosen(clustered, asked, most=1_000)
    assert store is clustered
    assert how == Search("exact", 1_000)


def test_beyond_it_a_few_lists_are_read_and_what_they_find_is_measured(
    clustered: FaissStore, asked: Asked
) -> None:
    store, how = chosen(clustered, asked, most=999)

    assert isinstance(store, ListStore)
    assert (how.kind, how.rows, how.lists, how.asked, how.refused) == ("lists", 1_000, 62, 100, "")
    assert how.probed == store.probed < how.lists / 2
    found, wanted = (asked.nearest(each) for each in (store, clustered))
    assert how.recall == round(recall_of(found, wanted), 4) >= 0.98


def test_where_lists_miss_too_much_the_exact_store_is_kept_and_the_reason_told() -> None:
    rng = np.random.default_rng(0)  # no topics: neighbours are in any list
    store = FaissStore(unit(rng.normal(size=(2_000, 64))))
    asked = Asked.of_others(unit(rng.normal(size=(50, 64))))

    kept, how = chosen(store, asked, most=1_000)

    assert kept is store
    assert (how.kind, how.lists, how.probed) == ("exact", 88, 22)
    assert how.recall < 0.98
    assert how.notice("passages") == (
        f"2,000 passages are searched one by one, which takes long: {how.refused}"
    )
    assert how.refused == (f"recall@10 is {how.recall} where 22 of 88 lists are read, below 0.98")


def test_what_lists_find_has_its_exact_cosine_in_order(
    lists: ListStore, clustered: FaissStore, asked: Asked
) -> None:
    scores, rows = lists.search(asked.vectors, 10)

    assert scores.shape == rows.shape == (100, 10)
    assert (np.diff(scores, axis=1) <= 0).all()
    cosines = np.einsum(
        "qd,qkd->qk", asked.vectors, clustered.vectors(rows.ravel()).reshape(100, 10, DIM)
    )
    np.testing.assert_allclose(scores, cosines, atol=1e-6)


def test_equal_rows_keep_their_order_in_lists_too() -> None:
    rows = unit(np.repeat(np.eye(DIM)[:8], 25, axis=0) + 1e-9)
    store = ListStore(FaissStore(rows), 8)
    assert store.search(rows[:1], 25)[1].tolist() == [[*range(25)]]


def test_where_the_lists_read_hold_too_few_all_rows_are_searched(lists: ListStore) -> None:
    query = lists.vectors(np.array([0]))
    assert lists.search(query, 1_000)[1].tolist() == lists.exact.search(query, 1_000)[1].tolist()


def test_where_few_rows_count_each_of_them_is_looked_at(lists: ListStore) -> None:
    query = lists.vectors(np.array([0]))
    assert sorted(lists.search(query, 5, np.array([7, 500, 999]))[1][0].tolist()) == [7, 500, 999]


def test_where_many_rows_count_the_lists_find_them(
    lists: ListStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    among: Rows = np.arange(403, 1_000, 2)
    query = lists.vectors(np.array([403]))
    scores, wanted = lists.exact.search(query, 5, among)
    monkeypatch.setattr("index.store.lists._FEW", 100)
    monkeypatch.setattr(lists.exact, "search", lambda *_: pytest.fail("all were looked at"))

    found = lists.search(query, 5, among)

    assert found[1].tolist() == wanted.tolist()
    np.testing.assert_allclose(found[0], scores, atol=1e-6)


def test_lists_answer_the_same_from_their_files(
    lists: ListStore, asked: Asked, tmp_path: Path
) -> None:
    lists.save(tmp_path / "rows.faiss")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rows.faiss", "rows.lists"]

    again = ListStore.load(tmp_path / "rows.faiss")
    for path in tmp_path.iterdir():
        path.unlink()  # what is mapped stays

    scores, rows = again.search(asked.vectors, 10)
    assert scores.tolist() == lists.search(asked.vectors, 10)[0].tolist()
    assert rows.tolist() == lists.search(asked.vectors, 10)[1].tolist()
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


@pytest.mark.parametrize(
    ("questions", "sentences", "most", "expected"),
    [
        (9, 9, 4, [2, 2]),  # half of each
        (1, 9, 4, [1, 3]),  # where one has too few, the other fills up
        (9, 1, 4, [3, 1]),
        (2, 3, 99, [2, 3]),
        (0, 9, 4, [0, 4]),
    ],
)
def test_recall_is_measured_with_as_many_faq_questions_as_sentences(
    questions: int, sentences: int, most: int, expected: list[int]
) -> None:
    x, y = np.eye(2, dtype=np.float32)
    asked = FaissStore(np.array([x] * questions).reshape(-1, 2))
    said = RoundedStore.of([np.array([y] * sentences)], sentences, 2)

    of_passages, of_questions = measured_with(asked, said, most)

    assert of_passages.vectors.sum(axis=0).tolist() == expected
    assert of_passages.own.tolist() == [-1] * sum(expected)
    assert of_questions.vectors.tolist() == of_passages.vectors.tolist()
    assert (of_questions.own >= 0).tolist() == [True] * expected[0] + [False] * expected[1]
    assert len({*of_questions.own.tolist()} - {-1}) == expected[0]


def test_that_a_row_finds_itself_tells_nothing_of_recall(clustered: FaissStore) -> None:
    asked = Asked(clustered.vectors(np.array([7, 7])), np.array([7, -1]))

    without, found = asked.nearest(clustered).tolist()

    assert len(without) == len(found) == 10
    assert found[0] == 7
    assert without[:9] == found[1:]
