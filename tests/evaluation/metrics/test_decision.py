"""Answering or abstaining, by confidence."""

from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

from qa.evaluation.metrics.decision import (
    Bin,
    Floats,
    Mask,
    RiskCoverage,
    area,
    auroc,
    ece,
    precision_at_coverage,
    reliability,
    risk_coverage,
)

untimed = settings(deadline=None)


def floats(*values: float) -> Floats:
    return np.array(values, np.float64)


def mask(*values: int) -> Mask:
    return np.array(values, np.bool_)


# Surest first: right, right, wrong, then a right and a wrong one of the same confidence.
SURE = floats(0.9, 0.8, 0.6, 0.5, 0.5)
RIGHT = mask(1, 1, 0, 1, 0)

# Confidences in tenths, so that many are tied, each with whether it is right.
cases = st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=1, max_size=40)


def arrays(some_cases: list[tuple[int, bool]]) -> tuple[Floats, Mask]:
    tenths, right = zip(*some_cases, strict=True)
    return np.array(tenths) / 10, np.array(right, np.bool_)


def drawn(seed: int) -> tuple[Floats, Mask]:
    """500 cases, confidence rounded to hundredths, right about as often as it says."""
    draw = np.random.default_rng(seed)
    confidence = draw.random(500).round(2)
    return confidence, draw.random(500) < confidence**1.5


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    assert auroc(floats(0.9, 0.4), floats(0.5, 0.1)) == 3 / 4
    assert auroc(floats(0.5), floats(0.5, 0.1)) == 1.5 / 2


@pytest.mark.parametrize("seed", range(5))
def test_auroc_agrees_with_scikit_learn(seed: int) -> None:
    confidence, right = drawn(seed)
    ours = auroc(confidence[right], confidence[~right])
    assert ours == pytest.approx(roc_auc_score(right, confidence))


@untimed
@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_auroc_turned_round_is_the_rest_of_1(high: list[int], low: list[int]) -> None:
    one, other = floats(*high), floats(*low)
    assert auroc(one, other) + auroc(other, one) == pytest.approx(1)
    assert auroc(one, other) == auroc(one[::-1], np.sort(other))


def test_auroc_needs_both_sides() -> None:
    with pytest.raises(ValueError, match="AUROC needs cases of both kinds"):
        auroc(floats(0.5), floats())
    with pytest.raises(ValueError, match="AUROC needs cases of both kinds"):
        auroc(floats(), floats(0.5))


def test_equal_confidence_enters_the_curve_at_once() -> None:
    curve = risk_coverage(SURE, RIGHT)
    assert curve.confidence.tolist() == [0.9, 0.8, 0.6, 0.5]
    assert curve.coverage.tolist() == [1 / 5, 2 / 5, 3 / 5, 1]
    assert curve.risk.tolist() == [0, 0, 1 / 3, 2 / 5]


def test_area_is_the_mean_risk_over_the_cases() -> None:
    assert area(risk_coverage(SURE, RIGHT)) == pytest.approx((0 + 0 + 1 / 3 + 2 / 5 + 2 / 5) / 5)


def test_a_curve_has_as_many_risks_as_coverages() -> None:
    with pytest.raises(ValueError, match="a coverage, a risk and a confidence for each point"):
        RiskCoverage(floats(1), floats(0, 1), floats(1))


@untimed
@given(cases)
def test_area_by_its_definition(some_cases: list[tuple[int, bool]]) -> None:
    confidence, right = arrays(some_cases)
    risks = [1 - right[confidence >= own].mean() for own in confidence]
    assert area(risk_coverage(confidence, right)) == pytest.approx(np.mean(risks))


@untimed
@given(cases, st.randoms())
def test_the_order_of_the_cases_makes_no_difference(
    some_cases: list[tuple[int, bool]], shuffler: Random
) -> None:
    confidence, right = arrays(some_cases)
    order = list(range(len(right)))
    shuffler.shuffle(order)
    one, other = risk_coverage(confidence, right), risk_coverage(confidence[order], right[order])
    assert np.array_equal(one.risk, other.risk)
    assert np.array_equal(one.coverage, other.coverage)
    for measure in (lambda c, r: precision_at_coverage(c, r, 0.7), ece):
        assert measure(confidence, right) == pytest.approx(measure(confidence[order], right[order]))


