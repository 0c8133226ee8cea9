"""Whether two runs differ by more than chance."""

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from qa.evaluation.metrics.resampling import Difference, Floats, mcnemar, paired_bootstrap

untimed = settings(deadline=None)


def outcomes(right: int, wrong: int) -> Floats:
    return np.array([1.0] * right + [0.0] * wrong)


def test_a_difference_by_hand() -> None:
    # Of four cases the last moves by 1. It is drawn 0 to 4 times; three times or more in 5 of 100
    # draws, so that the upper end is 3 of 4. A move of one case is never more than chance.
    found = paired_bootstrap(np.array([0.0, 0, 1, 0]), np.array([0.0, 0, 1, 1]))
    assert found == Difference(1 / 4, 0.0, 3 / 4, 1.0)


@untimed
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_a_run_does_not_differ_from_itself(values: list[float]) -> None:
    run = np.array(values)
    assert paired_bootstrap(run, run, resamples=500) == Difference(0.0, 0.0, 0.0, 1.0)


@untimed
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40))
def test_p_is_a_probability_and_never_0(pairs: list[tuple[int, int]]) -> None:
    a, b = np.array(pairs).T / 4
    found = paired_bootstrap(a, b, resamples=500)
    assert 1 / 501 <= found.p <= 1
    assert found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high


def test_three_points_lost_of_a_thousand_are_a_regression() -> None:
    before, after = outcomes(900, 100), outcomes(870, 130)
    found = paired_bootstrap(before, after)
    assert found.value == pytest.approx(-0.03)
    assert -0.05 < found.low < -0.03 < found.high < -0.015
    assert found.p == 1 / 10_001  # no resample is as far off
    assert mcnemar(0, 30) == 2 / 2**30


def test_three_points_lost_among_as_many_that_come_and_go_are_one_too() -> None:
    before = outcomes(900, 100)
    after = np.concatenate([outcomes(855, 45), outcomes(15, 85)])
    found = paired_bootstrap(before, after)
    assert found.value == pytest.approx(-0.03)
    assert found.p < 0.001
    assert mcnemar(15, 45) < 0.001


@pytest.mark.parametrize("step", [1, 1 / 3, 0.1])
def test_p_counts_what_is_exactly_as_far_off(step: float) -> None:
    # Of 30 cases 6 move a step up and 3 one down, 3 steps in all. Resampled they move 0 or fewer,
    # or 6 or more, as often as the thirtyfold convolution of one case says.
    moved = np.array([1.0] * 6 + [-1.0] * 3 + [0.0] * 21)
    sums = np.ones(1)
    for _ in moved:
        sums = np.convolve(sums, [3 / 30, 21 / 30, 6 / 30])
    exact = sums[:31].sum() + sums[36:].sum()  # sums[30] is no move
    assert paired_bootstrap(np.zeros(30), step * moved).p == pytest.approx(exact, abs=0.01)


def test_p_agrees_with_the_t_test_where_cases_are_many() -> None:
    draw = np.random.default_rng(8)
    a = draw.random(2_000)
    b = a + draw.normal(0.004, 0.1, 2_000)
    assert paired_bootstrap(a, b).p == pytest.approx(stats.ttest_rel(a, b).pvalue, abs=0.01)


@pytest.mark.parametrize(("moved", "p"), [(1, 1), (2, 1 / 2), (5, 1 / 16)])
def test_a_few_cases_that_move_alike_may_be_chance(moved: int, p: float) -> None:
    assert paired_bootstrap(np.zeros(moved), np.ones(moved)).p == p


def ranks(draw: np.random.Generator) -> tuple[Floats, Floats]:
    """Two runs of one quality over 150 cases: a tenth of the ranks was drawn anew in each."""
    values = np.array([1, 1, 1, 1 / 2, 1 / 3, 0])
    common = draw.choice(values, 150)
    a, b = (np.where(draw.random(150) < 0.1, draw.choice(values, 150), common) for _ in "ab")
    return a, b


def scores(draw: np.random.Generator) -> tuple[Floats, Floats]:
    """Two runs of one quality over 60 cases, with scores of which no two are the same."""
    common = draw.random(60)
    return common + draw.normal(0, 0.1, 60), common + draw.normal(0, 0.1, 60)


@pytest.mark.parametrize("runs", [ranks, scores])
def test_chance_is_called_a_difference_in_about_5_of_100(
    runs: Callable[[np.random.Generator], tuple[Floats, Floats]],
) -> None:
    draw = np.random.default_rng(0)
    found = [paired_bootstrap(*runs(draw), resamples=1_000).p for _ in range(400)]
    assert 0.02 <= np.mean(np.array(found) < 0.05) <= 0.08


def test_mcnemar_by_hand() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(1, 0) == 1
    assert mcnemar(3, 3) == 1
    assert mcnemar(0, 5) == 2 / 32
    assert mcnemar(1, 7) == 2 * (1 + 8) / 256


@pytest.mark.parametrize(
    ("gained", "lost"), [(2, 9), (40, 10), (700, 800), (4_900, 5_100), (3, 1_000), (0, 3_000)]
)
def test_mcnemar_agrees_with_scipy(gained: int, lost: int) -> None:
    theirs = stats.binomtest(gained, gained + lost).pvalue
    assert mcnemar(gained, lost) == pytest.approx(theirs, rel=1e-9, abs=0)


@untimed
@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_same_either_way(gained: int, lost: int) -> None:
    assert 0 < mcnemar(gained, lost) == mcnemar(lost, gained) <= 1


@pytest.mark.parametrize("digits", [1, 15], ids=["few values", "all distinct"])
def test_ten_thousand_cases_take_less_than_100_megabytes(digits: int) -> None:
    values = np.random.default_rng(0).random(10_000).round(digits)
    tracemalloc.start()
    try:
        paired_bootstrap(values, values[::-1], resamples=1_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100e6


def test_what_cannot_be_compared_is_named() -> None:
    with pytest.raises(ValueError, match=r"two values a case are needed, not shapes \(2,\), \(3,"):
        paired_bootstrap(np.zeros(2), np.zeros(3))
    with pytest.raises(ValueError, match="no case to compare"):
        paired_bootstrap(np.zeros(0), np.zeros(0))
    with pytest.raises(ValueError, match="counts of cases are 0 or more, not -1 and 2"):
        mcnemar(-1, 2)
