"""JSON-LD, the data about itself that a page carries: questions, answers, publisher, day."""

import html
from collections.abc import Iterator
from dataclasses import fields as fields_of

from index.documents import is_web_address
from index.readers.draft import Entry, Piece, one_line
from index.readers.fields import Fields, Record, iso_date, plain_value, read_fields
from index.readers.markup import html_pieces, seen_text_of
from index.readers.plain import plain_pieces

REMEDY = "add the text of its acceptedAnswer or remove the question"


def is_linked(data: object) -> bool:
    """Whether this JSON is JSON-LD of a page with questions."""
    return isinstance(data, dict) and ("@graph" in data or "@type" in data)


def linked_entries(data: object, line: int) -> Iterator[Entry]:
    """The questions of every FAQPage in `data`, in order; question or answer may be empty.

    Wherever it stands: alone, in a list, in a `@graph`, with its questions beside it.
    """
    return (entry for entry, _ in linked_questions(data, line))


def linked_questions(data: object, line: int) -> Iterator[tuple[Entry, Fields]]:
    """The same entries, each with what its Question says of itself."""
    things = list(_things(data))
    if not any(_is_a(thing, "FAQPage") for thing in things):
        return
    for thing in things:
        if _is_a(thing, "Question"):
            name = thing.get("name") or thing.get("text")
            question = Piece("heading", _line(name), line=line)
            named = thing.get("alternateName")
            others = map(_line, named if isinstance(named, list) else [named])
            answer = tuple(_answer(thing, line))
            yield Entry(question, answer, tuple(filter(None, others))), _own_fields(thing)


def linked_fields(data: object) -> Record:
    """The first day of publication and the first publisher in `data`, under our field names.

    Of a FAQPage also its address and language. A question speaks for itself alone.
    """
    fields: dict[str, object] = {}
    for thing in _things(data):
        if _is_a(thing, "Question") or _is_a(thing, "Answer"):
            continue
        values = {"publisher": _publisher(thing), "date": thing.get("datePublished")}
        if _is_a(thing, "FAQPage"):
            values |= {"url": _address(thing), "language": thing.get("inLanguage")}
        for field, value in values.items():
            if isinstance(value, str) and value.strip():
                fields.setdefault(field, value)
    return fields


def fields_within(own: Fields, page: Fields) -> Fields:
    """An entry's own fields, and those of its page for what it does not say."""
    names = {field.name for field in fields_of(Fields)} - {"id", "alternates", "kind", "title"}
    inherited = {name: getattr(own, name) or getattr(page, name) for name in names}
    return Fields(id=own.id, **inherited)


def _own_fields(question: Record) -> Fields:
    """What a question says of itself. What is not as we read it is left out: others wrote it."""
    day = plain_value(question.get("datePublished")) or ""
    record = {
        "id": plain_value(question.get("identifier")) or "",
        "publisher": plain_value(_publisher(question)) or "",
        "url": _address(question),
        "date": day if iso_date(day, lambda _: None) else "",
        "language": plain_value(question.get("inLanguage")) or "",
        "tags": _keywords(question.get("keywords")),
    }
    return read_fields(record, lambda *_: None)


def _publisher(thing: Record) -> object:
    publisher = thing.get("publisher")
    return publisher.get("name") if isinstance(publisher, dict) else publisher


def _address(thing: Record) -> str:
    url = thing.get("url")
    return url if isinstance(url, str) and is_web_address(url) and " " not in url else ""


def _keywords(value: object) -> list[str]:
    """Those of a list, or of one text with commas."""
    if isinstance(value, str):
        return value.split(",")
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _line(text: object) -> str:
    return one_line(seen_text_of(text)) if isinstance(text, str) else ""


def _things(data: object) -> Iterator[dict[str, object]]:
    """Every object in `data`, the outer before the inner; a stack, for it may be deep."""
    stack = [data]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            yield value
            stack.extend(reversed(value.values()))
        elif isinstance(value, list):
            stack.extend(reversed(value))


def _is_a(thing: Record, name: str) -> bool:
    kinds = thing.get("@type")
    return name in (kinds if isinstance(kinds, list) else [kinds])


def _answer(question: Record, line: int) -> list[Piece]:
    """The accepted answer, or the first of several; its text is HTML or plain.

    None where that nests too deep, so that the question is reported.
    """
    given = question.get("acceptedAnswer")
    first = given[0] if isinstance(given, list) and given else given
    text = plain_value(first.get("text") if isinstance(first, dict) else first) or ""
    return html_pieces(text, line) if "<" in text else plain_pieces(html.unescape(text), line)
