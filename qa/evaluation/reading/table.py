"""Tables of questions: CSV and TSV files."""

import csv
import io
import re
from collections.abc import Iterator

from index.readers.draft import one_line
from index.readers.source import SourceFile
from qa.evaluation.reading.fields import by_field, field_name
from qa.evaluation.reading.files import MAX_LINE_BYTES
from qa.evaluation.reading.harvest import Harvest
from qa.evaluation.reading.record import Record, short
from qa.evaluation.reading.trec import check_no_qrels

MAX_COLUMNS = 1_000
_HEADER = 100_000  # characters that tell which separator a table has
# What parts several values in a cell. Ids are often names of files, which hold commas and spaces.
_PARTED = {"sources": r"[|;\n]", "answers": r"[|\n]", "history": r"\n| \| "}


def read_table(file: SourceFile, harvest: Harvest) -> None:
    """A case a row; the header names the columns, by any spelling in `fields.SPELLINGS`.

    Commas, semicolons (Excel in Europe) or tabs part the cells. Raises ReadError for a header by
    which no row can be read.
    """
    text = file.text
    rows = _rows(file, text, harvest)
    line, header = next(rows, (1, []))
    if harvest.problems:  # the header is not CSV, and what came back is a row
        raise harvest.problems[0]
    columns = _columns(header, file, line)
    harvest.note_unread("columns", columns.pop("", []))
    places = {name: header.index(spellings[0]) for name, spellings in columns.items()}
    for line, cells in rows:
        if len(cells) == len(header):
            values = {name: _value(name, cells[place]) for name, place in places.items()}
            harvest.add(Record(file.name, line, values), f"q{line}")
        else:
            reason = f"this row has {_cells(cells)} and the header {_cells(header)}; quote a cell "
            reason += "that holds a separator or a line end"
            harvest.refuse(file.problem(line, reason))


def _value(name: str, cell: str) -> object:
    """The cell as JSON would have it: a list where the field may hold several values."""
    if name not in _PARTED:
        return cell
    return [part for part in re.split(_PARTED[name], cell) if part.strip()]


def _rows(file: SourceFile, text: str, harvest: Harvest) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line where it begins."""
    separator = _separator(text.lstrip("\n")[:_HEADER].partition("\n")[0], file.name)
    reader = csv.reader(_bounded(file, text), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"this row is not CSV ({error}); write quotes within a quoted cell twice"
            harvest.refuse(file.problem(line, reason))
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _bounded(file: SourceFile, text: str) -> Iterator[str]:
    """The lines of `text`. Raises ReadError for one that would make millions of cells."""
    for number, line in enumerate(io.StringIO(text), 1):
        if len(line) > MAX_LINE_BYTES:
            reason = f"this line has more than {MAX_LINE_BYTES:,} characters; write one row a line"
            raise file.problem(number, reason)
        yield line


def _separator(header: str, name: str) -> str:
    """The separator that gives the header the most columns that we know; else that of the name."""

    def known(separator: str) -> int:
        return sum(bool(field_name(cell.strip('"'))) for cell in header.split(separator))

    return max("\t,;" if name.lower().endswith(".tsv") else ",;\t", key=known)


def _columns(header: list[str], file: SourceFile, line: int) -> dict[str, list[str]]:
    """Field name → its one column, and `""` → those that are not read."""
    if len(header) > MAX_COLUMNS:
        raise file.problem(line, f"{len(header):,} columns; keep to {MAX_COLUMNS:,}")
    columns = by_field(header)
    if "question" not in columns:
        check_no_qrels(file.name, file.text)
        found = ", ".join(short(one_line(name)) for name in header[:20]) or "none"
        reason = f"no column named question, only: {found}; name the one with the questions so"
        raise file.problem(line, reason)
    for name, spellings in columns.items():
        if name and len(spellings) > 1:
            seen = ", ".join(one_line(spelling) for spelling in spellings)
            raise file.problem(line, f"more than one column for {name}: {seen}; rename all but one")
    return columns


def _cells(cells: list[str]) -> str:
    return f"{len(cells)} cell" + "s" * (len(cells) != 1)
