"""What openpyxl does not tell of a sheet that it reads row by row; read before it does."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO, Any

MAX_ROWS = 1_048_576  # that a sheet can have
_REF = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


@dataclass(slots=True)
class SheetFacts:
    """Rows and columns are counted from 1, as on the sheet."""

    cells: int = 0
    columns: int = 0
    rows: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """First row → the column and the last row of each cell merged downwards."""
    without_result: list[str] = field(default_factory=list)
    """Cells whose formula was never worked out."""

    def shows(self, column: int) -> bool:
        """Whether this column is seen."""
        return not any(first <= column <= last for first, last in self.hidden_columns)


def facts_of(source: IO[bytes]) -> SheetFacts:
    """Go through the XML of a sheet once, keeping none of it."""
    from defusedxml.ElementTree import iterparse

    facts, row, column = SheetFacts(), 0, 0
    for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if event == "start" and name == "row":
            row, column = _number(element.get("r"), row + 1), 0
            facts.rows = max(facts.rows, row)
            if element.get("hidden") in ("1", "true"):
                facts.hidden_rows.add(row)
        elif event == "end" and name == "c":
            place = _place(element.get("r", ""))
            column = place[1] if place else column + 1
            _cell(facts, element, row, column)
        elif event == "end" and name in ("row", "sheetData"):
            element.clear()
        elif event == "end":
            _other(facts, element, name)
    return facts


def _cell(facts: SheetFacts, cell: Any, row: int, column: int) -> None:
    facts.cells += 1
    facts.columns = max(facts.columns, column)
    parts = {part.tag.rpartition("}")[2]: part for part in cell}
    result = parts["v"].text if "v" in parts else None
    if "f" in parts and not result and cell.get("t") != "str":
        facts.without_result.append(cell.get("r") or f"row {row}")


def _other(facts: SheetFacts, element: Any, name: str) -> None:
    if name == "col" and element.get("hidden") in ("1", "true"):
        first = _number(element.get("min"), 0)
        facts.hidden_columns.append((first, _number(element.get("max"), first)))
    elif name == "mergeCell":
        ends = [place for place in map(_place, element.get("ref", "").split(":")) if place]
        if len(ends) == 2 and ends[1][0] > ends[0][0]:
            facts.merged[ends[0][0]].append((ends[0][1], ends[1][0]))


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column of `B7`."""
    found = _REF.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


class Merged:
    """Says the text of a merged cell again in each row that it takes; rows come in order."""

    def __init__(self, facts: SheetFacts) -> None:
        self._begins = facts.merged
        self._open: dict[int, tuple[int, str]] = {}

    def filled(self, row: int, texts: dict[int, str]) -> dict[int, str]:
        """The texts of a row by column, with those that reach down into it."""
        self._open = {c: (last, text) for c, (last, text) in self._open.items() if last >= row}
        whole = {**{c: text for c, (_, text) in self._open.items()}, **_written(texts)}
        for column, last in self._begins.get(row, ()):
            if text := texts.get(column):
                self._open[column] = (last, text)
        return whole


def _written(texts: dict[int, str]) -> dict[int, str]:
    return {column: text for column, text in texts.items() if text}
