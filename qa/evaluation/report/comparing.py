"""Two runs side by side: the verdict, what changed in between, and the questions that turned."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from qa.evaluation.report.bars import interval
from qa.evaluation.report.entry import HEADLINE_CHARS
from qa.evaluation.report.outcome import HEADINGS
from qa.evaluation.report.words import (
    between,
    chance,
    clipped,
    count,
    decimal,
    isolated,
    moment,
    short_number,
    signed,
)

_VERDICTS = {"better": "{} is better than {}", "worse": "{} is worse than {}"}
_NO_VERDICT = "No clear difference between {} and {}"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs."""

    letter: str
    name: str
    made: Markup


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric in both runs."""

    name: str
    a: str
    b: str
    difference: str
    interval: str
    drawn: Markup
    p: str
    n: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A question whose outcome changed; texts are empty for silence."""

    id: str
    headline: str
    question: str
    a: str
    b: str
    a_text: str
    b_text: str


def sides(comparison: Mapping[str, Any]) -> tuple[Side, Side]:
    """The two runs; where they share a name, they are told apart as before and after."""
    a, b = comparison["a"], comparison["b"]
    alike = a["name"] == b["name"]
    return (
        Side("A", f"{a['name']} (before)" if alike else a["name"], moment(a["made"])),
        Side("B", f"{b['name']} (after)" if alike else b["name"], moment(b["made"])),
    )


def headline(verdict: str, a: Side, b: Side) -> Markup:
    """The verdict as a heading."""
    words = Markup(_VERDICTS.get(verdict, _NO_VERDICT))  # noqa: S704 - ours
    later, earlier = (b, a) if verdict in _VERDICTS else (a, b)
    return words.format(isolated(later.name), isolated(earlier.name))


def changed(settings: Sequence[Mapping[str, str]]) -> tuple[tuple[str, str, str], ...]:
    """What differs: the setting, before, after; long numbers cut where that still tells them."""
    return tuple((one["what"], *_told_apart(one["a"], one["b"])) for one in settings)


def differences(metrics: Sequence[Mapping[str, Any]]) -> tuple[Difference, ...]:
    """Every metric with its difference, all drawn on one scale."""
    edges = [abs(one[end]) for one in metrics for end in ("low", "high", "difference")]
    reach = max(filter(math.isfinite, edges), default=1.0)
    return tuple(_difference(one, reach, place) for place, one in enumerate(metrics))


def turned(flips: Sequence[Mapping[str, Any]]) -> tuple[list[Turned], list[Turned]]:
    """The questions that got worse, and those that got better."""
    worse = [_turned(flip) for flip in flips if not flip["better"]]
    return worse, [_turned(flip) for flip in flips if flip["better"]]


def _difference(one: Mapping[str, Any], reach: float, place: int) -> Difference:
    return Difference(
        name=one["name"],
        a=decimal(one["a"]),
        b=decimal(one["b"]),
        difference=signed(one["difference"]),
        interval=between(one["low"], one["high"], signed),
        drawn=interval(one["difference"], one["low"], one["high"], reach, f"difference-{place}"),
        p=chance(one["p"]).removeprefix("p = ").removeprefix("p "),
        n=count(one["n"]),
    )


def _told_apart(a: str, b: str) -> tuple[str, str]:
    cut = short_number(a), short_number(b)
    return cut if cut[0] != cut[1] else (a, b)


def _turned(flip: Mapping[str, Any]) -> Turned:
    whole = flip["question"]
    return Turned(
        id=flip["id"],
        headline=clipped(whole, HEADLINE_CHARS) or "(no text)",
        question=whole if len(whole) > HEADLINE_CHARS else "",
        a=_known(flip["a"]),
        b=_known(flip["b"]),
        a_text=flip["a_text"],
        b_text=flip["b_text"],
    )


def _known(name: str) -> str:
    return name if name in HEADINGS else "unscored"
