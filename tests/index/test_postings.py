"""The best rows by BM25, found without adding up every posting, are those of adding up all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import postings
from index.postings import Postings
from index.store.base import Mask

LISTS = [  # of 6 rows: term 0 is rare and tells much, term 2 stands everywhere and tells little
    ([1, 4], [5.0, 5.0]),
    ([0, 1, 3], [2.0, 1.0, 2.0]),
    ([0, 1, 2, 3, 4, 5], [0.5, 0.5, 0.25, 0.5, 0.5, 0.75]),
    ([], []),
]


def made(lists: list[tuple[list[int], list[float]]], count: int) -> Postings:
    return Postings(
        np.array([row for rows, _ in lists for row in rows], np.int32),
        np.array([worth for _, each in lists for worth in each], np.float32),
        np.cumsum([0, *(len(rows) for rows, _ in lists)]),
        count,
    )


def best(
    of: Postings, terms: list[int], k: int, allowed: Mask | None = None
) -> list[tuple[int, float]]:
    rows, scores = of.best(terms, k, allowed)
    return list(zip(rows.tolist(), scores.tolist(), strict=True))


@pytest.fixture(params=[0, 20_000], ids=["every posting long", "none"])
def long(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_LONG", request.param)


@pytest.mark.usefixtures("long")
def test_the_greatest_sums_come_first_and_equal_ones_in_row_order() -> None:
    six = made(LISTS, 6)
    assert best(six, [0, 1, 2], 3) == [(1, 6.5), (4, 5.5), (0, 2.5)]
    assert best(six, [2], 4) == [(5, 0.75), (0, 0.5), (1, 0.5), (3, 0.5)]
    assert best(six, [1], 9) == [(0, 2.0), (3, 2.0), (1, 1.0)]


@pytest.mark.usefixtures("long")
def test_a_word_said_twice_counts_twice_and_one_that_no_row_has_not_at_all() -> None:
    six = made(LISTS, 6)
    assert best(six, [1, 3, 1], 1) == [(0, 4.0)]
    assert best(six, [3], 2) == best(six, [], 2) == []


@pytest.mark.usefixtures("long")
def test_rows_that_are_not_allowed_are_not_found_and_hide_no_other() -> None:
    allowed = np.array([False, False, True, True, False, True])
    assert best(made(LISTS, 6), [0, 1, 2], 2, allowed) == [(3, 2.5), (5, 0.75)]


def test_scores_of_some_rows_in_any_order() -> None:
    assert made(LISTS, 6).scores([0, 2], np.array([4, 2, 4])).tolist() == [5.5, 0.25, 5.5]
    assert made(LISTS, 6).held(1, np.array([5, 3, 0])).tolist() == [False, True, True]


_WORTH = st.sampled_from([0.125, 0.25, 0.5, 1.0, 3.0])  # sums without rounding: many are equal
_LISTS = st.lists(st.dictionaries(st.integers(0, 29), _WORTH, max_size=30), min_size=4, max_size=4)


@pytest.mark.parametrize("least", [0, 5, 20_000])
@settings(max_examples=40)
@given(_LISTS, st.lists(st.integers(0, 3), max_size=6), st.integers(1, 12))
def test_nothing_is_missed_wherever_adding_up_stops(
    least: int, lists: list[dict[int, float]], terms: list[int], k: int
) -> None:
    ordered = [(sorted(one), [one[row] for row in sorted(one)]) for one in lists]
    sums = [sum(lists[term].get(row, 0.0) for term in terms) for row in range(30)]
    wanted = sorted(((row, total) for row, total in enumerate(sums) if total), key=lambda p: -p[1])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(postings, "_LONG", least)
        assert best(made(ordered, 30), terms, k) == wanted[:k]
