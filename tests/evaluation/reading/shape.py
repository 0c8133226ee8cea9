"""How the tests write question sets, and how they look at what was read."""

from collections.abc import Mapping
from pathlib import Path

from index.errors import EvaluationError
from qa.evaluation.case import Case, QuestionSet
from qa.evaluation.reading import read_questions

Files = Mapping[str, str | bytes]


def write(folder: Path, files: Files) -> None:
    """Write each file, in folders of its own where its name has some."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)


def read(folder: Path, name: str, data: str, qrels: str = "") -> QuestionSet:
    """What a file of questions gives, read without a problem."""
    write(folder, {name: data, "judged.txt": qrels})
    questions, problems = read_questions(folder / name, folder / "judged.txt" if qrels else None)
    assert problems == ()
    return questions


def cases(folder: Path, name: str, data: str, qrels: str = "") -> tuple[Case, ...]:
    return read(folder, name, data, qrels).cases


def said(path: Path, qrels: Path | None = None) -> tuple[str, list[str]]:
    """The message and the problems for which a question set is refused."""
    try:
        read_questions(path, qrels)
    except EvaluationError as error:
        return str(error), [str(problem) for problem in error.problems]
    raise AssertionError(f"{path} was read")


def problems(folder: Path, name: str, data: str) -> list[str]:
    write(folder, {name: data})
    return said(folder / name)[1]
