"""JSON-LD, the data about itself that a page carries: questions, answers, publisher, day."""

import html
from collections.abc import Iterator

from index.readers.draft import Entry, Piece
from index.readers.fields import Record, plain_value
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
    things = list(_things(data))
    if not any(_is_a(thing, "FAQPage") for thing in things):
        return
    for thing in things:
        if _is_a(thing, "Question"):
            name = thing.get("name") or thing.get("text")
            name = seen_text_of(name) if isinstance(name, str) else ""
            yield Entry(Piece("heading", name, line=line), tuple(_answer(thing, line)))


def linked_fields(data: object) -> Record:
    """The first day of publication and the first publisher in `data`, under our field names."""
    fields: dict[str, object] = {}
    for thing in _things(data):
        publisher = thing.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else publisher
        for field, value in (("publisher", name), ("date", thing.get("datePublished"))):
            if isinstance(value, str) and value.strip():
                fields.setdefault(field, value)
    return fields


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
