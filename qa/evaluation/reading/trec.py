"""Relevance judgements (qrels), as TREC and BEIR write them."""

import re
from collections.abc import Iterator
from pathlib import Path

from index.errors import ReadError
from qa.evaluation.reading.fields import field_name
from qa.evaluation.reading.files import lines
from qa.evaluation.reading.harvest import Harvest
from qa.evaluation.reading.record import MAX_GRADE, short

_SHAPES = "write: query 0 document grade, or query-id, corpus-id and score parted by tabs"
_GRADE = re.compile(r"-?[0-9]{1,9}(\.0{1,9})?")
_QRELS = re.compile(r"\S+\s+\S+\s+\S+\s+-?[0-9]+|[^\t]+\t[^\t]+\t-?[0-9]+")
_RUN = re.compile(r"\S+\s+\S+\s+\S+\s+[0-9]+\s+[-+0-9.eE]+\s+\S+")
_HEADER_ENDS = {"score", "grade", "relevance", "rel", "label", "relevant"}
_LOOKED_AT = 5  # lines that tell what a file holds


def read_qrels(path: Path, name: str, harvest: Harvest) -> None:
    """Replace the sources of the cases that these qrels name; grades of 0 and less name none.

    Four columns are TREC's, three BEIR's, with or without a header. Rows of a case or document that
    is among the problems already are passed over. Raises ReadError for a file without qrels.
    """
    read = {document.id for document in harvest.documents}
    grades: dict[str, dict[str, int]] = {}
    for line, cells in _rows(path, name, harvest):
        query, document, shown = cells[0], cells[-2], cells[-1]
        with harvest.keeping():
            grade = _grade(shown, name, line)
            _check_known(query, document, harvest, name, line)
            if read and document not in read:
                continue
            judged = grades.setdefault(query, {})
            if judged.setdefault(document, grade) != grade:
                reason = f"{short(query)} and {short(document)} have grade {judged[document]} above"
                raise ReadError(name, line, f"{reason} and {grade} here; remove one")
    harvest.grade(
        {
            query: {document: grade for document, grade in judged.items() if grade > 0}
            for query, judged in grades.items()
        }
    )


def check_no_qrels(name: str, text: str) -> None:
    """Raise ReadError if `text`, from a file of questions, looks like qrels or a run."""
    first = [line.strip() for line in text.split("\n") if line.strip()][:_LOOKED_AT]
    if first and (_is_header(_cells(first[0])) or all(map(_QRELS.fullmatch, first))):
        reason = "this file holds qrels; give the questions file and pass this one with --qrels"
        raise ReadError(name, 0, reason)
    if first and all(map(_RUN.fullmatch, first)):
        reason = "this file holds a run, results that were ranked; give the questions file"
        raise ReadError(name, 0, reason)


def _rows(path: Path, name: str, harvest: Harvest) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row but the header, as many in each as in the first."""
    width = 0
    for line, text in lines(path, name):
        cells = _cells(text)
        if not width:
            _check_first(cells, text, name, line)
            width = len(cells)
            if _is_header(cells):
                continue
        if len(cells) != width:
            reason = f"this row has {_columns(cells)}, the first {width}; {_SHAPES}"
            harvest.refuse(ReadError(name, line, reason))
        elif not all(cells):
            reason = "this row has an empty column; write the id or grade that belongs there"
            harvest.refuse(ReadError(name, line, reason))
        else:
            yield line, cells


def _cells(row: str) -> list[str]:
    """By tabs where that gives three or four, for ids may hold spaces; else by white space."""
    cells = [cell.strip() for cell in row.split("\t")]
    return cells if len(cells) in (3, 4) else row.split()


def _check_first(cells: list[str], text: str, name: str, line: int) -> None:
    if _RUN.fullmatch(text.strip()):
        reason = "this file holds a run, results that were ranked; give a file of qrels"
        raise ReadError(name, 0, reason)
    if len(cells) not in (3, 4):
        raise ReadError(name, line, f"this row has {_columns(cells)}, not 4 or 3; {_SHAPES}")


def _columns(cells: list[str]) -> str:
    return f"{len(cells):,} column" + "s" * (len(cells) != 1)


def _is_header(cells: list[str]) -> bool:
    return field_name(cells[0]) in ("id", "question") and cells[-1].casefold() in _HEADER_ENDS


def _grade(text: str, name: str, line: int) -> int:
    grade = int(text.partition(".")[0]) if _GRADE.fullmatch(text) else MAX_GRADE + 1
    if grade > MAX_GRADE:
        reason = f"the grade is {short(text)!r}; write a whole number up to {MAX_GRADE}"
        raise ReadError(name, line, reason)
    return grade


def _check_known(query: str, document: str, harvest: Harvest, name: str, line: int) -> None:
    if query not in harvest.case_lines:
        reason = f"no question has the id {short(query)!r}; mend it or remove the row"
        raise ReadError(name, line, reason)
    if harvest.document_lines and document not in harvest.document_lines:
        reason = f"no document has the id {short(document)!r}; mend it or remove the row"
        raise ReadError(name, line, reason)
