"""The engineer's tables: every metric with its interval, the groups, the settings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.evaluation.measure import METRICS
from qa.evaluation.report.outcome import Tally
from qa.evaluation.report.words import between, count, decimal, percent, short_number

# Metrics by what they speak of, in the order of a question's way; their names begin like this.
_GROUPS = {
    "Finding": ("hit@", "recall@", "mrr@", "ndcg@"),
    "Quoting": ("exact_match", "f1", "answer_in_quotes", "quotes_verified"),
    "Citing": ("citation_",),
    "Deciding": ("precision", "coverage", "recall", "right_silence", "auroc", "aurc", "ece"),
    "Holding under altered wording": ("same_answer", "negation_ignored"),
}
_OTHER = "Other"
_GROUP_METRICS = ("hit@1", "mrr@10", "precision", "same_answer", "negation_ignored")
_TIMES = {
    "p50": "half of the questions take no longer, asked one at a time",
    "p90": "nine of ten take no longer",
    "p95": "19 of 20 take no longer",
    "p99": "99 of 100 take no longer",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A line of the table of metrics."""

    name: str
    value: str
    interval: str
    n: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Grouped:
    """The questions of one kind, or with one tag."""

    name: str
    n: str
    right: str
    right_share: str
    silent: str
    wrong: str
    metrics: tuple[str, ...]


def measures(summary: Mapping[str, Any]) -> dict[str, list[Measure]]:
    """All that was measured, by what it speaks of."""
    grouped: dict[str, list[Measure]] = {name: [] for name in (*_GROUPS, _OTHER, "Speed")}
    for name, metric in summary["metrics"].items():
        grouped[_group(name)].append(
            Measure(
                name,
                decimal(metric["value"]),
                between(metric["low"], metric["high"]),
                count(metric["n"]),
                METRICS.get(name, ""),
            )
        )
    grouped["Speed"] = list(_speed(summary))
    return {name: lines for name, lines in grouped.items() if lines}


def group_columns(groups: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The metrics that some group has."""
    return tuple(name for name in _GROUP_METRICS if any(name in one["metrics"] for one in groups))


def grouped(groups: Sequence[Mapping[str, Any]]) -> tuple[Grouped, ...]:
    """A line for each kind or tag, in the order given."""
    columns = group_columns(groups)
    return tuple(_grouped(one, columns) for one in groups)


def without_score(ineligible: Mapping[str, Mapping[str, int]]) -> tuple[tuple[str, str, str], ...]:
    """What was not scored, why, and for how many cases; what shares its reasons in one line."""
    alike: dict[tuple[tuple[str, int], ...], list[str]] = {}
    for name, reasons in ineligible.items():
        written = name.capitalize() if name.capitalize() in _GROUPS else name
        alike.setdefault(tuple(reasons.items()), []).append(written)
    return tuple(
        (", ".join(names), reason, count(n))
        for reasons, names in alike.items()
        for reason, n in reasons
    )


def settings(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """All settings, those within others by dotted names; what is not set is left out."""
    return tuple(_flat(values, ""))


def _group(name: str) -> str:
    return next((group for group, starts in _GROUPS.items() if name.startswith(starts)), _OTHER)


def _grouped(one: Mapping[str, Any], columns: Sequence[str]) -> Grouped:
    tally = Tally.of(one["outcomes"])
    values = [one["metrics"].get(name) for name in columns]
    return Grouped(
        name=str(one["name"]),
        n=count(one["n"]),
        right=count(tally.good),
        right_share=percent(tally.share(tally.good)),
        silent=count(tally.silent),
        wrong=count(tally.bad),
        metrics=tuple(decimal(value["value"] if value else None) for value in values),
    )


def _speed(summary: Mapping[str, Any]) -> Iterator[Measure]:
    latency = summary["latency"]
    for name, meaning in _TIMES.items() if latency else ():
        yield Measure(name, f"{latency[name]:,.1f} ms", "–", count(latency["n"]), meaning)
    if rate := summary["questions_per_second"]:
        meaning = "questions answered a second, many at a time"
        yield Measure("questions per second", f"{rate:,.1f}", "–", count(summary["asked"]), meaning)


def _flat(values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif value is not None:
            yield f"{prefix}{name}", short_number(str(value))
