"""What a source says about itself: its named fields, by any common spelling, checked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import get_args

from index.documents import DocumentKind, is_web_address
from index.readers.draft import one_line

Record = Mapping[str, object]
Report = Callable[[str], None]
FieldReport = Callable[[str, str], None]  # a field's name, what is wrong with it

SPELLINGS: dict[str, tuple[str, ...]] = {
    "id": ("id", "identifier", "key"),
    "kind": ("kind",),
    "title": ("title", "headline"),
    "question": ("question", "q", "query"),
    "answer": ("answer", "a", "response", "reply"),
    "alternates": ("alternates", "alternate", "alternatives", "alsoaskedas", "variants", "aliases"),
    "publisher": ("publisher", "source", "site", "author"),
    "url": ("url", "link", "href", "canonical"),
    "date": ("date", "published", "datepublished", "updated", "lastmod"),
    "language": ("language", "lang", "inlanguage", "locale"),
    "tags": ("tags", "tag", "keywords", "category", "categories", "topic"),
}
"""Field name → its spellings, the preferred first; case, spaces, `_` and `-` do not matter."""

_NAMES = {spelling: name for name, spellings in SPELLINGS.items() for spelling in spellings}
_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
_DOTTED_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_MONTH_OR_YEAR = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Fields:
    """What one file or record says of itself; every value is one visible line."""

    id: str = ""
    kind: str = ""
    title: str = ""
    publisher: str = ""
    url: str = ""
    date: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()


def field_name(spelling: str) -> str:
    """The field that goes by this spelling, or `""`."""
    return _NAMES.get(re.sub(r"[\s_-]", "", spelling).casefold(), "")


def by_field(record: Record) -> dict[str, object]:
    """`record` under the names of its fields; of two spellings the preferred that holds a value."""
    return {name: record[key] for name, key in spellings_in(record).items()}


def spellings_in(record: Record) -> dict[str, str]:
    """The key of `record` that counts for each field."""
    found: dict[str, str] = {}
    for key in sorted(record, key=_rank):
        if (name := field_name(key)) and (
            name not in found or record[found[name]] in (None, "", [])
        ):
            found[name] = key
    return found


def read_fields(record: Record, report: FieldReport) -> Fields:
    """The fields of `record`; what is wrong with one is reported and that one left out."""
    known = by_field(record)
    texts = {name: _text(known, name, report) for name in ("id", "kind", "title", "publisher")}
    return Fields(
        **texts
        | {"id": printable_id(texts["id"]), "kind": _kind(texts["kind"], partial(report, "kind"))},
        url=web_address(_text(known, "url", report), partial(report, "url")),
        date=iso_date(_text(known, "date", report), partial(report, "date")),
        language=_text(known, "language", report),
        tags=_texts(known, "tags", r"[,;|\n]", report),
        alternates=_texts(known, "alternates", r"\s\|\s|\n", report),
    )


def plain_value(value: object) -> str | None:
    """A field's value as text, `""` for none; None where it is a list, a map or yes/no."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return None
    return str(value)


def printable_id(text: str) -> str:
    """`text` with `_` for each character that has no print."""
    return "".join(c if c.isprintable() else "_" for c in text)


def iso_date(text: str, report: Report) -> str:
    """The day of a date or ISO 8601 time as `YYYY-MM-DD`, a month or year alone as it is.

    With dots the day stands first, as in `19.10.2025`. `""` for anything else, which is reported.
    """
    if _MONTH_OR_YEAR.fullmatch(text):
        return text
    try:
        if parts := _DAY.fullmatch(text):
            return date(*(int(part) for part in parts.groups())).isoformat()
        if parts := _DOTTED_DAY.fullmatch(text):
            return date(*(int(part) for part in parts.groups()[::-1])).isoformat()
        return datetime.fromisoformat(text).date().isoformat() if text else ""
    except ValueError:
        report(f"date is not a day like 2025-10-19: {_short(text)}; write it so")
        return ""


def web_address(text: str, report: Report) -> str:
    """`text` if it is an http or https address, else `""`."""
    if not text or (is_web_address(text) and " " not in text):
        return text
    report(f"url is not http or https: {_short(text)}; write it in full, from https:// on")
    return ""


def _rank(spelling: str) -> int:
    name = field_name(spelling)
    plain = re.sub(r"[\s_-]", "", spelling).casefold()
    return SPELLINGS[name].index(plain) if name else 0


def _kind(text: str, report: Report) -> str:
    kind = text.casefold()
    if not kind or kind in get_args(DocumentKind):
        return kind
    report(f"kind is faq or article, not {_short(text)!r}; write one of the two")
    return ""


def _text(record: Record, name: str, report: FieldReport) -> str:
    text = plain_value(record.get(name))
    if text is None:
        report(name, f"{name} is {_type(record[name])}, not text; write it as text")
    return one_line(text or "")


def _texts(record: Record, name: str, separator: str, report: FieldReport) -> tuple[str, ...]:
    value = record.get(name)
    items = value if isinstance(value, list) else re.split(separator, plain_value(value) or "")
    texts = [plain_value(item) for item in items]
    if None in texts or (not isinstance(value, list) and plain_value(value) is None):
        report(name, f"{name} is not text or a list of texts; write it as one of them")
    tidy = (one_line(text) for text in texts if text)
    return tuple(dict.fromkeys(text for text in tidy if text))


def _type(value: object) -> str:
    names = {"dict": "an object", "list": "a list", "bool": "yes or no"}
    return names.get(type(value).__name__, "something else")


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
