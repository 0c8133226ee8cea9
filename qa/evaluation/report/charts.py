"""What was measured, drawn; each drawing with the sentence and the table that say the same."""

import math
from collections.abc import Mapping, Sequence
from functools import partial

from markupsafe import Markup

from qa.evaluation.report.svg import (
    WIDTH,
    Chart,
    Plot,
    Point,
    dot,
    label,
    line,
    path,
    picture,
)
from qa.evaluation.report.words import count, counted, decimal, percent, threshold

Numbers = Mapping[str, float]

SAID_AT = 0.8  # the share answered that the sentence speaks of
# The first few answers say little, one wrong of two being half: they do not set the scale.
_SETTLED = 0.05
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)  # from one hairline to the next; at most five fit
_ROOM = 1.25  # the highest point stands this far below the top
_TENTH = partial(percent, digits=1)


def risk_coverage(
    points: Sequence[Numbers],
    now: float,
    key: str = "risk",
    *,
    measured: Point | None = None,
    before: Point | None = None,
    allowed: float | None = None,
) -> Chart:
    """The share of wrong answers as ever less sure ones are given (El-Yaniv and Wiener 2010).

    `points` come surest first. `now` is the confidence from which answers are given, `allowed` the
    most that may be wrong. `measured` is the coverage and risk at `now` where they are known better
    than from the points, `before` those of an earlier line.
    """
    curve = [point for point in points if all(map(math.isfinite, point.values()))]
    reached = measured or _reached(curve, now)
    ticks = _scale(curve, allowed)
    plot = Plot(ticks[-1], 230)
    sentence = _risk_sentence(curve, now, reached)
    if before:
        sentence += " The hollow dot is where it stood before."
    drawn = [
        plot.frame("Share of questions answered", "Share of answers that are wrong",
                   ticks, percent),
        *([_limit(plot, allowed)] if allowed is not None else []),
        path([plot.at(p["coverage"], p["risk"]) for p in curve], "curve"),
        *([dot(plot.at(*before), 4.5, "earlier")] if before else []),
        *([_mark(plot, now, reached)] if reached else []),
    ]  # fmt: skip
    title = "Wrong answers by share answered"
    svg = picture(key, title, sentence, *drawn, viewBox=f"0 0 {WIDTH} 230", class_="chart")
    columns = ("Answered", "Wrong", "Confidence from")
    return Chart(key, title, svg, sentence, columns, tuple(_tenths(curve)))


def reliability(bins: Sequence[Numbers], key: str = "reliability") -> Chart:
    """How often answers are right, by how sure Citewell was of them; the diagonal is perfect."""
    title = "Confidence and how often it is right"
    plot = Plot(1.0, 290)
    there = [one for one in bins if one["n"]]
    largest = max((one["n"] for one in there), default=1)
    sentence = _reliability_sentence(there)
    quarters = [0, 0.25, 0.5, 0.75, 1]
    drawn = [
        plot.frame("Confidence", "Share that is right", quarters, percent),
        line(plot.at(0, 0), plot.at(1, 1), "diagonal"),
        *(_bin(plot, one, largest) for one in there),
    ]
    svg = picture(key, title, sentence, *drawn, viewBox=f"0 0 {WIDTH} 290", class_="chart")
    rows = tuple(
        (
            f"{decimal(one['low'], 1)} to {decimal(one['high'], 1)}",
            _TENTH(one["confidence"]),
            _TENTH(one["right"]),
            count(one["n"]),
        )
        for one in there
    )
    return Chart(key, title, svg, sentence, ("Between", "Confidence", "Right", "Questions"), rows)


def _reached(curve: Sequence[Numbers], line_: float) -> Point | None:
    """Coverage and risk of answering from `line_`; None where nothing is as sure."""
    passed = [point for point in curve if point["confidence"] >= line_]
    return (passed[-1]["coverage"], passed[-1]["risk"]) if passed else None


