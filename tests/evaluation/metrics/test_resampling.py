"""How far chance goes with one run: intervals."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from qa.evaluation.metrics.decision import area, auroc, risk_coverage
from qa.evaluation.metrics.resampling import (
    Floats,
    Interval,
    bootstrap,
    bootstrap_statistic,
    wilson,
)

untimed = settings(deadline=None)


def mean_interval(values: Floats, **more: Any) -> Interval:
    found = bootstrap(values, np.ones_like(values), **more)
    assert found is not None
    return found


def outcomes(right: int, wrong: int) -> Floats:
    return np.array([1.0] * right + [0.0] * wrong)


def test_the_interval_of_a_share_is_its_binomial_one() -> None:
    # Drawing 200 cases of which 160 are right is 200 throws of a coin that falls right at .8.
    found = mean_interval(outcomes(160, 40), resamples=20_000)
    low, high = stats.binom(200, 0.8).ppf([0.025, 0.975]) / 200
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.005)


@pytest.mark.parametrize("digits", [1, 15], ids=["few values", "all distinct"])
def test_the_interval_of_a_mean_agrees_with_scipy(digits: int) -> None:
    values = np.random.default_rng(3).beta(2, 5, size=400).round(digits)
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    found = mean_interval(values, resamples=20_000)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-3)


@pytest.mark.parametrize("digits", [1, 15], ids=["few values", "all distinct"])
def test_the_interval_of_a_ratio_agrees_with_scipy(digits: int) -> None:
    draw = np.random.default_rng(4)
    parts = draw.random(300).round(digits)
    wholes = parts + draw.random(300).round(digits)

    def ratio(some_parts: Any, some_wholes: Any, axis: int) -> Any:
        return some_parts.sum(axis) / some_wholes.sum(axis)

    theirs = stats.bootstrap(
        (parts, wholes), ratio, paired=True, n_resamples=20_000, method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval  # fmt: skip
    found = bootstrap(parts, wholes, resamples=20_000)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=2e-3)


def test_a_case_that_adds_to_neither_sum_is_not_drawn() -> None:
    # Precision: 8 of 10 answers are right; how many abstentions there are beside is no matter.
    right, answered = outcomes(8, 2), np.ones(10)
    silent = np.zeros(500)
    assert bootstrap(right, answered) == bootstrap(
        np.append(right, silent), np.append(answered, silent)
    )


def test_resamples_without_a_denominator_are_left_out() -> None:
    # A quarter of the draws have only the first case, whose denominator is 0.
    found = bootstrap(np.array([1.0, 1.0]), np.array([0.0, 1.0]))
    assert found == Interval(1.0, 2.0)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 0.0, 0.0]])
def test_fewer_than_two_cases_have_no_interval(values: list[float]) -> None:
    assert bootstrap(np.array(values), np.array(values)) is None


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(0).random(50)
    assert mean_interval(values) == mean_interval(values)
    assert mean_interval(values) != mean_interval(values, seed=1)


def test_a_higher_level_is_a_wider_interval() -> None:
    values = np.random.default_rng(0).random(50)
    narrow, wide = mean_interval(values, level=0.5), mean_interval(values, level=0.99)
    assert wide.low < narrow.low < narrow.high < wide.high


@untimed
@given(st.lists(st.integers(0, 4), min_size=30, max_size=80))
def test_the_interval_holds_the_mean_and_stays_among_the_values(quarters: list[int]) -> None:
    values = np.array(quarters) / 4
    found = mean_interval(values)
    assert values.min() <= found.low <= values.mean() <= found.high <= values.max()


def test_an_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    draw = np.random.default_rng(0)
    found = [mean_interval((draw.random(100) < 0.7).astype(float)) for _ in range(400)]
    assert 0.91 <= np.mean([one.low <= 0.7 <= one.high for one in found]) <= 0.98


@pytest.mark.parametrize("digits", [1, 15], ids=["few values", "all distinct"])
def test_ten_thousand_cases_take_less_than_100_megabytes(digits: int) -> None:
    values = np.random.default_rng(0).random(10_000).round(digits)
    tracemalloc.start()
    try:
        mean_interval(values)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100e6


def test_any_statistic_has_an_interval() -> None:
    values = np.random.default_rng(5).random(300)
    mean = bootstrap_statistic(300, lambda drawn: float(np.mean(values[drawn])))
    median = bootstrap_statistic(300, lambda drawn: float(np.median(values[drawn])))
    known = mean_interval(values)
    assert mean is not None
    assert (mean.low, mean.high) == pytest.approx((known.low, known.high), abs=5e-3)
    assert median is not None
    assert median.low < np.median(values) < median.high


def test_the_interval_of_an_auroc_is_about_that_of_hanley_and_mcneil() -> None:
    draw = np.random.default_rng(6)
    scores = np.append(draw.normal(1, 1, 200), draw.normal(0, 1, 200))
    positive = np.arange(400) < 200
    found = bootstrap_statistic(
        400, lambda drawn: auroc(scores[drawn][positive[drawn]], scores[drawn][~positive[drawn]])
    )
    area_ = auroc(scores[positive], scores[~positive])
    first, second = area_ / (2 - area_), 2 * area_**2 / (1 + area_)
    variance = area_ * (1 - area_) + 199 * (first - area_**2) + 199 * (second - area_**2)
    half = 1.96 * (variance / 200**2) ** 0.5
    assert found is not None
    assert (found.low, found.high) == pytest.approx((area_ - half, area_ + half), abs=0.01)


def test_the_area_under_a_risk_coverage_curve_has_an_interval() -> None:
    draw = np.random.default_rng(7)
    sure = draw.random(300)
    right = draw.random(300) < sure
    found = bootstrap_statistic(300, lambda rows: area(risk_coverage(sure[rows], right[rows])))
    assert found is not None
    assert found.low < area(risk_coverage(sure, right)) < found.high


def test_draws_that_a_statistic_is_not_defined_for_are_left_out() -> None:
    values = np.array([0.0, 1.0])
    found = bootstrap_statistic(2, lambda rows: float(values[rows].sum()) or float("nan"))
    assert found == Interval(1.0, 2.0)
    assert bootstrap_statistic(9, lambda _: float("nan")) is None
    assert bootstrap_statistic(1, lambda _: 1.0) is None


@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize(
    ("successes", "n"), [(0, 1), (0, 10), (3, 10), (10, 10), (870, 1_000), (1, 9_999)]
)
def test_wilson_agrees_with_scipy(successes: int, n: int, level: float) -> None:
    theirs = stats.binomtest(successes, n).proportion_ci(level, method="wilson")
    found = wilson(successes, n, level)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_of_no_case_nothing_is_known() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)


@untimed
@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_holds_the_share_and_stays_within_0_and_1(right: int, wrong: int) -> None:
    found = wilson(right, right + wrong)
    share = right / max(right + wrong, 1)
    assert 0 <= found.low <= share + 1e-12
    assert share - 1e-12 <= found.high <= 1


def test_what_cannot_be_used_is_named() -> None:
    two = np.zeros(2)
    with pytest.raises(ValueError, match=r"two values a case are needed, not shapes \(2,\), \(3,"):
        bootstrap(two, np.zeros(3))
    with pytest.raises(ValueError, match="values are finite numbers"):
        bootstrap(np.array([1, np.nan]), np.ones(2))
    with pytest.raises(ValueError, match=r"1 or more resamples .* not 0 and 0.95"):
        bootstrap(two, two, resamples=0)
    with pytest.raises(ValueError, match=r"level within 0..1 .* not 1000 and 1"):
        bootstrap_statistic(2, float, level=1)
    with pytest.raises(ValueError, match="not 3 of 2"):
        wilson(3, 2)
    with pytest.raises(ValueError, match="an interval runs upwards, not from 1 to 0"):
        Interval(1, 0)
