"""Fit confidence and the line to a site's own questions, so that a promise about answers holds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.errors import EvaluationError
from qa.confidence import Calibration
from qa.evaluation.measure import Decisions

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FOLDS = 5
# Fewer questions, or fewer of one kind, say too little of a line to draw it.
LEAST_QUESTIONS = 30
LEAST_OF_EACH = 5
_STEPS = 100  # of Newton's method, which needs fewer than ten
_EDGE = 1e-4  # confidence is stored with four digits; odds beyond that are not known


@dataclass(frozen=True, slots=True)
class Promise:
    """A share of answers that are right, the line that gives it, and what it costs."""

    answer_from: float
    precision: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibration with what its line gives on the questions it was chosen on, and out of fold."""

    calibration: Calibration
    precision: float
    coverage: float
    expected_precision: float
    expected_coverage: float


def fitted(told: Decisions, promise: float, now: Calibration) -> Fitted:
    """The calibration that keeps `promise`, 0 to 1, with the most questions answered.

    `told` is confidence under the calibration `now`, and whether the answer is, or would be, right.
    Raises EvaluationError where there are too few questions or no line keeps the promise.
    """
    _check_enough(told.right)
    odds = log_odds(told.confidence)
    if not np.ptp(odds):
        raise EvaluationError(
            "confidence is the same for all of these questions, so no line parts them; check that "
            "they are of this knowledge base"
        )
    slope, intercept = platt(odds, told.right)
    if slope <= 0:
        raise EvaluationError(
            "on these questions confidence does not tell right answers from wrong ones: the surer, "
            "the more often wrong; check what they expect"
        )
    confidence = sigmoid(slope * odds + intercept)
    line = keeping(confidence, told.right, promise)
    if line is None:
        best = _best_precision(confidence, told.right)
        raise EvaluationError(
            f"no line keeps {promise:.0%} of answers right on these questions, at most {best:.0%}; "
            "promise less with --precision, or mend the answers that are wrong first"
        )
    out = _out_of_fold(odds, told.right, promise)
    return Fitted(
        # Confidence on disk is under `now`: the new scale goes on top of that one.
        Calibration(slope * now.slope, slope * now.intercept + intercept, line.answer_from),
        line.precision,
        line.coverage,
        out.precision,
        out.coverage,
    )


def log_odds(confidence: Floats) -> Floats:
    """ln(p / (1 - p))."""
    bounded = np.clip(confidence, _EDGE, 1 - _EDGE)
    odds: Floats = np.log(bounded / (1 - bounded))
    return odds


def sigmoid(odds: Floats) -> Floats:
    """1 / (1 + e^-x)."""
    probability: Floats = np.exp(-np.logaddexp(0, -odds))
    return probability


def platt(odds: Floats, right: Mask) -> tuple[float, float]:
    """Slope and intercept of a logistic regression of `right` on `odds` (Platt 1999).

    With his targets, which stand a little inside 0 and 1, so that a few questions that part
    perfectly give no infinite slope; by Newton's method (Lin, Lin, Weng 2007).
    """
    positive, negative = right.sum(), (~right).sum()
    target = np.where(right, (positive + 1) / (positive + 2), 1 / (negative + 2))
    seen = np.column_stack([odds, np.ones_like(odds)])
    weights = np.array([1.0, 0.0])
    loss = _loss(seen, weights, target)
    for _ in range(_STEPS):
        probability = sigmoid(seen @ weights)
        slack = probability * (1 - probability)
        step = np.linalg.solve(
            (seen * slack[:, None]).T @ seen + 1e-9 * np.eye(2), seen.T @ (probability - target)
        )
        scale = 1.0
        while scale > 1e-6 and _loss(seen, weights - scale * step, target) > loss:
            scale /= 2
        weights = weights - scale * step
        loss, before = _loss(seen, weights, target), loss
        if math.isclose(loss, before, rel_tol=1e-10):
            break
    return float(weights[0]), float(weights[1])


def keeping(confidence: Floats, right: Mask, promise: float) -> Promise | None:
    """The lowest line from which `promise` of the answers are right; None where there is none.

    One more wrong answer than were seen is reckoned with at every line (as in conformal risk
    control, Angelopoulos et al. 2022): a line that a handful of answers happens to keep is none.
    """
    order = np.argsort(-confidence, kind="stable")
    sure, correct = confidence[order], np.cumsum(right[order])
    answered = np.arange(1, len(sure) + 1)
    last_of_equals = np.append(sure[1:] < sure[:-1], True)
    kept = np.flatnonzero((correct / (answered + 1) >= promise) & last_of_equals)
    if not len(kept):
        return None
    at = kept[-1]
    below = sure[at + 1] if at + 1 < len(sure) else 0.0
    # Halfway to the next question, so that no rounding decides.
    line = max(float((sure[at] + below) / 2), _EDGE)
    return Promise(line, float(correct[at] / answered[at]), float(answered[at] / len(sure)))


def _loss(seen: Floats, weights: Floats, target: Floats) -> float:
    odds = seen @ weights
    return float((np.logaddexp(0, odds) - target * odds).sum())


def _best_precision(confidence: Floats, right: Mask) -> float:
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(order) + 1)
    return float((np.cumsum(right[order]) / (answered + 1)).max())


def _out_of_fold(odds: Floats, right: Mask, promise: float) -> Promise:
    """What lines chosen without a question's fold give for it: what to expect of other questions.

    A fold for which no line keeps the promise answers nothing.
    """
    fold = np.random.default_rng(0).permutation(len(odds)) % FOLDS
    answered = np.zeros(len(odds), np.bool_)
    for held_out in range(FOLDS):
        train, test = fold != held_out, fold == held_out
        slope, intercept = platt(odds[train], right[train])
        line = keeping(sigmoid(slope * odds[train] + intercept), right[train], promise)
        if line is not None and slope > 0:
            answered[test] = sigmoid(slope * odds[test] + intercept) >= line.answer_from
    share = float(right[answered].mean()) if answered.any() else 0.0
    return Promise(0.0, share, float(answered.mean()))


def _check_enough(right: Sequence[bool] | Mask) -> None:
    n, correct = len(right), int(np.sum(right))
    if n < LEAST_QUESTIONS or min(correct, n - correct) < LEAST_OF_EACH:
        raise EvaluationError(
            f"{n} questions can be scored, of which {correct} get a right answer and "
            f"{n - correct} none; a calibration needs {LEAST_QUESTIONS}, with {LEAST_OF_EACH} of "
            "each: add questions that the sources answer, and some that they do not"
        )
