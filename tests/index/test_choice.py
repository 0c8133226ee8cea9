"""How a store is searched, by its size and by what was measured."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.store.base import Rows, Vectors
from index.store.choice import Asked, Search, chosen, measured_with, recall_of
from index.store.coded import CodedStore, codes_beside
from index.store.faiss import FaissStore
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
def coded(clustered: FaissStore) -> CodedStore:
    return CodedStore(clustered, 100)


def test_up_to_the_limit_the_exact_store_itself_is_searched(
    clustered: FaissStore, asked: Asked
) -> None:
    store, how = chosen(clustered, asked, most=1_000)
    assert store is clustered
    assert how == Search("exact", 1_000)


def test_beyond_it_codes_are_read_and_what_they_find_is_measured(
    clustered: FaissStore, asked: Asked
) -> None:
    store, how = chosen(clustered, asked, most=999)

    assert isinstance(store, CodedStore)
    assert how == Search("codes", 1_000, rescored=250, recall=how.recall, asked=100)
    assert store.rescored == 250
    found, wanted = (asked.nearest(each) for each in (store, clustered))
    assert how.recall == round(recall_of(found, wanted), 4) >= 0.99


def test_as_few_rows_are_scored_exactly_as_reach_the_aim(
    clustered: FaissStore, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.choice._FIRST_RESCORED", 10)

    store, how = chosen(clustered, asked, most=999)

    assert isinstance(store, CodedStore)
    assert 10 < store.rescored == how.rescored < 250
    half = CodedStore(clustered, store.rescored // 2)
    assert recall_of(asked.nearest(half), asked.nearest(clustered)) < 0.99 <= how.recall


def test_where_codes_miss_too_much_the_exact_store_is_kept_and_the_reason_told(
    clustered: FaissStore, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.choice._FIRST_RESCORED", 10)
    monkeypatch.setattr("index.store.choice._MOST_RESCORED", 10)

    kept, how = chosen(clustered, asked, most=999)

    assert kept is clustered
    assert (how.kind, how.rescored) == ("exact", 10)
    assert how.recall < 0.98
    assert how.notice("passages") == (
        f"1,000 passages are searched one by one, which takes long: {how.refused}"
    )
    assert how.refused == f"recall@10 is {how.recall} where 10 are scored exactly, below 0.98"


def test_what_codes_find_has_its_exact_cosine_in_order(
    coded: CodedStore, clustered: FaissStore, asked: Asked
) -> None:
    scores, rows = coded.search(asked.vectors, 10)

    assert scores.shape == rows.shape == (100, 10)
    assert (np.diff(scores, axis=1) <= 0).all()
    cosines = np.einsum(
        "qd,qkd->qk", asked.vectors, clustered.vectors(rows.ravel()).reshape(100, 10, DIM)
    )
    np.testing.assert_allclose(scores, cosines, atol=1e-6)


def test_equal_rows_keep_their_order_by_codes_too() -> None:
    rows = unit(np.repeat(np.eye(DIM)[:8], 25, axis=0) + 1e-9)
    store = CodedStore(FaissStore(rows), 30)
    assert store.search(rows[:1], 25)[1].tolist() == [[*range(25)]]


def test_vectors_of_an_odd_width_have_codes_too() -> None:
    rows = unit(np.random.default_rng(0).normal(size=(200, 7)))
    store = CodedStore(FaissStore(rows), 50)
    assert store.search(rows[:3], 1)[1].tolist() == [[0], [1], [2]]


def test_more_may_be_asked_for_than_are_scored_again(coded: CodedStore) -> None:
    query = coded.vectors(np.array([0]))
    for k in (150, 1_000, 2_000):
        found = coded.search(query, k)[1][0].tolist()
        assert len({*found}) == min(k, 1_000)
    assert coded.search(query, 1_000)[1].tolist() == coded.exact.search(query, 1_000)[1].tolist()


def test_where_few_rows_count_each_of_them_is_looked_at(coded: CodedStore) -> None:
    query = coded.vectors(np.array([0]))
    assert sorted(coded.search(query, 5, np.array([7, 500, 999]))[1][0].tolist()) == [7, 500, 999]


@pytest.mark.parametrize("row", [403, 0])
def test_where_many_rows_count_no_other_is_found(
    coded: CodedStore, row: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest are among them, or all that codes bring up are not."""
    among: Rows = np.arange(403, 1_000, 2)
    query = coded.vectors(np.array([row]))
    scores, wanted = coded.exact.search(query, 5, among)
    monkeypatch.setattr("index.store.coded._FEW", 100)
    if row in among:
        monkeypatch.setattr(coded.exact, "search", lambda *_: pytest.fail("all were looked at"))
    else:
        monkeypatch.setattr(coded, "rescored", 5)

    found = coded.search(query, 5, among)

    assert found[1].tolist() == wanted.tolist()
    np.testing.assert_allclose(found[0], scores, atol=1e-6)


def test_codes_answer_the_same_from_their_files(
    coded: CodedStore, asked: Asked, tmp_path: Path
) -> None:
    coded.save(tmp_path / "rows.faiss")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rows.codes", "rows.faiss"]

    again = CodedStore.load(tmp_path / "rows.faiss", 100)
    for path in tmp_path.iterdir():
        path.unlink()  # what is mapped stays

    scores, rows = again.search(asked.vectors, 10)
    assert scores.tolist() == coded.search(asked.vectors, 10)[0].tolist()
    assert rows.tolist() == coded.search(asked.vectors, 10)[1].tolist()


def test_codes_of_other_rows_are_refused(coded: CodedStore, tmp_path: Path) -> None:
    coded.save(tmp_path / "rows.faiss")
    FaissStore(coded.vectors(np.arange(999))).save(tmp_path / "rows.faiss")
    assert codes_beside(tmp_path / "rows.faiss").is_file()
    with pytest.raises(ValueError, match="codes of 1000 rows, not 999"):
        CodedStore.load(tmp_path / "rows.faiss", 100)


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
