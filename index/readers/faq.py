"""Which headings of a page are questions, and what stands below them."""

import re
from collections.abc import Sequence

from index.readers.draft import Entry, Piece, one_line
from index.readers.fields import Fields
from index.readers.harvest import Harvest

_ALSO = re.compile(r"also asked as\s*:\s*", re.IGNORECASE)
_REMEDY = "add text below it or remove the heading"


def add_page(harvest: Harvest, pieces: Sequence[Piece]) -> None:
    """Add a page as FAQ entries and the text beside them, or as one article.

    It is an FAQ if its `kind` says so, or if at least half of its headings but the title are
    questions. An FAQ without a single question mark takes every heading but the title for one.
    A page without headings whose title is a question is one entry, with its id and alternates.
    """
    kind = harvest.page.kind
    if _is_one_entry(harvest.page, pieces):
        question = Piece("heading", harvest.page.title, line=pieces[0].line)
        harvest.entry(_entry(question, list(pieces)), _REMEDY, harvest.page)
        return
    title = _title(pieces)
    headings = [p for p in pieces if p.kind == "heading" and p is not title]
    questions = [heading for heading in headings if is_question(heading.text)]
    if not kind:
        kind = "faq" if questions and 2 * len(questions) >= len(headings) else "article"
    if kind == "article":
        harvest.article(pieces)
        return
    entries, rest = split_entries(pieces, questions or headings)
    for entry in entries:
        harvest.entry(entry, _REMEDY)
    if any(piece.kind != "heading" for piece in rest):
        harvest.article(without_bare_headings(rest))


def split_entries(
    pieces: Sequence[Piece], questions: Sequence[Piece]
) -> tuple[list[Entry], list[Piece]]:
    """The entries that `questions` head, and all pieces that belong to none of them.

    An answer goes on to the next question or to a heading of the question's level or above it. A
    question with nothing but deeper questions below it is the name of a section.
    """
    asked = {id(question) for question in questions}
    rest: list[Piece] = []
    found: list[tuple[Piece, list[Piece]]] = []
    target = rest
    for piece in pieces:
        if id(piece) in asked:
            found.append((piece, target := []))
            continue
        if piece.kind == "heading" and found and piece.level <= found[-1][0].level:
            target = rest
        target.append(piece)
    following = [question.level for question, _ in found[1:]] + [0]
    entries = [
        _entry(question, answer)
        for (question, answer), level in zip(found, following, strict=False)
        if answer or level <= question.level
    ]
    return entries, rest


def split_alternates(answer: list[Piece]) -> tuple[tuple[str, ...], list[Piece]]:
    """The other wordings that an answer begins with, and the answer without them.

    They stand as `Also asked as: first | second`, or as list items below `Also asked as:`.
    """
    marker = _ALSO.match(answer[0].text) if answer else None
    if not marker:
        return (), answer
    rest = answer[1:]
    wordings = re.split(r"\s\|\s", answer[0].text[marker.end() :])
    if not answer[0].text[marker.end() :]:
        count = next((n for n, piece in enumerate(rest) if piece.kind != "item"), len(rest))
        wordings, rest = [piece.text for piece in rest[:count]], rest[count:]
    return tuple(filter(None, map(one_line, wordings))), rest


def opens_alternates(line: str) -> bool:
    """Whether other wordings stand on this line or below it."""
    return bool(_ALSO.match(line.strip()))


def is_question(text: str) -> bool:
    """Whether this heading asks something."""
    return text.rstrip().endswith(("?", "？", "؟"))


def same_question(text: str) -> str:
    """Equal for two spellings of one question."""
    return one_line(text).casefold().rstrip("?？؟ ")


def without_bare_headings(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without headings that have no text below them."""
    kept: list[Piece] = []
    for piece in reversed(pieces):
        below = kept[-1] if kept else None
        bare = not below or (below.kind == "heading" and below.level <= piece.level)
        if piece.kind != "heading" or not bare:
            kept.append(piece)
    return kept[::-1]


def _is_one_entry(page: Fields, pieces: Sequence[Piece]) -> bool:
    """Whether the page is an answer, with its question for a title."""
    kind = page.kind
    asks = kind == "faq" or (kind != "article" and is_question(page.title))
    bare = all(piece.kind != "heading" for piece in pieces)
    return bool(pieces and page.title and asks and bare)


def _entry(question: Piece, answer: list[Piece]) -> Entry:
    alternates, rest = split_alternates(answer)
    return Entry(question, tuple(without_bare_headings(rest)), alternates)


def _title(pieces: Sequence[Piece]) -> Piece | None:
    """The heading that stands above all others: the first, alone on level 1."""
    headings = [piece for piece in pieces if piece.kind == "heading"]
    if len(headings) < 2 or headings[0].level != 1:
        return None
    return headings[0] if all(heading.level > 1 for heading in headings[1:]) else None
