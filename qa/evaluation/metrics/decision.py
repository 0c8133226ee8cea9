"""To answer or to abstain: how well confidence tells right from wrong, and with what promise.

Arrays have one entry a case: `confidence`, higher is surer, and `right`, whether the answer is, or
would have been, right. Raises ValueError where there is no case, the arrays differ in length, or a
confidence is not a finite number. The order of the cases makes no difference.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

BINS = 10  # of confidence; ECE differs with their number, and ten is what is usually reported


def auroc(positive_scores: Floats, negative_scores: Floats) -> float:
    """The chance that a positive case scores above a negative one, ties as half; 0 to 1.

    The area under the ROC curve, which is Mann and Whitney's U over the number of pairs (Hanley
    and McNeil 1982). Raises ValueError where either side is empty or not finite.
    """
    if not len(positive_scores) or not len(negative_scores):
        raise ValueError("AUROC needs cases of both kinds, and there are none of one")
    _finite(positive_scores)
    _finite(negative_scores)
    negative = np.sort(negative_scores)
    below = np.searchsorted(negative, positive_scores, "left")
    not_above = np.searchsorted(negative, positive_scores, "right")
    return float(np.mean(below + not_above) / (2 * len(negative)))


@dataclass(frozen=True, slots=True, eq=False)
class RiskCoverage:
    """What comes of answering from each confidence that occurs, the surest first.

    From `confidence[i]` up, a share `coverage[i]` of all cases is answered and a share `risk[i]`
    of these answers is wrong. `coverage` rises to 1.
    """

    coverage: Floats
    risk: Floats
    confidence: Floats

    def __post_init__(self) -> None:
        if not 0 < len(self.coverage) == len(self.risk) == len(self.confidence):
            raise ValueError("a curve has a coverage, a risk and a confidence for each point")


def risk_coverage(confidence: Floats, right: Mask) -> RiskCoverage:
    """The risk-coverage curve (El-Yaniv and Wiener 2010).

    Cases as sure as each other are one point: no line between answering and abstaining parts them.
    """
    _checked(confidence, right)
    order = np.argsort(-confidence)
    sure, wrong = confidence[order], ~right[order]
    last = np.flatnonzero(np.append(np.diff(sure) != 0, True))  # the last case of each point
    answered = last + 1
    return RiskCoverage(answered / len(sure), np.cumsum(wrong)[last] / answered, sure[last])


def area(curve: RiskCoverage) -> float:
    """The area under a risk-coverage curve, AURC (Geifman and El-Yaniv 2017); lower is better.

    The mean over the cases of the risk of answering all that are at least as sure.
    """
    return float(np.diff(curve.coverage, prepend=0.0) @ curve.risk)


def precision_at_coverage(confidence: Floats, right: Mask, coverage: float) -> float:
    """The share that is right of the surest `coverage` (above 0, up to 1) of the cases.

    Where this cuts through cases as sure as each other, what can be expected of taking the needed
    number of them at random; a case that is itself cut counts in part.
    """
    if not 0 < coverage <= 1:
        raise ValueError(f"a coverage is above 0 and at most 1, not {coverage}")
    curve = risk_coverage(confidence, right)
    right_share = curve.coverage * (1 - curve.risk)  # right answers, as a share of all cases
    reached = np.interp(coverage, np.append(0, curve.coverage), np.append(0, right_share))
    return min(float(reached / coverage), 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """The `n` cases of confidence above `low` up to `high`; the first bin has 0 as well.

    `confidence` is their mean, `right` the share of them that is right.
    """

    low: float
    high: float
    confidence: float
    right: float
    n: int


def reliability(confidence: Floats, right: Mask, bins: int = BINS) -> tuple[Bin, ...]:
    """Cases by confidence, 0 to 1, in bins of equal width (Guo et al. 2017); none that is empty."""
    _checked(confidence, right)
    if bins < 1:
        raise ValueError(f"{bins} bins; take 1 or more")
    if confidence.min() < 0 or confidence.max() > 1:
        raise ValueError("a confidence is a probability, 0 to 1, and one of these is not")
    edges = np.linspace(0, 1, bins + 1)
    member = np.searchsorted(edges[1:-1], confidence, "left")
    counts = np.bincount(member, minlength=bins)
    sure, good = (np.bincount(member, each, bins) for each in (confidence, right))
    return tuple(
        Bin(float(edges[i]), float(edges[i + 1]), float(sure[i] / n), float(good[i] / n), n)
        for i, n in enumerate(counts.tolist())
        if n
    )


def ece(confidence: Floats, right: Mask, bins: int = BINS) -> float:
    """Expected calibration error: how far confidence is from the share that is right; 0 to 1.

    The mean over the cases of the gap between the two in their bin (Naeini et al. 2015).
    """
    found = reliability(confidence, right, bins)
    return sum(one.n * abs(one.confidence - one.right) for one in found) / len(confidence)


def _checked(confidence: Floats, right: Mask) -> None:
    if not len(confidence) == len(right) > 0:
        counts = f"{len(confidence)} and {len(right)}"
        raise ValueError(f"each case has a confidence and is right or not; there are {counts}")
    _finite(confidence)


def _finite(scores: Floats) -> None:
    if not np.isfinite(scores).all():
        raise ValueError("a score is a finite number, and one of these is not")
