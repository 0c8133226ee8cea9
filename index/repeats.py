"""Documents that say word for word what another says: a site may have them by mistake."""

from collections.abc import Iterable

from index.documents import Document
from index.errors import printable
from index.readers.faq import same_question


def repeats(documents: Iterable[Document]) -> tuple[str, ...]:
    """A line for each document whose text, and question, stand in one before it."""
    first: dict[tuple[str, str], Document] = {}
    lines = []
    for document in documents:
        question = same_question(document.title) if document.kind == "faq" else ""
        other = first.setdefault((question, document.text), document)
        if other is not document:
            place, twin = (f"{d.source}:{d.line}" for d in (document, other))
            lines.append(printable(f"{place}: says the same as {twin}; remove one of them"))
    return tuple(lines)
