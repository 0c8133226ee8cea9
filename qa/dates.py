"""Dates as a text writes them, and when two of them agree."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import Any, Literal

import regex

from qa.values import Candidate, Question, stem
from qa.wording import MOST_STATED, Clause, claimed

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>january|february|march|april|may|june|july|august|september|october|november"
    r"|december|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12]\d{3})"
# The most telling first: what one has read, the next leaves alone. A month by itself is no date.
_PATTERNS = tuple(
    regex.compile(rf"(?<![\p{{L}}\d$€£]|\d[.,]){pattern}(?![\p{{L}}\d]|[.,]\d)", regex.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>\d\d)-{_DAY}",
        rf"{_DAY}\.\s?(?P<month>\d\d?)\.\s?{_YEAR}",
        rf"{_DAY}\s(?:of\s)?{_MONTH}\s?,?\s?{_YEAR}",
        rf"{_MONTH}\s{_DAY}\s?,?\s{_YEAR}",
        rf"{_MONTH}\s?,?\s(?:of\s)?{_YEAR}",
        rf"{_DAY}\s(?:of\s)?{_MONTH}",
        rf"{_MONTH}\s{_DAY}",
        rf"{_YEAR}\s?[-–—/]\s?(?P<last>\d\d)",
        rf"{_YEAR}(?P<decade>s)?(?!\s(?:years|people|miles|feet|km|m)\b)",
    )
)
_DIGIT = regex.compile(r"\d")  # every date has one
_TO = regex.compile(r"\s?[-–—]\s?|\s(?:to|until)\s", regex.IGNORECASE)

Part = Literal["", "from", "to"]


@dataclass(frozen=True, slots=True)
class Date:
    """What `text[start:end]` says of a time, as far as it says it.

    `years` are the first and the last it may be, as 1960 and 1969 for "1960s". `part` says that it
    opens or ends a span, "1939–1945".
    """

    start: int
    end: int
    years: tuple[int, int] | None
    month: int | None = None
    day: int | None = None
    part: Part = ""

    def agrees(self, other: "Date") -> bool:
        """Whether one is the other, or a coarser form of it: 2025 and 19 October 2025."""
        if self.years and other.years:
            (a, b), (c, d) = self.years, other.years
            if not (a <= c <= d <= b or c <= a <= b <= d):
                return False
        return _same(self.month, other.month) and _same(self.day, other.day)


def _same(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


@lru_cache(maxsize=2_000)
def dates(text: str) -> tuple[Date, ...]:
    """The dates of a text, in order, from whole ones to years alone."""
    found: list[Date] = []
    for pattern in _PATTERNS if _DIGIT.search(text) else ():
        for match in pattern.finditer(text):
            free = all(match.end() <= one.start or one.end <= match.start() for one in found)
            if free and (date := _date(match)):
                found.append(date)
    return tuple(_parted(text, sorted(found, key=lambda one: one.start)))


def _date(match: "regex.Match[str]") -> Date | None:
    """What a pattern has read; None where there is no such month or day."""
    part: dict[str, Any] = match.groupdict()
    month = int(part["month"]) if part.get("month") else None
    if part.get("name"):
        month = 1 + _MONTHS.index(part["name"][:3].lower())
    day = int(part["day"]) if part.get("day") else None
    if not (month is None or 1 <= month <= 12) or not (day is None or 1 <= day <= 31):
        return None
    return Date(match.start(), match.end(), _years(part), month, day)


def _years(part: dict[str, Any]) -> tuple[int, int] | None:
    if not part.get("year"):
        return None
    first = int(part["year"])
    if part.get("decade"):
        return first, first + 9
    last = first // 100 * 100 + int(part.get("last") or 0)
    return first, last if last > first else first


def _parted(text: str, found: list[Date]) -> Iterator[Date]:
    """The dates in order, those that open and end a span marked as such.

    What opens "July 30 to August 14, 1932" is of that year too.
    """
    ends = False
    for one, other in zip_longest(found, found[1:]):
        opens = other is not None and bool(_TO.fullmatch(text, one.end, other.start))
        years = other.years if other and opens and not one.years else one.years
        yield replace(one, years=years, part="to" if ends else "from" if opens else "")
        ends = opens


# Of a life in brackets, "(1844 – 1926)", which end these words ask for.
_LIFE: dict[str, Part] = {"born": "from", "birth": "from", "die": "to", "death": "to"}
_ASKING = frozenset({"year", "date", "day", "month", "decade", "century"})
_BRACKET = regex.compile(r"\([^()]{0,40}$")


@dataclass(frozen=True, slots=True)
class SoughtDate:
    """When it was: dates near what is asked but `excluded`, which the question gives itself."""

    question: Question
    excluded: tuple[Date, ...] = ()

    @property
    def implied(self) -> frozenset[str]:
        """See `Sought`."""
        return frozenset(map(stem, _ASKING))

    def found(self, text: str) -> Iterator[Candidate]:
        """The dates of a text that may be meant; of a life, the end that is asked for."""
        ends = {_LIFE[word] for word in self.question.asks if word in _LIFE}
        for date in dates(text):
            if any(date.agrees(other) for other in self.excluded):
                continue
            near, distance = self.question.near(text, date)
            if ends and date.part and _BRACKET.search(text[: date.start]):
                near = max(near, 1) if date.part in ends else 0
            if near:
                yield Candidate(date, "date", near, distance)


def sought_date(clause: Clause, question: Question) -> SoughtDate | None:
    """What "When …?", "What year …?" or "Date of …?" asks for; None for another question."""
    words = question.words
    asked = any(one in ("what", "which") and two in _ASKING for one, two in pairwise(words))
    of = any(one in ("date", "year") and two == "of" for one, two in pairwise(words))
    dated = words[:1] == ("what",) and of
    headline = not clause.asks and not dates(clause.text) and (of or words[-1:] == ("date",))
    if words[:1] == ("when",) or asked or dated or headline:
        return SoughtDate(question, dates(clause.text))
    return None


def stated_date(clause: Clause, sources: tuple[str, ...]) -> SoughtDate | None:
    """What "Was it built in 1950?" or "It was built in 1950" says of an event, sought by itself.

    "The 1953 war" only tells which one is meant; so does a date where no event is told.
    """
    text = clause.text
    for date in () if clause.asks else dates(text)[:MOST_STATED]:
        rest = f"{text[: date.start]} {text[date.end :]}"
        question = Question.read(rest, sources, clause.lead)
        if claimed(text, date) and (question.event or not _LIFE.keys().isdisjoint(question.asks)):
            return SoughtDate(question)
    return None
