"""Tables of questions and answers: CSV and TSV files."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from index.readers.draft import one_line
from index.readers.entries import add_record
from index.readers.exported import MARK, add_row
from index.readers.fields import field_name
from index.readers.harvest import Harvest
from index.readers.qna import add_qna_rows, is_qna_table, is_quoted
from index.readers.source import Reading, SourceFile

MAX_COLUMNS = 1_000
_NEEDED = ("question", "answer")
_UNUSED = ("title", "kind")  # fields of a page, not of an entry
_SEPARATORS = ",;\t"

Row = tuple[int, list[str]]  # the line where it begins, its cells


def read_table(file: SourceFile) -> Reading:
    """A FAQ entry a row; the header names the columns, by any spelling in `fields.SPELLINGS`.

    Commas, semicolons (Excel in Europe) or tabs part the cells. Formulas stay the text they are.
    Tables that QnA Maker or `citewell export` wrote are known by their columns.
    """
    harvest, text = Harvest(file), file.text
    if is_qna_table(text.lstrip("\n").partition("\n")[0]):
        add_qna_rows(_rows(text, harvest, quoted=is_quoted(text)), harvest)
        return harvest.reading
    rows = _rows(text, harvest)
    line, header = next(rows, (1, []))
    if not is_header(header, line, harvest):
        return harvest.reading
    for line, cells in rows:
        if len(cells) == len(header):
            record = dict(zip(header, cells, strict=True))
            (add_row if record.get(MARK) else add_record)(record, line, harvest)
        else:
            reason = f"this row has {_cells(cells)} and the header {_cells(header)}; "
            few = "write the separators it lacks, or " if len(cells) < len(header) else ""
            harvest.broken_entry(
                line, f"{reason}{few}quote a cell that holds a separator or a line end"
            )
    return harvest.reading


def _rows(text: str, harvest: Harvest, *, quoted: bool = True) -> Iterator[Row]:
    """Each row that is not blank, with the line where it begins."""
    separator = _separator(text.lstrip("\n").partition("\n")[0])
    reader = csv.reader(
        io.StringIO(text),
        delimiter=separator,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        strict=True,
    )
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"this row is not CSV ({error}); write quotes within a quoted cell twice"
            harvest.broken_entry(line, reason)
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _separator(header: str) -> str:
    """The separator that gives the header the most columns that we know."""

    def known(separator: str) -> int:
        return sum(bool(field_name(name.strip('"'))) for name in header.split(separator))

    return max(_SEPARATORS, key=known)


def is_header(header: list[str], line: int, harvest: Harvest) -> bool:
    """Whether rows can be read by this header; what keeps a cell from it is a problem."""
    if len(header) > MAX_COLUMNS:
        harvest.problem(line, f"{len(header):,} columns; keep to {MAX_COLUMNS:,}")
        return False
    counts = Counter(name for name in map(field_name, header) if name and name not in _UNUSED)
    twice = [name for name in counts if counts[name] > 1]
    missing = [name for name in _NEEDED if not counts[name]]
    for name in twice:
        columns = ", ".join(one_line(column) for column in header if field_name(column) == name)
        harvest.problem(line, f"more than one column for {name}: {columns}; rename all but one")
    if missing:
        found = ", ".join(name.strip() for name in header[:20]) or "none"
        wanted = " and ".join(missing)
        harvest.problem(
            line, f"no column named {wanted}, only: {found}; name them in the first row"
        )
    return not missing and not any(name in _NEEDED for name in twice)


def _cells(cells: list[str]) -> str:
    return f"{len(cells)} cell" + "s" * (len(cells) != 1)
