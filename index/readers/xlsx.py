"""Spreadsheets: sheets with questions and answers, and tables to quote rows from."""

from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any

from index.errors import ReadError
from index.readers.archive import checked_archive
from index.readers.draft import one_line
from index.readers.entries import add_record
from index.readers.fields import Fields, field_name
from index.readers.harvest import Harvest, name_as_title
from index.readers.source import Reading, SourceFile
from index.readers.table import MAX_COLUMNS, is_header
from index.readers.xlsx_pieces import Row, is_filled, sheet_pieces
from index.readers.xlsx_sheet import MAX_ROWS, Merged, SheetFacts, facts_of
from index.readers.xlsx_shown import shown

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_CELLS = 500_000  # of a sheet

_HEADER_WITHIN = 10  # rows; a title may stand above the names of the columns
Sheet = tuple[str, list[Row]]


def read_xlsx(file: SourceFile) -> Reading:
    """A FAQ entry a row on sheets that have columns for question and answer; the rest an article.

    Values are those that a reader sees; hidden sheets, rows and columns are left out. A cell merged
    downwards says its text in each of its rows. A line of it is a row.
    """
    harvest = Harvest(file)
    archive = checked_archive(file)
    try:
        book = _opened(archive)
        harvest.page = _about(book, file.name)
        sheets = [(one_line(s.title), list(_rows(s, harvest))) for s in _visible(book)]
    except (MemoryError, ReadError):
        raise
    except Exception:  # parts missing or of another kind make it fail in many ways
        reason = "not a spreadsheet that can be read; open it and save it as .xlsx"
        raise file.problem(0, reason) from None
    _add(harvest, [(name, rows) for name, rows in sheets if rows])
    return harvest.reading


def _opened(archive: IO[bytes]) -> "Workbook":
    from openpyxl import load_workbook

    return load_workbook(archive, read_only=True, data_only=True, keep_links=False)


def _about(book: "Workbook", name: str) -> Fields:
    """What the workbook says of itself; its date is the day it was last saved."""
    about = book.properties
    day = about.modified or about.created
    return Fields(
        title=one_line(about.title or "") or name_as_title(name),
        date=day.date().isoformat() if day else "",
        language=one_line(about.language or ""),
    )


def _visible(book: "Workbook") -> list[Any]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _rows(sheet: Any, harvest: Harvest) -> Iterator[Row]:
    """The rows that are seen, each with its number and its cells; of empty ones the first."""
    # There is no public way to a sheet's XML; constraints.txt holds the version that has this one.
    with sheet._get_source() as source:
        facts = facts_of(source)
    _check(sheet.title, facts, harvest)
    sheet.reset_dimensions()  # what a file says of its own size may be anything
    merged, was_filled = Merged(facts), False
    columns = [column for column in range(1, facts.columns + 1) if facts.shows(column)]
    for number, cells in enumerate(sheet.rows, 1):
        texts = {n: shown(cell.value, cell.number_format or "") for n, cell in enumerate(cells, 1)}
        texts = merged.filled(number, texts)
        line = [texts.get(column, "") for column in columns]
        filled = any(map(str.strip, line))
        if number not in facts.hidden_rows and (filled or was_filled):
            yield number, line
            was_filled = filled


def _check(name: str, facts: SheetFacts, harvest: Harvest) -> None:
    sizes = (
        (facts.rows, MAX_ROWS, "rows"),
        (facts.columns, MAX_COLUMNS, "columns"),
        (facts.cells, MAX_CELLS, "cells"),
    )
    for size, most, what in sizes:
        if size > most:
            reason = f"sheet {one_line(name)} has {size:,} {what}; keep to {most:,}"
            raise harvest.file.problem(0, reason)
    if bare := facts.without_result:
        more = f" and {len(bare) - 1:,} more" if len(bare) > 1 else ""
        reason = f"sheet {one_line(name)}: no result of the formula in {bare[0]}{more}; "
        harvest.problem(0, reason + "open it in a spreadsheet program and save it")


def _add(harvest: Harvest, sheets: Sequence[Sheet]) -> None:
    article: list[Sheet] = []
    for name, rows in sheets:
        header = next((n for n, row in enumerate(rows[:_HEADER_WITHIN]) if _asks(row[1])), None)
        if header is None:
            article.append((name, rows))
            continue
        if header > 1:  # more than a title
            article.append((name, rows[:header]))
        first = len(harvest.problems)
        _add_entries(harvest, rows[header:])
        if len(sheets) > 1:
            _name_sheet(harvest, first, name)
    harvest.article(sheet_pieces(article, several=len(sheets) > 1))


def _asks(cells: Sequence[str]) -> bool:
    """Whether these cells name columns for questions and answers."""
    return {"question", "answer"} <= {field_name(cell) for cell in cells}


def _add_entries(harvest: Harvest, rows: Sequence[Row]) -> None:
    line, header = rows[0]
    if is_header(header, line, harvest):
        for line, cells in filter(is_filled, rows[1:]):
            add_record(dict(zip(header, cells, strict=True)), line, harvest)


def _name_sheet(harvest: Harvest, first: int, name: str) -> None:
    """Say of which sheet the problems from the first on are."""
    harvest.problems[first:] = [
        harvest.file.problem(one.line, f"sheet {name}: {one.reason}")
        for one in harvest.problems[first:]
    ]