def test_precision_at_a_coverage_is_that_of_the_surest_cases() -> None:
    assert precision_at_coverage(SURE, RIGHT, 0.4) == 1
    assert precision_at_coverage(SURE, RIGHT, 0.6) == pytest.approx(2 / 3)


def test_where_tied_cases_are_cut_the_expected_precision_counts() -> None:
    # The fourth case is one of two, of which one is right: 2.5 of 4 can be expected.
    assert precision_at_coverage(SURE, RIGHT, 0.8) == pytest.approx(2.5 / 4)


def test_a_case_that_is_cut_counts_in_part() -> None:
    assert precision_at_coverage(SURE, RIGHT, 0.5) == pytest.approx(2 / 2.5)


@untimed
@given(cases)
def test_precision_of_all_is_the_share_that_is_right(some_cases: list[tuple[int, bool]]) -> None:
    confidence, right = arrays(some_cases)
    assert precision_at_coverage(confidence, right, 1) == pytest.approx(right.mean())
    assert 0 <= precision_at_coverage(confidence, right, 0.3) <= 1


@pytest.mark.parametrize("coverage", [0, -0.1, 1.1, float("nan")])
def test_a_coverage_is_a_share(coverage: float) -> None:
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        precision_at_coverage(SURE, RIGHT, coverage)


def test_bins_hold_their_upper_edge_and_the_first_holds_0() -> None:
    found = reliability(floats(0, 0.5, 0.75, 1), mask(0, 1, 1, 0), bins=2)
    assert found == (Bin(0.0, 0.5, 0.25, 0.5, 2), Bin(0.5, 1.0, 0.875, 0.5, 2))


def test_empty_bins_are_left_out() -> None:
    (only,) = reliability(floats(0.95), mask(1))
    assert (only.low, only.high, only.right, only.n) == (0.9, 1.0, 1.0, 1)


def test_calibration_error_is_the_mean_gap_over_the_cases() -> None:
    # Two cases are a quarter sure and half right, two 7/8 sure and half right.
    confidence, right = floats(0, 0.5, 0.75, 1), mask(0, 1, 1, 0)
    assert ece(confidence, right, bins=2) == (2 * 0.25 + 2 * 0.375) / 4


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("bins", [1, 7, 10])
def test_bins_agree_with_scikit_learn(seed: int, bins: int) -> None:
    confidence, right = drawn(seed)
    share_right, mean_confidence = calibration_curve(right, confidence, n_bins=bins)
    found = reliability(confidence, right, bins)
    assert [one.right for one in found] == pytest.approx(share_right)
    assert [one.confidence for one in found] == pytest.approx(mean_confidence)
    assert sum(one.n for one in found) == len(right)


@untimed
@given(cases)
def test_calibration_error_is_a_share_and_0_where_confidence_is_the_outcome(
    some_cases: list[tuple[int, bool]],
) -> None:
    confidence, right = arrays(some_cases)
    assert 0 <= ece(confidence, right) <= 1
    assert ece(right.astype(np.float64), right) == 0


def test_a_confidence_that_is_no_probability_has_no_bin() -> None:
    with pytest.raises(ValueError, match="a confidence is a probability, 0 to 1"):
        ece(floats(0.5, 1.5), mask(1, 1))
    with pytest.raises(ValueError, match="0 bins; take 1 or more"):
        ece(floats(0.5), mask(1), bins=0)


@pytest.mark.parametrize(
    "measure", [risk_coverage, ece, reliability, lambda c, r: precision_at_coverage(c, r, 0.5)]
)
def test_cases_that_cannot_be_used(measure: Callable[[Floats, Mask], object]) -> None:
    with pytest.raises(ValueError, match="there are 2 and 1"):
        measure(floats(0.5, 0.6), mask(1))
    with pytest.raises(ValueError, match="there are 0 and 0"):
        measure(floats(), mask())
    with pytest.raises(ValueError, match="a score is a finite number"):
        measure(floats(0.5, float("nan")), mask(1, 0))
