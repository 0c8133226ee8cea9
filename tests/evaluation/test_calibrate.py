"""A promise about answers, and the line that keeps it."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from index.errors import EvaluationError
from qa.confidence import SHIPPED, Calibration, Signals, confidence
from qa.evaluation.calibrate import (
    Promise,
    fitted,
    keeping,
    log_odds,
    platt,
    sigmoid,
)
from qa.evaluation.measure import Decisions


def told(n: int, slope: float = 1.0, seed: int = 0) -> Decisions:
    """Questions whose confidence is right when its log-odds are stretched by `slope`."""
    draw = np.random.default_rng(seed)
    odds = draw.normal(1.0, 1.5, n)
    return Decisions(sigmoid(odds), draw.random(n) < sigmoid(slope * odds))


def test_log_odds_and_sigmoid_undo_each_other() -> None:
    np.testing.assert_allclose(sigmoid(log_odds(np.array([0.1, 0.5, 0.98]))), [0.1, 0.5, 0.98])


def test_the_scale_is_that_of_a_logistic_regression() -> None:
    seen = told(2_000, slope=0.5)
    odds = log_odds(seen.confidence)

    slope, intercept = platt(odds, seen.right)

    oracle = LogisticRegression(C=1e6).fit(odds[:, None], seen.right)
    # Platt's targets stand a little inside 0 and 1.
    assert slope == pytest.approx(oracle.coef_[0, 0], abs=0.01)
    assert intercept == pytest.approx(oracle.intercept_[0], abs=0.01)


def test_questions_that_part_perfectly_give_no_infinite_scale() -> None:
    slope, intercept = platt(np.array([-2.0, -1.0, 1.0, 2.0]), np.array([False, False, True, True]))

    assert 0 < slope < 3
    assert intercept == pytest.approx(0, abs=1e-6)


def test_the_line_is_the_lowest_that_keeps_the_promise_with_one_more_wrong_answer() -> None:
    sure = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, True, True, False])

    # Of 3 answers 3 right: 3/4; of 4: 4/5; of 5: 4/6.
    assert keeping(sure, right, 0.75) == Promise((0.6 + 0.5) / 2, 1.0, 0.8)
    assert keeping(sure, right, 0.81) is None
    assert keeping(sure, right, 0.6) == Promise(0.25, 0.8, 1.0)


def test_equal_confidence_is_answered_together_or_not_at_all() -> None:
    sure = np.array([0.9, 0.9, 0.9, 0.5, 0.5, 0.5])
    right = np.array([True, True, True, True, False, False])

    assert keeping(sure, right, 0.7) == Promise((0.9 + 0.5) / 2, 1.0, 0.5)


def test_the_promise_is_kept_on_questions_that_were_not_seen() -> None:
    kept = []
    for seed in range(20):
        seen, unseen = told(400, seed=seed), told(4_000, seed=1_000 + seed)
        found = fitted(seen, 0.9, SHIPPED).calibration
        scaled = sigmoid(found.slope * log_odds(unseen.confidence) + found.intercept)
        kept.append(unseen.right[scaled >= found.answer_from].mean())

    assert np.mean(kept) >= 0.895


def test_what_to_expect_is_told_by_questions_the_line_was_not_chosen_on() -> None:
    found = fitted(told(400), 0.9, SHIPPED)

    assert found.precision >= 0.9
    assert abs(found.expected_precision - found.precision) < 0.05
    assert abs(found.expected_coverage - found.coverage) < 0.1


def test_a_calibrated_confidence_is_calibrated_on() -> None:
    now = Calibration(slope=0.5, intercept=0.2, answer_from=0.6)
    seen = told(500, slope=1.5)

    again = fitted(seen, 0.9, now).calibration

    slope, intercept = platt(log_odds(seen.confidence), seen.right)
    assert again.slope == pytest.approx(0.5 * slope)
    assert again.intercept == pytest.approx(0.2 * slope + intercept)


def test_what_the_answerer_computes_is_the_fitted_confidence() -> None:
    signals = Signals(similarity=1.1, coverage=0.5)
    scale = fitted(told(500, slope=0.7), 0.9, SHIPPED).calibration
    odds = log_odds(np.array([confidence(signals)]))

    assert confidence(signals, scale) == pytest.approx(
        float(sigmoid(scale.slope * odds + scale.intercept)[0])
    )


def test_too_few_questions_draw_no_line() -> None:
    with pytest.raises(
        EvaluationError, match=r"20 questions can be scored, of which .* a calibration needs 30"
    ):
        fitted(told(20), 0.9, SHIPPED)


def test_questions_of_one_kind_draw_no_line() -> None:
    with pytest.raises(EvaluationError, match="add questions that the sources answer, and some"):
        fitted(Decisions(np.linspace(0.1, 0.9, 50), np.ones(50, bool)), 0.9, SHIPPED)


def test_a_promise_that_no_line_keeps_says_what_could_be_promised() -> None:
    draw = np.random.default_rng(0)
    sure = draw.random(200)
    hopeless = Decisions(sure, draw.random(200) < 0.3 + 0.2 * sure)

    with pytest.raises(
        EvaluationError, match=r"no line keeps 99% of answers right on these questions, at most \d"
    ):
        fitted(hopeless, 0.99, SHIPPED)


def test_confidence_that_runs_the_wrong_way_is_not_scaled() -> None:
    seen = told(300)

    with pytest.raises(EvaluationError, match="the surer, the more often wrong"):
        fitted(Decisions(1 - seen.confidence, seen.right), 0.9, SHIPPED)


def test_confidence_that_is_always_the_same_parts_nothing() -> None:
    with pytest.raises(EvaluationError, match="confidence is the same for all of these questions"):
        fitted(Decisions(np.full(60, 0.4), np.arange(60) < 30), 0.5, SHIPPED)
