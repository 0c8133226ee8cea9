"""The door: what is read, what is left out, what is refused."""

import errno
import os
from pathlib import Path

import pytest

from index.errors import EvaluationError
from qa.evaluation.case import Case
from qa.evaluation.reading import read_questions
from tests.evaluation.reading.shape import read, said, write

THREE_PROBLEMS = "question,answerable\nWhen?,maybe\n,yes\nWhere?,no\nWho?,yes,x\n"


def test_a_problem_refuses_the_whole_set(tmp_path: Path) -> None:
    write(tmp_path, {"questions.csv": THREE_PROBLEMS})

    assert said(tmp_path / "questions.csv") == (
        "questions.csv: 3 problems; mend them or leave those out with --skip-errors",
        [
            "questions.csv:2: answerable is 'maybe'; write true, false, yes, no, y, n, 1 or 0",
            "questions.csv:3: no question here; write one or remove the record",
            "questions.csv:5: this row has 3 cells and the header 2 cells; quote a cell that holds "
            "a separator or a line end",
        ],
    )


def test_problems_are_left_out_and_returned_where_that_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"questions.csv": THREE_PROBLEMS})

    questions, problems = read_questions(tmp_path / "questions.csv", skip_errors=True)

    assert questions.cases == (Case("q4", "Where?", answerable=False, line=4),)
    assert [problem.line for problem in problems] == [2, 3, 5]


def test_nothing_but_problems_is_refused_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"a.jsonl": "{}\n"})

    with pytest.raises(
        EvaluationError, match=r"^a\.jsonl: no question could be read, 1 problem; mend it$"
    ) as refused:
        read_questions(tmp_path / "a.jsonl", skip_errors=True)

    assert [str(problem) for problem in refused.value.problems] == [
        "a.jsonl:1: no question here; write one or remove the record"
    ]


def test_a_single_problem_is_spoken_of_as_one(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "q\nWhen?\n\u200b\n"})

    assert said(tmp_path / "a.csv") == (
        "a.csv: 1 problem; mend it or leave it out with --skip-errors",
        ["a.csv:3: the question is empty; type one"],
    )


@pytest.mark.parametrize("name", ["a.csv", "A.CSV", "a.b.csv"])
def test_a_file_gives_its_name_to_the_set(tmp_path: Path, name: str) -> None:
    questions = read(tmp_path, name, "q\nWhen?\n")

    assert (questions.name, questions.file) == (name[:-4], name)
    assert (questions.documents, questions.notes) == ((), ())


def test_a_folder_gives_its_name_to_the_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"queries.jsonl": '{"_id": "1", "text": "When?"}'}
    files |= {"corpus.jsonl": '{"_id": "a", "text": "At nine."}', "qrels.tsv": "1\ta\t1\n"}
    write(tmp_path / "ferry", files)
    monkeypatch.chdir(tmp_path / "ferry")

    for path in (tmp_path / "ferry", Path()):
        questions, _ = read_questions(path)
        assert (questions.name, questions.file) == ("ferry", "queries.jsonl")


def test_a_question_is_kept_as_it_will_be_asked(tmp_path: Path) -> None:
    (case,) = read(tmp_path, "a.csv", 'q\n"  Whe\u200bn\n does\tit \x07leave? "\n').cases

    assert case.question == "When does it leave?"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")

    message = f"{tmp_path}/pipe.csv: not a regular file; save what it holds in one"
    assert said(tmp_path / "pipe.csv") == (message, [])


def test_a_device_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "zeros.jsonl").symlink_to("/dev/zero")

    message = f"{tmp_path}/zeros.jsonl: not a regular file; save what it holds in one"
    assert said(tmp_path / "zeros.jsonl") == (message, [])


def test_links_in_a_circle_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")

    message, _ = said(tmp_path / "a.csv")

    place = f"{tmp_path}/a.csv: cannot be read"
    assert message == f"{place} ({os.strerror(errno.ELOOP)}); check its name and permissions"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.csv", "no such file or folder; check the path"),
        ("a\0b.csv", "this path names no file; check it"),
        (
            "x" * 300 + ".csv",
            f"cannot be read ({os.strerror(errno.ENAMETOOLONG)}); check its name and permissions",
        ),
    ],
)
def test_a_path_to_nothing(tmp_path: Path, name: str, reason: str) -> None:
    shown = name.replace("\0", r"\x00")
    assert said(tmp_path / name) == (f"{tmp_path}/{shown}: {reason}", [])


def test_a_file_larger_than_memory_should_hold_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(200_000_001)  # a hole, which takes no room

    message = "a.csv: larger than 200,000,000 bytes; split it into several files"
    assert said(tmp_path / "a.csv") == (message, [])


def test_problems_beyond_number_are_one(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": f"[{'0,' * 100_000}0]"})

    message = "a.json: more than 100,000 problems; check what this file holds"
    assert said(tmp_path / "a.json") == (message, [])


@pytest.mark.parametrize(
    ("name", "kind"), [("a.xlsx", ".xlsx files"), ("questions", "files without a suffix")]
)
def test_a_file_of_another_kind(tmp_path: Path, name: str, kind: str) -> None:
    write(tmp_path, {name: b"PK\x03\x04\xff\0"})

    message = f"{name}: {kind} are not read; give .csv, .tsv, .jsonl, .json or a folder in the "
    assert said(tmp_path / name) == (message + "BEIR layout", [])


def test_a_name_with_a_line_end_still_gives_one_line(tmp_path: Path) -> None:
    write(tmp_path, {"a\n\x1b[2J.csv": "q\n\u200b\n"})

    message, (problem,) = said(tmp_path / "a\n\x1b[2J.csv")

    assert message == r"a\n\x1b[2J.csv: no question could be read, 1 problem; mend it"
    assert problem == r"a\n\x1b[2J.csv:2: the question is empty; type one"
