"""What a run has to reach, as `--fail-under mrr@10=0.85` says it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from index.errors import EvaluationError
from qa.evaluation.measure import LOWER_IS_BETTER, METRICS, Metric
from qa.evaluation.scoring import ANSWERED

_OF_ANSWERS = ("precision", "citation_precision", "citation_recall")


@dataclass(frozen=True, slots=True)
class Gate:
    """A metric and the least it has to be; the most, for one that is better when lower."""

    metric: str
    needed: float

    @property
    def way(self) -> str:
        """`at least` or `at most`."""
        return "at most" if self.metric in LOWER_IS_BETTER else "at least"


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate held against a run."""

    gate: Gate
    value: float

    @property
    def passed(self) -> bool:
        """Whether the run reaches it."""
        if self.gate.metric in LOWER_IS_BETTER:
            return self.value <= self.gate.needed
        return self.value >= self.gate.needed


def parsed_options(under: Sequence[str] | None, over: Sequence[str] | None) -> tuple[Gate, ...]:
    """The gates of `--fail-under` and `--fail-over`, each written as `metric=value`.

    Raises EvaluationError for what is none.
    """
    written = [(text, "--fail-under") for text in under or ()]
    written += [(text, "--fail-over") for text in over or ()]
    return tuple(_parsed(text, option) for text, option in written)


def held(
    gates: Sequence[Gate], metrics: Mapping[str, Metric], outcomes: Mapping[str, int]
) -> tuple[GateResult, ...]:
    """Each gate with what the run reached: 0 by a metric of answers where none was given.

    Raises EvaluationError where no question allows the metric: a gate that nothing can fail would
    be passed for ever.
    """
    silent = outcomes["silent"] and not any(outcomes[outcome] for outcome in ANSWERED)
    return tuple(
        GateResult(gate, 0.0)
        if silent and gate.metric in _OF_ANSWERS and gate.metric not in metrics
        else _held(gate, metrics)
        for gate in gates
    )


def _held(gate: Gate, metrics: Mapping[str, Metric]) -> GateResult:
    if gate.metric not in metrics:
        raise EvaluationError(
            f"{gate.metric} cannot be told: no question has the labels for it; "
            f"measured were {', '.join(metrics) or 'none'}"
        )
    return GateResult(gate, metrics[gate.metric].value)


def _parsed(text: str, option: str) -> Gate:
    name, _, value = (part.strip() for part in text.rpartition("="))
    if name not in METRICS:
        near = get_close_matches(name or text, METRICS, 1)
        meant = f"did you mean {near[0]}? " if near else ""
        known = ", ".join(METRICS)
        raise EvaluationError(
            f"{option} {text}: {meant}write metric=value, the metric one of {known}"
        )
    try:
        needed = float(value)
    except ValueError:
        needed = math.nan
    if not 0 <= needed <= 1:
        raise EvaluationError(
            f"{option} {text}: {value!r} is no share from 0 to 1; write {name}=0.95 for 95%"
        )
    if (name in LOWER_IS_BETTER) != (option == "--fail-over"):
        other = "--fail-over" if name in LOWER_IS_BETTER else "--fail-under"
        better = "lower" if name in LOWER_IS_BETTER else "higher"
        raise EvaluationError(f"{option} {text}: {name} is better when {better}; use {other}")
    return Gate(name, needed)