def _scale(curve: Sequence[Numbers], allowed: float | None) -> list[float]:
    """Hairlines from 0 to above the highest point, with room for a label at the top."""
    highest = max((p["risk"] for p in curve if p["coverage"] >= _SETTLED), default=0)
    highest = min(max(_ROOM * highest, _ROOM * (allowed or 0)), 1.0)
    step = next(step for step in _STEPS if highest <= 5 * step + 1e-9)
    return [step * i for i in range(max(2, math.ceil(highest / step - 1e-9)) + 1)]


def _mark(plot: Plot, at: float, reached: Point) -> Markup:
    """The point that the line in use gives, with its numbers where a rising curve leaves room."""
    spot, top = plot.at(*reached), plot.at(reached[0], plot.top)
    x, anchor = (top[0] - 6, "end") if top[0] > WIDTH / 2 else (top[0] + 6, "start")
    told = f"{percent(reached[0])} answered, {_TENTH(reached[1])} wrong"
    return Markup("").join(
        [
            line(top, plot.at(reached[0], 0), "guide"),
            line(spot, plot.at(0, reached[1]), "guide"),
            dot(spot, 5, "now"),
            label(x, top[1] + 14, f"line {threshold(at)}", "halo strong", anchor),
            label(x, top[1] + 29, told, "halo", anchor),
        ]
    )


def _limit(plot: Plot, allowed: float) -> Markup:
    left, right = plot.at(0, allowed), plot.at(1, allowed)
    text = label(
        left[0] + 4, left[1] - 5, f"at most {percent(allowed, 1).replace('.0%', '%')} wrong", "halo"
    )
    return Markup("").join([line(left, right, "limit"), text])


def _risk_sentence(curve: Sequence[Numbers], now: float, reached: Point | None) -> str:
    if not curve:
        return "No answer could be scored."
    nearest = min(curve, key=lambda point: abs(point["coverage"] - SAID_AT))
    answered, wrong = percent(nearest["coverage"]), _TENTH(nearest["risk"])
    at = f"At {answered} answered, {wrong} of answers are wrong."
    if reached is None:
        return f"{at} The line now in use, {threshold(now)}, lets no answer through."
    return (
        f"{at} The line now in use, {threshold(now)}, answers {percent(reached[0])}, of which "
        f"{_TENTH(reached[1])} are wrong."
    )


def _tenths(curve: Sequence[Numbers]) -> list[tuple[str, ...]]:
    """The curve at every tenth of coverage that it comes to."""
    rows = []
    for step in range(1, 11):
        found = [point for point in curve if point["coverage"] >= step / 10 - 1e-9]
        if found:
            first = found[0]
            rows.append(
                (percent(first["coverage"]), _TENTH(first["risk"]), decimal(first["confidence"], 2))
            )
    return list(dict.fromkeys(rows))


def _bin(plot: Plot, one: Numbers, largest: float) -> Markup:
    """A disc whose area is the number of questions, which stands above it."""
    spot = plot.at(one["confidence"], one["right"])
    radius = max(2.5, 9 * math.sqrt(one["n"] / largest))
    gap = line(spot, plot.at(one["confidence"], one["confidence"]), "gap")
    above = label(spot[0], spot[1] - radius - 4, count(one["n"]), "halo", "middle")
    return Markup("").join([gap, dot(spot, radius, "bin"), above])


def _reliability_sentence(bins: Sequence[Numbers]) -> str:
    if not bins:
        return "No answer could be scored."
    most = max(bins, key=lambda one: one["n"])
    off = max(bins, key=lambda one: one["n"] * abs(one["confidence"] - one["right"]))
    told = percent(most["confidence"]), percent(most["right"])
    said = (
        f"Of the {counted(int(most['n']), 'answer')} that it was {told[0]} sure of, given or "
        f"withheld, {told[1]} are right."
    )
    if off is not most:
        said += (
            f" It is furthest off where it was {percent(off['confidence'])} sure: there "
            f"{percent(off['right'])} of {count(off['n'])} are right."
        )
    return f"{said} A dot above the diagonal is more often right than it says, one below less."
