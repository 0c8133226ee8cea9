"""What a calibration promises, in words and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from qa.evaluation.report.words import counted, decimal, percent, threshold

_TENTH = partial(percent, digits=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table of before, now, and what to expect of other questions."""

    name: str
    answer_from: str
    precision: str
    coverage: str
    ece: str


def promise(record: Mapping[str, Any]) -> str:
    """The promise as a heading."""
    return (
        f"{_short(record['promise'])} of answers right; covers {percent(record['coverage'])} of "
        "questions"
    )


def explained(record: Mapping[str, Any]) -> str:
    """On what the promise rests."""
    low, high = record["low"], record["high"]
    sure = f" (95% interval {_TENTH(low)} to {_TENTH(high)})" if None not in (low, high) else ""
    out = record["out_of_fold"]
    kept = (
        "which keeps the promise" if out["precision"] >= record["promise"] else "under the promise"
    )
    return (
        f"Answering from confidence {threshold(record['answer_from'])} on, "
        f"{_TENTH(record['precision'])} of the answers to these "
        f"{counted(record['questions'], 'question')} are right{sure}. Of questions that the line "
        f"was not fitted to, expect {_TENTH(out['coverage'])} to be answered and "
        f"{_TENTH(out['precision'])} of the answers to be right, {kept}."
    )


def lines(record: Mapping[str, Any]) -> tuple[Line, ...]:
    """Before, now, and out of fold."""
    before, after, out = record["before"], record["after"], record["out_of_fold"]
    return (
        _line("Before", before["answer_from"], before, before["ece"]),
        _line("Now", record["answer_from"], record, after["ece"]),
        Line(
            "Questions not fitted to", "–", _TENTH(out["precision"]), _TENTH(out["coverage"]), "–"
        ),
    )


def _line(name: str, answer_from: float, told: Mapping[str, Any], ece: float) -> Line:
    return Line(
        name,
        threshold(answer_from),
        _TENTH(told["precision"]),
        _TENTH(told["coverage"]),
        decimal(ece),
    )


def _short(share: float) -> str:
    """With a digit after the point only where there is one to tell."""
    whole = abs(100 * share - round(100 * share)) < 0.05
    return percent(share, 0 if whole else 1)
