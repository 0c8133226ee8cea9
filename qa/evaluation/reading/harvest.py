"""What the files of a question set have given so far."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from index.documents import Document
from index.errors import ReadError, printable
from qa.evaluation.case import Case
from qa.evaluation.reading.cases import case_of
from qa.evaluation.reading.record import Record, short

MAX_PROBLEMS = 100_000  # a few bytes can be a problem each, and each takes a kilobyte

_NAMED = 20  # columns that a note lists


class Harvest:
    """Collects cases, documents, problems and notes in the order of the files and their lines.

    `case_lines` and `document_lines` have the line of every id, also of what could not be read:
    what refers to it is not to blame.
    """

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.documents: list[Document] = []
        self.problems: list[ReadError] = []
        self.notes: list[str] = []
        self.case_lines: dict[str, int] = {}
        self.document_lines: dict[str, int] = {}

    def add(self, record: Record, spare: str = "") -> None:
        """Add the case of `record`, under `spare` if it has no id; or what is wrong with it."""
        with self.keeping():
            case_id = record.id() or self._spare(record, spare)
            _claim(case_id, record, self.case_lines)
            self.cases.append(case_of(record, case_id))

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep a ReadError raised inside among the problems."""
        try:
            yield
        except ReadError as problem:
            self.refuse(problem)

    def refuse(self, problem: ReadError) -> None:
        """Add a problem; raises ReadError where there are too many for anyone to read."""
        if len(self.problems) == MAX_PROBLEMS:
            reason = f"more than {MAX_PROBLEMS:,} problems; check what this file holds"
            raise ReadError(problem.source, 0, reason)
        self.problems.append(problem.with_traceback(None))  # frames take more room than the rest

    def grade(self, grades: Mapping[str, Mapping[str, int]]) -> None:
        """Replace the sources of the cases that `grades` names, by case and by source."""
        self.cases = [
            replace(case, sources=grades[case.id]) if case.id in grades else case
            for case in self.cases
        ]

    def claim_document(self, name: str, record: Record) -> None:
        """Keep the id of the document in `record`. Raises ReadError where it is taken."""
        _claim(name, record, self.document_lines)

    def note_unread(self, what: str, names: Iterable[str]) -> None:
        """Note the columns, fields or files (`what`) that are not read, if there are any."""
        distinct = list(dict.fromkeys(names))
        if distinct:
            shown = [short(printable(name.strip())) or "(no name)" for name in distinct[:_NAMED]]
            more = f" and {len(distinct) - _NAMED:,} more" if len(distinct) > _NAMED else ""
            self.notes.append(f"{what} not read: {', '.join(shown)}{more}")

    def _spare(self, record: Record, spare: str) -> str:
        if not spare:
            raise record.problem("no id here; give the question one")
        if spare in self.case_lines:
            line = self.case_lines[spare]
            reason = f"without an id this is {spare!r}, which line {line} has; give it an id"
            raise record.problem(reason)
        return spare


def _claim(name: str, record: Record, lines: dict[str, int]) -> None:
    if name in lines:
        reason = f"the id {short(name)!r} stands on line {lines[name]} already; give each its own"
        raise record.problem(reason)
    lines[name] = record.line
