"""The first screen: three numbers, what they mean, and whether they are better than last time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from qa.evaluation.report.outcome import Row, Tally
from qa.evaluation.report.words import (
    chance,
    count,
    counted,
    decimal,
    isolated,
    joined,
    moment,
    percent,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the large numbers; `kind` is its colour: good, silent or bad."""

    kind: str
    name: str
    number: str
    share: str
    meaning: str


def figures(tally: Tally, rows: Sequence[Row]) -> tuple[Figure, ...]:
    """Right, silent and wrong; where nothing is labelled, answered and silent."""
    if tally.scored:
        parts = (
            ("good", "Good", tally.good, "a right answer, or silence where there is none"),
            ("silent", "Silent", tally.silent, "though the sources hold an answer"),
            ("bad", "Wrong", tally.bad, "a wrong answer, or one where there is none"),
        )
        return tuple(
            Figure(kind, name, count(n), percent(tally.share(n)), meaning)
            for kind, name, n, meaning in parts
        )
    if not rows:
        return ()
    answered = _answered(rows)
    silent = len(rows) - answered
    return (
        Figure("good", "Answered", count(answered), percent(answered / len(rows)), "with a quote"),
        Figure("silent", "Silent", count(silent), percent(silent / len(rows)), "no answer given"),
    )


def sentence(tally: Tally, rows: Sequence[Row], unscored: Mapping[str, int]) -> str:
    """What the large numbers come to, in words."""
    if not rows and not tally.scored:
        return "No question was asked."
    if tally.scored:
        return f"{tally.sentence()}{_left_out(tally.unscored, unscored)}"
    answered = _answered(rows)
    return (
        f"Of {counted(len(rows), 'question')}, {count(answered)} got an answer and "
        f"{count(len(rows) - answered)} met silence. Nothing is labelled, so whether that is right "
        "is not known: name an expected source or answer for some questions."
    )


def since(before: Mapping[str, Any] | None) -> tuple[str, Markup] | None:
    """Whether it is better than last time: the verdict, and on what it rests."""
    if before is None:
        return None
    verdict = {
        "better": "Better than last time.",
        "worse": "Worse than last time.",
    }.get(before["verdict"], "No clear difference from last time.")
    told = Markup(
        "Of {} asked both times, {} came right and {} went wrong ({}). Last time: {}, {}."
    )
    return verdict, told.format(
        counted(before["cases"], "question"),
        count(before["gained"]),
        count(before["lost"]),
        chance(before["p"]),
        isolated(before["name"]),
        moment(before["made"]),
    )


def banners(summary: Mapping[str, Any]) -> tuple[str, ...]:
    """What a reader has to know before any number."""
    found = []
    if summary["asked"] < summary["of"]:
        found.append(
            f"Interrupted: {count(summary['asked'])} of {counted(summary['of'], 'question')} "
            "were asked."
        )
    grounding = summary["grounding"]
    if failures := len(grounding["failed"]):
        stand = "does" if failures == 1 else "do"
        found.append(
            f"Grounding failed: {count(failures)} of {counted(grounding['quotes'], 'quote')} "
            f"{stand} not stand in the source that is cited."
        )
    return tuple(found)


def gates(results: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[tuple[bool, str], ...]] | None:
    """How many gates were passed, then each of them."""
    if not results:
        return None
    passed = sum(bool(one["passed"]) for one in results)
    heading = (
        f"All {counted(passed, 'gate')} passed."
        if passed == len(results) > 1
        else f"{count(passed)} of {counted(len(results), 'gate')} passed."
    )
    told = tuple((bool(one["passed"]), _gate(one)) for one in results)
    return heading, told


def _gate(one: Mapping[str, Any]) -> str:
    needed = f"needed {one['way']} {_plain(one['needed'])}"
    return f"{one['metric']} is {decimal(one['value'])}, {needed}"


def _plain(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _answered(rows: Sequence[Row]) -> int:
    return sum(row.get("status") == "answered" for row in rows)


def _left_out(number: int, reasons: Mapping[str, int]) -> str:
    if not number:
        return ""
    told = [f"{reason} ({count(n)})" for reason, n in reasons.items()]
    why = joined(told) if len(told) > 1 else next(iter(reasons), "")
    return f" {count(number)} more could not be scored{': ' if why else ''}{why}."
