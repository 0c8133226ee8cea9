"""What `citewell export` wrote, read back: whole documents, and rows that say how to cut them."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any, get_args

from index.documents import Block, BlockKind, Document
from index.readers.draft import Entry, Piece, one_line, visible
from index.readers.entries import add_record
from index.readers.fields import Record, by_field, iso_date, read_fields, web_address
from index.readers.harvest import Harvest

MARK = "citewell"
"""The column of an exported table alone. Its cells hold the answer's blocks, as JSON."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet takes for one, guarded or not
_LISTS = ("alternates", "tags")
_SHOWN = 100  # characters of a reason, which may hold any text of the file


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `unguarded` gives the cell back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell before it was guarded."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def add_row(record: Mapping[str, str], line: int, harvest: Harvest) -> None:
    """Add the entry of a row with a `MARK`: cells guarded, a line each for alternates and tags.

    Where somebody has changed the answer since, so that the blocks no longer fit it, it is read as
    that of any other row.
    """
    cells = {name: unguarded(cell) for name, cell in record.items()}
    known = by_field(cells)
    known |= {name: str(known[name]).split("\n") for name in _LISTS if name in known}
    question, answer = str(known.get("question", "")), str(known.get("answer", ""))
    pieces = _pieces(cells[MARK], answer, line)
    if pieces is None:
        add_record(known, line, harvest)
        return
    known.pop("kind", None)
    entry = Entry(Piece("heading", question, line=line), pieces)
    harvest.entry(entry, "add one or remove the entry", read_fields(known, harvest.reporter(line)))


def is_document(record: Record) -> bool:
    """Whether this is a whole document, and not a record with question and answer."""
    return {"id", "kind", "text", "blocks"} <= record.keys()


def add_document(record: Mapping[str, Any], line: int, harvest: Harvest) -> None:
    """Add the document that `Document.to_dict` wrote; its source is now this line of this file."""
    try:
        document = Document.from_dict({**record, "source": harvest.file.name, "line": line})
        _check(document, record)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        reason = one_line(str(error))[:_SHOWN]
        harvest.broken_entry(
            line, f"not a document as exported ({reason}); export it again, or write a record "
            "with question and answer"
        )  # fmt: skip
        return
    harvest.documents.append(document)


def _check(document: Document, record: Mapping[str, Any]) -> None:
    """Raise ValueError for what no reader would have made."""
    for field in fields_of(document):
        if field.type is str and not isinstance(getattr(document, field.name), str):
            raise ValueError(f"{field.name} is not text")
    for name in _LISTS:
        if not isinstance(record[name], list) or not all(map(_is_line, record[name])):
            raise ValueError(f"{name} is not a list of lines")
    lines = (document.title, document.publisher, document.url, document.date, document.language)
    if not document.title or not all(map(_is_line, lines)):
        raise ValueError("title, publisher, url, date or language is not one visible line")
    if document.text != visible(document.text):
        raise ValueError("its text holds what no reader of a page sees")
    if iso_date(document.date, _refuse) != document.date:
        raise ValueError("date is not a day like 2025-10-19")
    web_address(document.url, _refuse)
    _check_blocks(document.blocks)


def _check_blocks(blocks: tuple[Block, ...]) -> None:
    for block in blocks:
        places = (block.start, block.end, block.level, block.page)
        if block.kind not in get_args(BlockKind) or not isinstance(block.anchor, str):
            raise ValueError("a block has no kind that we know")
        if not all(type(place) is int for place in places) or min(places) < 0:
            raise ValueError("a block's place is not a whole number")


def _is_line(text: object) -> bool:
    return isinstance(text, str) and text == one_line(text)


def _refuse(reason: str) -> None:
    raise ValueError(reason)


def _pieces(mark: str, answer: str, line: int) -> tuple[Piece, ...] | None:
    """The blocks of an exported answer; None where they are not those of this text."""
    try:
        blocks = tuple(Block(*block) for block in json.loads(mark))
        _check_blocks(blocks)
        Document("x", "faq", "x", answer, "x", blocks)
    except (ValueError, TypeError, RecursionError):
        return None
    if blocks[-1].end != len(answer):
        return None
    return tuple(
        Piece(b.kind, answer[b.start : b.end], b.level, b.anchor, line, b.page) for b in blocks
    )
