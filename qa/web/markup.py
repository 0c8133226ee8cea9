"""Text of others as HTML that reads as itself: no word of a source or a question becomes markup."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from urllib.parse import quote

from index.documents import is_web_address

Span = tuple[int, int]

# What RFC 3986 lets stand in a URL, `%` included: a link comes percent-encoded already.
_URL_CHARACTERS = ":/?#[]@!$&'()*+,;=%~-._"


def literal(text: str) -> str:
    """`text` for a place where HTML or Markdown is parsed: every ASCII mark as its number.

    `html.escape` alone leaves `*`, `[`, `` ` `` and `:` to Markdown, whose links survive the chat's
    own sanitiser inside SVG. Line breaks stay, as numbers; other control characters go.
    """
    return "".join(_character(c) for c in text.replace("\r\n", "\n"))


def _character(c: str) -> str:
    if not c.isascii() or c.isalnum() or c == " ":
        return "" if "\ud800" <= c <= "\udfff" else c
    return f"&#{ord(c)};" if c.isprintable() or c in "\n\t" else ""


def cut(start: int, end: int, spans: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """`start:end` in consecutive pieces, each inside a span (True) or outside all (False)."""
    at = start
    for left, right in sorted(spans):
        left, right = max(left, at), min(right, end)
        if left >= right:
            continue
        if at < left:
            yield at, left, False
        yield left, right, True
        at = right
    if at < end:
        yield at, end, False


def marked(text: str, start: int, end: int, spans: Sequence[Span]) -> str:
    """`text[start:end]` as literal HTML, what lies in `spans` within `<mark>`."""
    pieces = ((literal(text[a:b]), inside) for a, b, inside in cut(start, end, spans))
    return "".join(f"<mark>{piece}</mark>" if inside else piece for piece, inside in pieces)


def safe_link(url: str) -> str:
    """`url` fit for an `href` if it is http, https or our own source view; empty otherwise.

    Our own is relative to the chat page, which may be served under a path of a site.
    """
    if not url.startswith("/source/") and not is_web_address(url):
        return ""
    encoded = quote(url.removeprefix("/"), safe=_URL_CHARACTERS, errors="replace")
    return encoded.replace("&", "&#38;").replace("'", "&#39;")


def source_link(passage: str, generation: str = "") -> str:
    """The address of a passage on our own source view, relative to the chat page."""
    of = f"?g={quote(generation, safe='', errors='replace')}" if generation else ""
    return f"source/{quote(passage, safe='', errors='replace')}{of}#quote"


def spoken_date(iso: str) -> str:
    """`2025-10-19` as `19 Oct 2025`, which no locale misreads; anything else as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%b} {day.year}"


def spoken_moment(iso: str) -> str:
    """`2026-11-27T09:30:00+00:00` as `27 Nov 2026, 09:30 UTC`; anything else as it is."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    if moment.tzinfo is None:
        return spoken_date(iso)
    moment = moment.astimezone(UTC)
    return f"{spoken_date(moment.date().isoformat())}, {moment:%H:%M} UTC"


def time_tag(iso: str) -> str:
    """An ISO date as `<time>`; empty for an empty date."""
    return f'<time datetime="{literal(iso)}">{literal(spoken_date(iso))}</time>' if iso else ""


def moment_tag(iso: str) -> str:
    """The same for a moment, which `page.js` puts into the reader's own time."""
    return f'<time datetime="{literal(iso)}">{literal(spoken_moment(iso))}</time>' if iso else ""
