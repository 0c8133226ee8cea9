"""A cell's value as a reader sees it: days as ISO, numbers in their format where it is simple."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].')
_NUMBER = re.compile(r"[#0?,]*[#0?](?:\.[0?#]*)?,*")
_ODD = re.compile(r"[E/@]|General|[dmyhs]", re.IGNORECASE)
_LARGEST = 1e300  # no cell holds much more
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)  # 300 digits before the point, all after it
_CONDITION = re.compile(r"\[[<>=]")


def shown(value: object, number_format: str) -> str:
    """`value` as the cell shows it, in the English way of writing numbers."""
    if value is None or _hides(value, _parts(number_format)):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date | time):
        return value.isoformat().removesuffix(":00") if isinstance(value, time) else str(value)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return str(value)


def _hides(value: object, parts: Sequence[str]) -> bool:
    """Whether the part of the format that is for this value is there and empty, as in `;;;`."""
    if len(parts) < 3:
        return False
    if isinstance(value, int | float):
        return not parts[1 if value < 0 else 2 if value == 0 else 0]
    return isinstance(value, str) and len(parts) > 3 and not parts[3]


def _moment(value: datetime) -> str:
    """Excel keeps seconds inexactly, so that these are rounded."""
    value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(sep=" ").removesuffix(":00")


def _number(value: float, number_format: str) -> str:
    """The number under the first part of its format, which is that of positive numbers.

    Under parts that say themselves for which numbers they are it stands as it is.
    """
    parts = _parts(number_format)
    if any(map(_CONDITION.search, parts)) or not abs(value) < _LARGEST:
        return _general(value)
    positive = parts[0]
    marks = _masked(positive)
    digits = _NUMBER.search(marks)
    if not digits or _ODD.search(marks) or len(_NUMBER.findall(marks)) > 1:
        return _general(value)
    before, after = positive[: digits.start()], positive[digits.end() :]
    scaled = _EXACT.multiply(Decimal(repr(value)).copy_abs(), Decimal(100 if "%" in marks else 1))
    said = f"{_said(before)}{_digits(scaled, digits[0])}{_said(after)}".strip()
    return f"-{said}" if value < 0 else said


def _masked(marks: str) -> str:
    """The format with all that is written as it stands, or in brackets, made unreadable."""
    return _LITERAL.sub(lambda m: "\0" * len(m[0]), marks)


@lru_cache(maxsize=256)  # a sheet has many cells and few formats
def _parts(number_format: str) -> Sequence[str]:
    """The format's parts; a semicolon in quotes parts nothing."""
    masked = _masked(number_format)
    ends = [*(place for place, mark in enumerate(masked) if mark == ";"), len(masked)]
    starts = [0, *(end + 1 for end in ends)]
    return [number_format[start:end] for start, end in zip(starts, ends, strict=False)]


def _digits(value: Decimal, pattern: str) -> str:
    """The digits, rounded as a spreadsheet does: halves of what it shows go away from zero."""
    bare = pattern.rstrip(",")  # commas at the end: shown in thousands, millions
    whole, _, decimals = bare.partition(".")
    places = min(len(decimals), 15)
    value = value.scaleb(-3 * (len(pattern) - len(bare)), _EXACT)
    value = value.quantize(Decimal(1).scaleb(-places), context=_EXACT)
    text = f"{value:{',' if ',' in whole else ''}.{places}f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    return text.rjust(whole.count("0") + len(text) - len(text.partition(".")[0]), "0")


def _said(marks: str) -> str:
    """What a format writes beside the digits: `"€"`, `[$£-809]`, `%`."""
    return _LITERAL.sub(lambda m: m[1] or m[2] or m[3] or "", marks)


def _general(value: float) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.10g}"
