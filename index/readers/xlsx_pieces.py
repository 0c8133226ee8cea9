"""Rows of sheets to paragraphs and tables."""

import re
from collections.abc import Iterator, Sequence

from index.readers.draft import Piece, row

Row = tuple[int, list[str]]
"""A row's number on its sheet, and the texts of its visible cells."""

_NO_NAME = re.compile(r"(sheet|tabelle|feuil|hoja|foglio|blad|ورقة)\s?\d+", re.IGNORECASE)
_YEAR = re.compile(r"(19|20)\d\d")


def sheet_pieces(sheets: Sequence[tuple[str, list[Row]]], *, several: bool) -> list[Piece]:
    """The sheets one after another, each below its name where that says anything."""
    pieces: list[Piece] = []
    for name, rows in sheets:
        if several and not _NO_NAME.fullmatch(name):
            pieces.append(Piece("heading", name, 1, line=rows[0][0]))
        for block in _blocks(rows):
            pieces += _table(block) if _is_table(block) else _paragraphs(block)
    return pieces


def _blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Runs of rows without an empty one between them; what stands alone above a table is apart."""
    block: list[Row] = []
    for number, cells in rows:
        apart = block and not _is_table(block) and _filled(cells) > 1
        if block and (apart or not _filled(cells)):
            yield block
            block = []
        if _filled(cells):
            block.append((number, cells))
    if block:
        yield block


def is_filled(row: Row) -> bool:
    """Whether a row holds any text."""
    return _filled(row[1]) > 0


def _is_table(block: Sequence[Row]) -> bool:
    return _filled(block[0][1]) > 1


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _paragraphs(block: Sequence[Row]) -> Iterator[Piece]:
    for number, cells in block:
        yield Piece("paragraph", " ".join(filter(None, cells)), line=number)


def _table(block: Sequence[Row]) -> Iterator[Piece]:
    used = [n for n in range(len(block[0][1])) if any(cells[n].strip() for _, cells in block)]
    heads = len(block) > 1 and all(_names(block[0][1][n]) for n in used)
    for place, (number, cells) in enumerate(block):
        kept = (cells[n] for n in used)
        yield row("header" if heads and not place else "row", kept, number)


def _names(cell: str) -> bool:
    """Whether a cell can name a column: it is text, or a year."""
    return bool(_YEAR.fullmatch(cell)) or (any(map(str.isalpha, cell)) and cell[:1] != "-")
