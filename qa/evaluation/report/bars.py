"""What was counted and timed, as bars and dots; each with its sentence and its table."""

from collections.abc import Mapping
from itertools import accumulate

from markupsafe import Markup

from qa.evaluation.report.outcome import SCORED, Tally
from qa.evaluation.report.svg import WIDTH, Chart, element, label, picture
from qa.evaluation.report.words import count, counted, percent, signed

Numbers = Mapping[str, float]

_PERCENTILES = ("p50", "p90", "p95", "p99")
_ROW = 24  # of the times, in units of the drawing


def stacked(outcomes: Mapping[str, int], key: str = "outcomes", title: str = "Outcomes") -> Chart:
    """One bar of all that was scored: right, rightly silent, silent, wrong, wrongly answered."""
    tally = Tally.of(outcomes)
    counts = [outcomes.get(name, 0) for name in SCORED]
    whole = tally.scored or 1
    starts = [0, *accumulate(counts)]
    segments = [
        element("rect", x=f"{100 * start / whole:.3f}%", y=0, width=f"{100 * n / whole:.3f}%",
                height="100%", class_="segment", fill=_fill(key, name))
        for name, n, start in zip(SCORED, counts, starts, strict=False)
        if n
    ]  # fmt: skip
    svg = picture(key, title, tally.sentence(), _patterns(key), *segments, class_="bar")
    rows = tuple(
        (name.capitalize(), count(n), percent(tally.share(n)))
        for name, n in zip(SCORED, counts, strict=True)
    )
    return Chart(key, title, svg, tally.sentence(), ("Outcome", "Questions", "Share"), rows)


def swatch(name: str, key: str = "outcomes") -> Markup:
    """How an outcome is filled in the bar of that key, beside its name."""
    sample = element("rect", width="100%", height="100%", fill=_fill(key, name))
    return element("svg", sample, class_="swatch", aria_hidden="true")


def latency(times: Numbers, key: str = "latency") -> Chart:
    """How long a question takes when it is asked alone, in milliseconds."""
    title = "Time to answer one question"
    longest = max(times[name] for name in _PERCENTILES) or 1
    height = _ROW * len(_PERCENTILES)
    drawn = [
        part
        for place, name in enumerate(_PERCENTILES)
        for part in _strip(_ROW * place, name, times[name], longest)
    ]
    sentence = (
        f"Half of {counted(int(times['n']), 'question')} took no longer than "
        f"{_ms(times['p50'])}, and 95 of 100 no longer than {_ms(times['p95'])}."
    )
    svg = picture(key, title, sentence, *drawn, viewBox=f"0 0 {WIDTH} {height}", class_="chart")
    rows = tuple((name[1:] + "%", _ms(times[name])) for name in _PERCENTILES)
    return Chart(key, title, svg, sentence, ("Of the questions", "No longer than"), rows)


def interval(value: float, low: float, high: float, reach: float, key: str) -> Markup:
    """A difference as a dot with its 95% interval on a scale from `-reach` to `reach`."""
    title = f"{signed(value)}, 95% interval {signed(low)} to {signed(high)}"
    at = [f"{50 + 47 * min(max(x / (reach or 1), -1), 1):.2f}%" for x in (value, low, high)]
    clear = "clear" if low > 0 or high < 0 else "unclear"
    return picture(
        key,
        "Difference",
        title,
        element("line", x1="50%", y1=0, x2="50%", y2="100%", class_="axis"),
        element("line", x1=at[1], y1="50%", x2=at[2], y2="50%", class_=f"reach {clear}"),
        element("circle", cx=at[0], cy="50%", r=4, class_=f"point {clear}"),
        class_="interval",
    )


def _strip(top: float, name: str, value: float, longest: float) -> list[Markup]:
    """One row of the times: which share, a bar, how long."""
    room = WIDTH - 40 - 72
    length = max(room * value / longest, 1)
    return [
        label(0, top + 16, name[1:] + "%", "tick"),
        element("rect", x=40, y=top + 6, width=length, height=12, rx=2, class_="time"),
        label(40 + length + 6, top + 16, _ms(value)),
    ]


def _ms(value: float) -> str:
    return f"{value:,.1f} ms"


def _fill(key: str, name: str) -> str:
    return f"url(#{key}-{name.replace(' ', '-')})"


def _patterns(key: str) -> Markup:
    """A fill for each outcome: colours that differ in grey too, and stripes for the second kind."""
    solid = {"right": "good", "silent": "silent", "wrong": "bad"}
    striped = {"rightly silent": "good", "wrongly answered": "bad"}
    fills = [
        _pattern(key, name, element("rect", width=6, height=6, class_=f"fill-{kind}"))
        for name, kind in solid.items()
    ] + [
        _pattern(
            key,
            name,
            Markup("").join(
                [
                    element("rect", width=6, height=6, class_=f"pale-{kind}"),
                    element("rect", width=2.5, height=6, class_=f"fill-{kind}"),
                ]
            ),
        )
        for name, kind in striped.items()
    ]
    return element("defs", *fills)


def _pattern(key: str, name: str, drawn: Markup) -> Markup:
    return element("pattern", drawn, id=f"{key}-{name.replace(' ', '-')}", width=6, height=6,
                   patternUnits="userSpaceOnUse", patternTransform="rotate(45)")  # fmt: skip
