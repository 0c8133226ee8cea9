"""Pairs of another product, questions with one answer in Markdown, as FAQ entries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from index.readers.draft import Entry, Piece, one_line
from index.readers.fields import Fields
from index.readers.harvest import Harvest
from index.readers.markdown import markdown_pieces
from index.readers.plain import plain_pieces

_REMEDY = "add one or remove the entry"


@dataclass(frozen=True, slots=True)
class Pair:
    """Questions, the first of them the entry's own, and their answer; `line` is 1-based.

    `unread` says why it is no entry for readers of an FAQ, and `broken` why it cannot be one.
    """

    questions: tuple[str, ...]
    answer: str
    line: int
    fields: Fields
    markdown: bool = True
    unread: str = ""
    broken: str = ""


def add_pairs(pairs: Iterable[Pair], harvest: Harvest) -> None:
    """Add an entry for each pair; those that are none are noted, one note a reason."""
    unread: Counter[str] = Counter()
    for pair in pairs:
        if pair.unread:
            unread[pair.unread] += 1
        elif pair.broken:
            harvest.broken_entry(pair.line, pair.broken)
        else:
            _add(pair, harvest)
    for reason, count in unread.items():
        entries = "1 entry" if count == 1 else f"{count:,} entries"
        harvest.ignored.append(f"{harvest.file.name} ({entries}: {reason})")


def _add(pair: Pair, harvest: Harvest) -> None:
    read = markdown_pieces if pair.markdown else plain_pieces
    pieces = [_at(piece, pair.line) for piece in read(pair.answer)]
    first, *others = pair.questions or ("",)
    question = Piece("heading", first, line=pair.line)
    harvest.entry(Entry(question, tuple(pieces), _lines(others)), _REMEDY, pair.fields)


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(one_line, texts)))


def _at(piece: Piece, line: int) -> Piece:
    return Piece(piece.kind, piece.text, piece.level, piece.anchor, line)
