"""The door to question sets: any file or folder that holds one, in whatever format."""

from collections.abc import Callable
from pathlib import Path

from index.errors import EvaluationError, ReadError, printable
from index.readers.source import SourceFile
from qa.evaluation.case import QuestionSet
from qa.evaluation.reading.beir import QUERIES, read_beir
from qa.evaluation.reading.files import content, is_folder, opening
from qa.evaluation.reading.harvest import Harvest
from qa.evaluation.reading.json_text import parsed
from qa.evaluation.reading.records import read_lines, read_list
from qa.evaluation.reading.squad import is_squad, read_squad
from qa.evaluation.reading.table import read_table
from qa.evaluation.reading.trec import check_no_qrels, read_qrels


def read_questions(
    path: Path, qrels: Path | None = None, *, skip_errors: bool = False
) -> tuple[QuestionSet, tuple[ReadError, ...]]:
    """The question set at `path`, a file or a BEIR folder, and what of it could not be read.

    `qrels` replace the sources of the questions that they name. Raises EvaluationError where there
    is anything that could not be read, unless `skip_errors` leaves it out, and where no question is
    left.
    """
    name = _name(path)
    harvest = Harvest()
    try:
        set_name, file = _read(path, name, harvest, judged=qrels is not None)
        if qrels is not None:
            read_qrels(qrels, _name(qrels), harvest)
    except ReadError as error:
        raise EvaluationError(str(error)) from None
    problems = tuple(harvest.problems)
    if not harvest.cases or (problems and not skip_errors):
        raise EvaluationError(f"{name}: {_verdict(harvest)}", problems)
    return (
        QuestionSet(
            name=set_name,
            file=file,
            cases=tuple(harvest.cases),
            documents=tuple(harvest.documents),
            notes=tuple(harvest.notes),
        ),
        problems,
    )


def _read(path: Path, name: str, harvest: Harvest, *, judged: bool) -> tuple[str, str]:
    """Read what is at `path`: the names of the set and of the file in which its questions stand."""
    if is_folder(path):
        read_beir(path, harvest, judged=judged)
        return name, QUERIES
    if (suffix := path.suffix.lower()) not in READERS:
        check_no_qrels(name, opening(path))
        kind = f"{suffix} files" if suffix else "files without a suffix"
        reason = f"{kind} are not read; give {', '.join(READERS)} or a folder in the BEIR layout"
        raise ReadError(name, 0, reason)
    READERS[suffix](content(path, name), harvest)
    return Path(name).stem, name


def _read_json(file: SourceFile, harvest: Harvest) -> None:
    text = file.text
    data = parsed(text, file.name)
    (read_squad if is_squad(data) else read_list)(data, text, file.name, harvest)


def _name(path: Path) -> str:
    """What messages call `path`; `.` and `..` by the folder that they are."""
    return printable(path.name or path.absolute().name or str(path))


def _verdict(harvest: Harvest) -> str:
    count = len(harvest.problems)
    problems = f"{count:,} problem" + "s" * (count != 1)
    them, those = ("it", "it") if count == 1 else ("them", "those")
    if harvest.cases:
        return f"{problems}; mend {them} or leave {those} out with --skip-errors"
    if count:
        return f"no question could be read, {problems}; mend {them}"
    return "holds no question; write one"


READERS: dict[str, Callable[[SourceFile, Harvest], None]] = {
    ".csv": read_table,
    ".tsv": read_table,
    ".jsonl": read_lines,
    ".json": _read_json,
}
"""Suffix → what reads such a file."""
