"""From the rows of a run to its metrics, each with an interval and the number of its cases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.metrics import decision
from qa.evaluation.metrics.resampling import Interval, bootstrap, bootstrap_statistic
from qa.evaluation.row import Row
from qa.evaluation.scoring import ANSWERED, OUTCOMES

COVERAGE = 0.8  # the share of questions answered at which precision is told beside others' runs
PRECISION_AT = f"precision@coverage={COVERAGE}"

METRICS: Mapping[str, str] = MappingProxyType(
    {
        "hit@1": "an expected source came first",
        "hit@5": "an expected source came among the first five",
        "hit@10": "an expected source came among the first ten",
        "recall@5": "share of the expected sources among the first five",
        "recall@10": "share of the expected sources among the first ten",
        "mrr@10": "one over the rank of the first expected source",
        "ndcg@10": "how near the ranking is to the best there can be, by grades",
        "exact_match": "the quotes are a gold answer alone: rare, since they are whole sentences",
        "f1": "words in common with the nearest gold answer",
        "answer_in_quotes": "the quotes hold a gold answer",
        "quotes_verified": "quotes that stand in their source, word for word",
        "citation_precision": "share of the citations that are expected sources",
        "citation_recall": "share of the expected sources that are cited",
        "precision": "right answers among all answers",
        "coverage": "questions that were answered",
        "recall": "right answers among the questions that have one",
        "right_silence": "silence among the questions that have no answer",
        PRECISION_AT: f"right answers, if the surest {COVERAGE:.0%} of questions were answered",
        "auroc": "how well confidence tells questions with an answer from those without",
        "aurc": "share of wrong answers, averaged over all lines that could be drawn",
        "ece": "how far confidence is from the share that is right",
        "same_answer": "altered questions answered like the unaltered one",
        "negation_ignored": "negated questions answered as if they were not",
    }
)
"""Every metric with what it says, in the order of a report."""
LOWER_IS_BETTER = frozenset({"aurc", "ece", "negation_ignored"})

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Metric:
    """A value over `n` cases with its 95% bootstrap interval; None where they are too few."""

    value: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Decisions:
    """The cases whose answer is right or wrong: how sure each was, and whether it is right."""

    confidence: Floats
    right: Mask

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Decisions":
        """Those of the rows that have an outcome."""
        told = [row for row in rows if row["outcome"] != "unscored"]
        return cls(
            np.array([_sure(row) for row in told], np.float64),
            np.array([bool(row["right"]) for row in told], np.bool_),
        )


def _sure(row: Row) -> float:
    """The confidence; 0 where there is nothing to quote, so that no line would answer."""
    confidence: float = row["confidence"]
    return confidence if row["quotes"] or row["withheld"] else 0.0


def tally(rows: Iterable[Row]) -> dict[str, int]:
    """How many of the rows have each outcome."""
    counts: dict[str, int] = dict.fromkeys(OUTCOMES, 0)
    for row in rows:
        counts[row["outcome"]] += 1
    return counts


def measured(rows: Sequence[Row], names: Iterable[str] = METRICS) -> dict[str, Metric]:
    """Those of the metrics for which some row has the labels, in the order of METRICS."""
    wanted = set(names)
    ratios = {name: pair for name, pair in _ratios(rows).items() if name in wanted}
    found = {name: _ratio(*pair) for name, pair in ratios.items() if pair[1].sum()}
    found |= {name: m for name, m in _decided(rows, wanted).items() if m}
    return {name: found[name] for name in METRICS if name in found}


def _ratios(rows: Sequence[Row]) -> dict[str, tuple[Floats, Floats]]:
    """Metrics that are one sum over another: for each the two summands of every case."""
    scored = {name for row in rows for name in row["scores"]}
    pairs = {name: _mean([row["scores"].get(name) for row in rows]) for name in scored}
    outcome = np.array([row["outcome"] for row in rows])

    def among(*outcomes: str) -> Floats:
        return np.isin(outcome, outcomes).astype(np.float64)

    answered = among(*ANSWERED)
    return pairs | {
        "precision": (among("right"), answered),
        "coverage": (answered, among(*OUTCOMES[:-1])),
        "recall": (among("right"), among("right", "wrong", "silent")),
        "right_silence": (among("rightly silent"), among("rightly silent", "wrongly answered")),
    }


def _mean(values: Sequence[float | None]) -> tuple[Floats, Floats]:
    there = np.array([value is not None for value in values], np.float64)
    return np.array([value or 0.0 for value in values], np.float64), there


def _ratio(numerator: Floats, denominator: Floats) -> Metric:
    value = float(numerator.sum() / denominator.sum())
    return _metric(value, bootstrap(numerator, denominator), int(denominator.sum()))


def _metric(value: float, interval: Interval | None, n: int) -> Metric:
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Metric(value, low, high, n)


def _decided(rows: Sequence[Row], wanted: set[str]) -> dict[str, Metric | None]:
    """Metrics of the decision to answer, which no sum over cases gives."""
    told = Decisions.of(rows)
    of_right: dict[str, Callable[[Floats, Mask], float]] = {
        PRECISION_AT: lambda c, r: decision.precision_at_coverage(c, r, COVERAGE),
        "aurc": lambda c, r: decision.area(decision.risk_coverage(c, r)),
        "ece": decision.ece,
    }
    found = {
        name: _statistic(measure, told.confidence, told.right)
        for name, measure in of_right.items()
        if name in wanted
    }
    if "auroc" in wanted:
        known = [row for row in rows if row["case"]["answerable"] is not None]
        confidence = np.array([row["confidence"] for row in known], np.float64)
        found["auroc"] = _statistic(
            _auroc, confidence, np.array([row["case"]["answerable"] for row in known], np.bool_)
        )
    return found


def _auroc(confidence: Floats, answerable: Mask) -> float:
    if answerable.all() or not answerable.any():
        return float("nan")
    return decision.auroc(confidence[answerable], confidence[~answerable])


def _statistic(
    measure: Callable[[Floats, Mask], float], confidence: Floats, told: Mask
) -> Metric | None:
    """The measure with its interval; None where these cases do not allow it."""
    n = len(told)
    value = measure(confidence, told) if n else float("nan")
    if np.isnan(value):
        return None
    interval = bootstrap_statistic(n, lambda drawn: measure(confidence[drawn], told[drawn]))
    return _metric(value, interval, n)
