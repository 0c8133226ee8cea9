"""Numbers with units as texts write them, and when two of them agree."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.numbers import Number, exactness, number, words_at
from qa.values import Token, stem, tokens

# A line a dimension: the names of its units, and how many of its base unit each holds. What means
# several things ("in", "ton") is left out. `_` is a space; a plural "s" may follow.
_TABLE = """
length  mm=.001 millimetre=.001 millimeter=.001 cm=.01 centimetre=.01 centimeter=.01 m=1 metre=1
        meter=1 km=1000 kilometre=1000 kilometer=1000 inch=.0254 inches=.0254 foot=.3048 feet=.3048
        ft=.3048 yard=.9144 yd=.9144 mile=1609.344 mi=1609.344
area    m²=1 m2=1 square_metre=1 square_meter=1 km²=1e6 km2=1e6 sq_km=1e6 square_kilometre=1e6
        square_kilometer=1e6 hectare=1e4 ha=1e4 acre=4046.856 sq_ft=.092903 square_foot=.092903
        square_feet=.092903 sq_mi=2589988 square_mile=2589988
volume  ml=.001 millilitre=.001 milliliter=.001 litre=1 liter=1 l=1
mass    mg=1e-6 milligram=1e-6 g=.001 gram=.001 kg=1 kilogram=1 kilo=1 tonne=1000 pound=.453592
        lb=.453592 ounce=.02834952 oz=.02834952
time    second=1 sec=1 minute=60 min=60 hour=3600 hr=3600 day=86400 week=604800 month=2629746
        year=31556952 yr=31556952 decade=315569520
percent %=1 percent=1 per_cent=1
temperature °c=1 ℃=1 degrees_celsius=1 °f=.5555556 ℉=.5555556 degrees_fahrenheit=.5555556
dollars $=1 dollar=1 usd=1
euros   €=1 euro=1 eur=1
pounds  £=1 gbp=1
"""
_FAHRENHEIT = frozenset({"°f", "℉", "degrees fahrenheit"})
MONEY = ("dollars", "euros", "pounds")
_OF_MONEY = {"k": 10**3, "m": 10**6, "bn": 10**9}  # £5m; a bare 5 m is metres
NUMBER = "number"  # the dimension of a bare count

_RANGE = frozenset({"-", "–", "—", "to", "and", "or"})
_RATE = frozenset({"/", "per", "a", "an", "each", "every"})

# What a length or a time is: said by a word behind the number, or a noun before it.
_ATTRIBUTES = {
    "long": "length",
    "wide": "width",
    "broad": "width",
    "high": "height",
    "tall": "height",
    "deep": "depth",
    "thick": "thickness",
    "away": "distance",
    "old": "age",
}
_NOUNS = frozenset(_ATTRIBUTES.values()) | {"diameter"}
_ATTRIBUTES |= {noun: noun for noun in _NOUNS}
_FILLERS = frozenset({"of", "is", "was", "are", "were", "a", "about", "in", "the", "-", ")", ":"})


def _units() -> dict[str, tuple[str, float]]:
    found: dict[str, tuple[str, float]] = {}
    dimension = ""
    for item in _TABLE.split():
        name, _, factor = item.partition("=")
        if factor:
            found[name.replace("_", " ")] = (dimension, float(factor))
        else:
            dimension = name
    return found


UNITS = _units()


@dataclass(frozen=True, slots=True)
class Quantity:
    """What `text[start:end]` says: from `low` to `high`, in its dimension's base unit.

    `step` is the worth of its last digit that is not a trailing zero, `unit` that of one of its
    units. `rounded` where a word says so, as "about" or "million". `attribute` is what it measures,
    as "width", where the text says that beside it.
    """

    start: int
    end: int
    low: float
    high: float
    step: float
    unit: float
    rounded: bool
    dimension: str
    attribute: str = ""

    def agrees(self, other: "Quantity") -> bool:
        """Whether both can be said of one thing, or cannot be compared, as euros with dollars.

        A range agrees with what lies within it. Where one is called rounded, or they are in
        different units, they agree if either rounds to the other at its last digit that is not a
        trailing zero. All others agree only if they are equal.
        """
        if self.dimension != other.dimension:
            return True
        loose = self.rounded or other.rounded or self.unit != other.unit
        slack = max(self.step, other.step) / 2 if loose else 0.0
        return self._holds(other, slack) or other._holds(self, slack)

    def _holds(self, other: "Quantity", slack: float) -> bool:
        return self.low - slack <= other.low and other.high <= self.high + slack


@lru_cache(maxsize=2_000)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text with their units, in order; "10 to 15 km" is one range.

    "250 km (160 miles)" is one value: what stands in brackets is the same again.
    """
    read = tokens(text)
    found: list[Quantity] = []
    place = 0
    while place < len(read):
        written = number(text, read, place)
        if written:
            one = _quantity(read, place, written)
            if not text[one.end : one.end + 1].isalpha():  # as in 19th
                _add(text, found, one)
        place = written.after if written else place + 1
    return tuple(found)


def _add(text: str, found: list[Quantity], one: Quantity) -> None:
    """Append it, unless it converts the one before or ends the range that begins there."""
    before = found[-1] if found else one
    gap = text[before.end : one.start].strip().casefold()
    same = before.dimension == one.dimension
    if found and same and gap == "(":
        found[-1] = replace(before, attribute=before.attribute or one.attribute)
        return
    low = before.low * (1.0 if same else one.unit)
    if found and gap in _RANGE and (same or before.dimension == NUMBER) and low < one.high:
        one = replace(one, start=found.pop().start, low=low)
    found.append(one)


def _quantity(read: Sequence[Token], place: int, written: Number) -> Quantity:
    """The number that begins at `place` with what stands around it."""
    name, after, times = words_at(read, place - 1), written.after, 1
    if UNITS.get(name, ("",))[0] in MONEY:
        place -= 1
        times = _OF_MONEY.get(words_at(read, after), 1)
        after += times > 1
    else:
        name, after = unit_at(read, after)
    dimension, unit = UNITS.get(name, (NUMBER, 1.0))
    value = (written.value - 32 * (name in _FAHRENHEIT)) * times * unit
    said, first = exactness(read, place)
    if name and words_at(read, after) in _RATE and after + 1 < len(read):
        dimension, after = f"{dimension} per {stem(read[after + 1].text)}", after + 2
    return Quantity(
        start=read[first].start,
        end=read[after - 1].end,
        low=-math.inf if said == "most" else value,
        high=math.inf if said == "least" else value,
        step=written.step * times * unit,
        unit=unit,
        rounded=said == "about" or written.scaled or times > 1,
        dimension=dimension,
        attribute=_attribute(read, first, after),
    )


def unit_at(read: Sequence[Token], after: int) -> tuple[str, int]:
    """The unit behind a number and the place behind it; an empty one where there is none."""
    start = after + (words_at(read, after) == "-")
    for count in (2, 1):
        words = words_at(read, start, count)
        for name in (words, words.removesuffix("s")):
            if name in UNITS:
                return name, start + count
    return "", after


def _attribute(read: Sequence[Token], first: int, after: int) -> str:
    """What the quantity measures, by a word close behind it or else a noun close before it."""
    for token in read[after : after + 3]:
        if token.text in _ATTRIBUTES:
            return _ATTRIBUTES[token.text]
        if token.text not in _FILLERS:
            break
    for token in reversed(read[max(0, first - 4) : first]):
        if token.text in _NOUNS:
            return token.text
        if token.text not in _FILLERS:
            break
    return ""
