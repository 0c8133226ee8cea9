"""What a run comes to: outcomes, metrics, curves, and what could not be scored and why."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from qa.evaluation.gates import GateResult
from qa.evaluation.grounding import Grounding
from qa.evaluation.measure import Decisions, Metric, measured, tally
from qa.evaluation.metrics import decision
from qa.evaluation.row import Row
from qa.evaluation.run import Run, timings

_CURVE_POINTS = 200  # more are not seen in a drawing
_BY_GROUP = ("hit@1", "mrr@10", "precision", "same_answer", "negation_ignored")
_PERCENTILES = (50, 90, 95, 99)


@dataclass(frozen=True, slots=True)
class Group:
    """The cases that share a kind or a tag."""

    name: str
    n: int
    outcomes: Mapping[str, int]
    metrics: Mapping[str, Metric]


@dataclass(frozen=True, slots=True)
class Summary:
    """What summary.json holds.

    `ineligible` counts for each metric the cases that gave it no score, by reason. `curve` has the
    risk-coverage points, surest first, `reliability` the bins of confidence. `latency` is in
    milliseconds, of questions asked one at a time. `since` compares with the run before;
    `collisions` are a stress run's.
    """

    name: str
    made: str
    asked: int
    of: int
    outcomes: Mapping[str, int]
    unscored: Mapping[str, int]
    metrics: Mapping[str, Metric]
    ineligible: Mapping[str, Mapping[str, int]]
    groups: Mapping[str, Sequence[Group]]
    curve: Sequence[Mapping[str, float]]
    reliability: Sequence[decision.Bin]
    latency: Mapping[str, float] | None
    questions_per_second: float | None
    grounding: Mapping[str, Any]
    settings: Mapping[str, Any]
    gates: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[str] = ()
    collisions: Sequence[Mapping[str, Any]] = ()
    since: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    def with_gates(self, results: Sequence[GateResult]) -> "Summary":
        """The same, held against its gates."""
        gates = [
            {
                "metric": one.gate.metric,
                "way": one.gate.way,
                "needed": one.gate.needed,
                "value": one.value,
                "passed": one.passed,
            }
            for one in results
        ]
        return replace(self, gates=gates)


def summary(run: Run, grounding: Grounding, notes: Sequence[str] = ()) -> Summary:
    """Sum up a run, finished or not."""
    rows = compared_to_original(run.rows)
    told = Decisions.of(rows)
    metrics = measured(rows)
    if grounding.quotes:
        metrics["quotes_verified"] = Metric(grounding.share, None, None, grounding.quotes)
    return Summary(
        name=run.settings["name"],
        made=run.settings["made"],
        asked=len(rows),
        of=run.settings["of"],
        outcomes=tally(rows),
        unscored=dict(Counter(row["why"] for row in rows if row["why"])),
        metrics=metrics,
        ineligible=_ineligible(rows),
        groups={"kind": _groups(rows, _kind), "tag": _groups(rows, _tags)},
        curve=curve_points(told),
        reliability=decision.reliability(told.confidence, told.right) if len(told.right) else (),
        latency=_latency(run),
        questions_per_second=_rate(run),
        grounding={
            "quotes": grounding.quotes,
            "verified": grounding.quotes - len(grounding.failed),
            "failed": [asdict(one) for one in grounding.failed],
        },
        settings=run.settings,
        notes=notes,
    )


def compared_to_original(rows: Sequence[Row]) -> list[Row]:
    """The rows; those that were made from another case say whether they were answered like it.

    Silence like silence counts as the same answer, but to ignore a negation takes an answer.
    """
    by_id = {row["case"]["id"]: row for row in rows}

    def compared(row: Row) -> Row:
        original = by_id.get(row["case"]["like"])
        if original is None:
            return row
        same = float(_said(row) == _said(original))
        if row["case"]["kind"] == "negation":
            same *= bool(_said(row))
        name = "negation_ignored" if row["case"]["kind"] == "negation" else "same_answer"
        return {**row, "scores": {**row["scores"], name: same}}

    return [compared(row) for row in rows]


def _said(row: Row) -> str:
    """The passage that comes first in the answer; empty for silence."""
    return row["quotes"][0]["passage"] if row["quotes"] else ""


def _groups(rows: Sequence[Row], names: Callable[[Row], Iterable[str]]) -> list[Group]:
    """In the order in which they first come."""
    members: dict[str, list[Row]] = {}
    for row in rows:
        for name in names(row):
            members.setdefault(name, []).append(row)
    return [
        Group(name, len(mine), tally(mine), measured(mine, _BY_GROUP))
        for name, mine in members.items()
    ]


def _kind(row: Row) -> Iterable[str]:
    return filter(None, [row["case"]["kind"]])


def _tags(row: Row) -> Iterable[str]:
    tags: list[str] = row["case"]["tags"]
    return tags


def curve_points(told: Decisions) -> list[dict[str, float]]:
    """The risk-coverage curve, surest first, as few points of it as are seen in a drawing."""
    if not len(told.right):
        return []
    curve = decision.risk_coverage(told.confidence, told.right)
    last = len(curve.coverage) - 1
    shown = np.unique(np.linspace(0, last, min(last + 1, _CURVE_POINTS)).round().astype(int))
    return [
        {
            "coverage": float(curve.coverage[i]),
            "risk": float(curve.risk[i]),
            "confidence": float(curve.confidence[i]),
        }
        for i in shown
    ]


def _latency(run: Run) -> dict[str, float] | None:
    taken = [ms for times in timings(run.folder) for ms in times.get("one_at_a_time_ms", ())]
    if not taken:
        return None
    points = np.percentile(taken, _PERCENTILES)
    shown = {f"p{p}": round(float(ms), 2) for p, ms in zip(_PERCENTILES, points, strict=True)}
    return {"n": len(taken), **shown}


def _rate(run: Run) -> float | None:
    """Questions a second, encoding and writing included."""
    batches = [times for times in timings(run.folder) if "questions" in times]
    seconds = sum(times["seconds"] for times in batches)
    return round(sum(times["questions"] for times in batches) / seconds, 1) if seconds else None


def _ineligible(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """For each kind of metric, why which number of cases gave it no score."""
    reasons: dict[str, Counter[str]] = {}
    for row in rows:
        for what, reason in _why_not(row):
            reasons.setdefault(what, Counter())[reason] += 1
    return {what: dict(counts) for what, counts in reasons.items()}


def _why_not(row: Row) -> Iterator[tuple[str, str]]:
    case = row["case"]
    retrieval, answer = "mrr@10" in row["scores"], "f1" in row["scores"]
    unanswerable = case["answerable"] is False
    if not retrieval:
        yield "finding", "has no answer in the sources" if unanswerable else "no expected source"
    if not answer:
        yield "quoting", "has no answer in the sources" if unanswerable else "no expected answer"
    if "citation_precision" not in row["scores"]:
        yield "citing", "not answered" if retrieval else "no expected source"
    if row["why"]:
        yield "deciding", row["why"]
