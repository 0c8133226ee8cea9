"""How the pages write: text of others as it stands, numbers as a reader says them."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from markupsafe import Markup

from index.documents import is_web_address
from qa.web.markup import safe_link, spoken_date

NONE = "–"  # where a number is not known

# What HTML forbids (controls, half characters, noncharacters), and the two marks that make text
# read other than it stands: the overrides of its direction.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_DAY = re.compile("[0-9]{4}(-[0-9]{2}){0,2}")


def shown(text: str) -> str:
    """`text` with what HTML cannot hold written as an escape; line ends and tabs stay."""
    return _UNFIT.sub(
        lambda found: found[0].encode("unicode_escape").decode(), text.replace("\r\n", "\n")
    )


def clipped(text: str, limit: int) -> str:
    """`text` as one line of at most `limit` characters, `…` where it was cut."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    whole_words = head.rpartition(" ")[0]
    return (whole_words if len(whole_words) > limit / 2 else head) + "…"


def isolated(text: str) -> Markup:
    """Some text of others within a sentence of ours, whichever way it runs."""
    return Markup("<bdi>{}</bdi>").format(shown(text))


def web_link(url: str) -> Markup | None:
    """`url` fit for an `href` if it leads to the web; None for all else, `/source/` among it."""
    return Markup(safe_link(url)) if is_web_address(url) else None  # noqa: S704 - it is encoded


def count(number: float) -> str:
    """`1000` as `1,000`."""
    return f"{number:,.0f}"


def counted(number: int, thing: str) -> str:
    """`1 question`, `2 questions`."""
    return f"{count(number)} {thing}{'' if number == 1 else 's'}"


def ordinal(rank: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th`; ranks of the first ten."""
    return f"{rank}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(rank, 'th') }"


def percent(share: float | None, digits: int = 0) -> str:
    """A share of 1 as a percentage. Only none is `0%` and only all is `100%`, however it rounds."""
    if share is None or not math.isfinite(share):
        return NONE
    written = f"{100 * share:.{digits}f}%"
    smallest = 10**-digits
    if share > 0 and float(written[:-1]) == 0:
        return f"under {smallest:g}%"
    if share < 1 and float(written[:-1]) == 100:
        return f"over {100 - smallest:g}%"
    return written


def decimal(value: float | None, digits: int = 3) -> str:
    """`0.913`; a dash where there is no number."""
    return NONE if value is None or not math.isfinite(value) else f"{value:.{digits}f}"


def short_number(text: str) -> str:
    """A number with a point to six digits, as a setting is told; anything else as it is."""
    try:
        return f"{float(text):.6g}" if "." in text else text
    except ValueError:
        return text


def threshold(line: float) -> str:
    """The confidence from which answers are given; near 0 and 1 with a digit more."""
    return decimal(line, 2 if 0.1 <= line <= 0.9 else 3)


def signed(value: float | None) -> str:
    """`+0.013`, `−0.020`, `0.000`."""
    if value is None or not math.isfinite(value):
        return NONE
    sign = "" if f"{value:.3f}".strip("-") == "0.000" else "+" if value > 0 else "−"
    return f"{sign}{abs(value):.3f}"


def between(
    low: float | None, high: float | None, say: Callable[[float | None], str] = decimal
) -> str:
    """An interval, `0.880 to 0.940`; a dash where there is none."""
    return NONE if low is None or high is None else f"{say(low)} to {say(high)}"


def chance(p: float | None) -> str:
    """A p-value, never as the zero that it is not."""
    return NONE if p is None else "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def day(iso: str) -> Markup:
    """A date, as exact as it is known, as `19 Oct 2025`; anything else as it is."""
    if not _DAY.fullmatch(iso):
        return Markup.escape(shown(iso))
    return Markup('<time datetime="{}">{}</time>').format(iso, spoken_date(iso))


def moment(iso: str) -> Markup:
    """A date and time of day as `25 Nov 2026, 09:12 UTC`; anything else as it is."""
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return Markup.escape(shown(iso))
    when = when.astimezone(UTC) if when.tzinfo else when
    zone = " UTC" if when.tzinfo else ""
    written = f"{spoken_date(when.date().isoformat())}, {when:%H:%M}{zone}"
    machine = when.isoformat(timespec="seconds")
    return Markup('<time datetime="{}">{}</time>').format(machine, written)
