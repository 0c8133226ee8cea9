"""The lines of a PDF's page, with where each stands and how large it is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.readers.draft import one_line

if TYPE_CHECKING:
    from pypdf import PageObject

# Bullets of Symbol and Wingdings, which stand in no character set.
_BULLETS = dict.fromkeys((0xF0A7, 0xF0A8, 0xF0B7, 0xF06E, 0xF0D8, 0xF0FC, 0xE00C), "•")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `x` and `y` are points, `y` upwards; `size` is that of most of its letters.

    `cells` are the parts that begin at places of their own, `columns` those places.
    """

    page: int
    text: str
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0
    bold: bool = False
    cells: tuple[str, ...] = ()
    columns: tuple[float, ...] = ()


@dataclass(slots=True)
class _Run:
    """What was drawn in one go; `left` counts its letters that no line has taken yet."""

    letters: int
    x: float
    y: float
    size: float
    bold: bool


def page_lines(page: "PageObject", number: int) -> list[Line]:
    """The page's lines in the order in which its maker wrote them."""
    runs: list[_Run] = []

    def visit(text: str, outer: Any, inner: Any, font: Any, size: float) -> None:
        if letters := _letters(text):
            name = str(font.get("/BaseFont", "")) if font else ""
            runs.append(_run(letters, _product(inner, outer), name, float(size)))

    text = page.extract_text(visitor_text=visit)
    place = _Place(runs)
    written = [line for line in text.split("\n") if line.strip()]
    return [_line(number, line, place.take(_letters(line))) for line in written]


class _Place:
    """Hands the runs out, line by line; both hold the same letters in the same order."""

    def __init__(self, runs: Sequence[_Run]) -> None:
        self._runs = list(reversed(runs))

    def take(self, letters: int) -> list[tuple[int, _Run]]:
        """The runs that these many letters come from, each with how many of them it gave."""
        taken = []
        while letters > 0 and self._runs:
            run = self._runs[-1]
            count = min(letters, run.letters)
            taken.append((count, run))
            letters -= count
            run.letters -= count
            if not run.letters:
                self._runs.pop()
        return taken


def _line(page: int, shown: str, taken: Sequence[tuple[int, _Run]]) -> Line:
    if not taken:
        return Line(page, _tidy(shown))
    first = taken[0][1]
    size = max(taken, key=lambda pair: pair[0])[1].size
    cells, columns = _cells(shown, taken)
    bold = all(run.bold for _, run in taken)
    return Line(page, _tidy(shown), first.x, first.y, size, bold, cells, columns)


def _cells(
    shown: str, taken: Sequence[tuple[int, _Run]]
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The line's parts that a gap parts from what stands before them."""
    cells, columns, start, seen, place = [], [taken[0][1].x], 0, 0, 0
    for count, run in taken:
        while seen and place < len(shown) and shown[place].isspace():
            place += 1
        apart = place > start and shown[place - 1].isspace()
        if apart and run.x > columns[-1] + run.size:
            cells.append(_tidy(shown[start:place]))
            columns.append(run.x)
            start = place
        seen += count
        place = _after(shown, place, count)
    return (*cells, _tidy(shown[start:])), tuple(columns)


def _after(text: str, place: int, letters: int) -> int:
    """Where `text` goes on after these many letters from `place`."""
    while letters > 0 and place < len(text):
        letters -= not text[place].isspace()
        place += 1
    return place


def _run(letters: int, matrix: Sequence[float], font: str, size: float) -> _Run:
    """A run at the place where it stands to somebody who turns the page so that it is level."""
    a, b, c, d, x, y = matrix
    along = math.hypot(a, b) or 1.0
    cos, sin = a / along, b / along
    bold = any(word in font.casefold() for word in ("bold", "black", "heavy"))
    scaled = round(abs(size) * math.hypot(c, d), 1)
    return _Run(letters, x * cos + y * sin, y * cos - x * sin, scaled, bold)


def _product(inner: Sequence[float], outer: Sequence[float]) -> list[float]:
    a, b, c, d, e, f = map(float, inner)
    u, v, w, z, p, q = map(float, outer)
    return [
        a * u + b * w,
        a * v + b * z,
        c * u + d * w,
        c * v + d * z,
        e * u + f * w + p,
        e * v + f * z + q,
    ]


def _letters(text: str) -> int:
    return sum(not c.isspace() for c in text)


def _tidy(text: str) -> str:
    # One soft hyphen counts: the last, where the line was broken.
    end = "\u00ad" if text.rstrip().endswith("\u00ad") else ""
    return one_line(text.translate(_BULLETS)) + end
