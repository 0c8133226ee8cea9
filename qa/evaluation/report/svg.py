"""Drawings as inline SVG: elements from numbers and escaped text, and the frame of a plot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from qa.evaluation.report.words import shown

# Units of a drawing. They are pixels on a phone of 375, where the page leaves 335: text of 12 is
# still read there, and grows with the drawing on wider pages.
WIDTH = 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 18, 36, 42

Attribute = str | float
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, the same in a sentence, and the same as a table. `key` is its own on the page."""

    key: str
    title: str
    svg: Markup
    sentence: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def element(name: str, *content: Markup | str, **attributes: Attribute) -> Markup:
    """`<name …>content</name>`; `stroke_width` is written `stroke-width`, `class_` is `class`."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _value(value))
        for key, value in attributes.items()
    )
    inside = Markup("").join(
        part if isinstance(part, Markup) else escape(shown(part)) for part in content
    )
    return Markup("<{}{}>{}</{}>").format(Markup(name), written, inside, Markup(name))  # noqa: S704 - names are ours


def _value(value: Attribute) -> str:
    return shown(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def picture(
    key: str, title: str, finding: str, *content: Markup, **attributes: Attribute
) -> Markup:
    """An `svg` that says its title and finding to whoever cannot see it. `key` is of the page."""
    return element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", finding, id=f"{key}-finding"),
        *content,
        role="img",
        aria_labelledby=f"{key}-title {key}-finding",
        **attributes,
    )


def label(x: float, y: float, text: str, class_: str = "label", anchor: str = "start") -> Markup:
    """Text with its baseline at (x, y)."""
    return element("text", text, x=x, y=y, class_=class_, text_anchor=anchor)


def line(a: Point, b: Point, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=a[0], y1=a[1], x2=b[0], y2=b[1], class_=class_)


def path(points: Sequence[Point], class_: str) -> Markup:
    """A line through all the points."""
    return element(
        "polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), class_=class_
    )


def dot(at: Point, radius: float, class_: str) -> Markup:
    """A disc."""
    return element("circle", cx=at[0], cy=at[1], r=radius, class_=class_)


@dataclass(frozen=True, slots=True)
class Plot:
    """A frame of shares: x from 0 to 1, y from 0 to `top`, drawn `height` high in all."""

    top: float
    height: float

    def at(self, x: float, y: float) -> Point:
        """Where a point stands in the drawing; beyond the frame, at its edge."""
        across, up = min(max(x, 0), 1), min(max(y / self.top, 0), 1)
        deep = self.height - _TOP - _BOTTOM
        return _LEFT + across * (WIDTH - _LEFT - _RIGHT), self.height - _BOTTOM - up * deep

    def frame(self, x: str, y: str, ticks: Sequence[float], say: Callable[[float], str]) -> Markup:
        """Hairlines at `ticks` of y, percentages along x, and what the two axes are."""
        ends = [(self.at(0, tick), self.at(1, tick), say(tick)) for tick in ticks]
        floor = self.height - _BOTTOM
        marks = [(self.at(share, 0)[0], say(share)) for share in (0, 0.25, 0.5, 0.75, 1)]
        return Markup("").join(
            [
                *(line(a, b, "grid" if a[1] < floor else "axis") for a, b, _ in ends),
                *(label(a[0] - 6, a[1] + 4, text, "tick", "end") for a, _, text in ends),
                *(label(at, floor + 17, text, "tick", "middle") for at, text in marks),
                label(0, 12, y, "name"),
                label(WIDTH - _RIGHT, self.height - 6, x, "name", "end"),
            ]
        )
