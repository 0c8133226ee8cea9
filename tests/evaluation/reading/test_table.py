"""CSV and TSV: a row is a question with what is expected."""

from pathlib import Path

import pytest

from qa.evaluation.case import Case, Turn
from tests.evaluation.reading.shape import cases, problems, read


def test_each_row_is_a_case_with_all_its_fields(tmp_path: Path) -> None:
    table = (
        "ID,Question,Expected source,Gold answers,Answerable,Category,Kind,Like,History\n"
        '7,How wide?,"a, b.md | c.md;d.md","4 km | 2.5 miles",Yes,"dmz, width",typo,6,'
        '"How long is it? | 248 km."\n'
        ",Parking?,,,,,,,\n"
    )

    first, second = cases(tmp_path, "a.csv", table)

    assert first == Case(
        id="7",
        question="How wide?",
        sources={"a, b.md": 1, "c.md": 1, "d.md": 1},
        answers=("4 km", "2.5 miles"),
        answerable=True,
        tags=("dmz", "width"),
        history=(Turn("user", "How long is it?"), Turn("assistant", "248 km.")),
        kind="typo",
        like="6",
        line=2,
    )
    assert second == Case(id="q3", question="Parking?", line=3)


@pytest.mark.parametrize(
    ("name", "mark"), [("a.csv", ";"), ("a.csv", "\t"), ("a.csv", ","), ("a.tsv", "\t")]
)
def test_the_separator_is_found(tmp_path: Path, name: str, mark: str) -> None:
    table = f'\ufeff"q"{mark}answer\r\nOpen?{mark}Yes.\r\n'

    assert cases(tmp_path, name, table) == (Case("q2", "Open?", answers=("Yes.",), line=2),)


def test_one_column_of_questions_is_enough(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, "a.tsv", "prompt\nFirst this, then that; which?\n")

    assert case.question == "First this, then that; which?"


def test_several_values_of_a_cell_are_parted_by_line_ends_too(tmp_path: Path) -> None:
    table = 'q,sources,answers,history\nWhen?,"a.md\n\nb.md","nine\n9 am","Hello\nHi\nAsk | on"\n'

    (case,) = cases(tmp_path, "a.csv", table)

    assert case.sources == {"a.md": 1, "b.md": 1}
    assert case.answers == ("nine", "9 am")
    assert [(turn.role, turn.content) for turn in case.history] == [
        ("user", "Hello"),
        ("assistant", "Hi"),
        ("user", "Ask"),
        ("assistant", "on"),
    ]


@pytest.mark.parametrize(
    ("column", "cell", "answerable"),
    [
        ("answerable", "TRUE", True),
        ("is answerable", "n", False),
        ("has_answer", "1", True),
        ("Is-Impossible", "0", True),
        ("unanswerable", "yes", False),
        ("unanswerable", " ", None),
    ],
)
def test_whether_it_can_be_answered_is_said_in_many_ways(
    tmp_path: Path, column: str, cell: str, answerable: bool | None
) -> None:
    (case,) = cases(tmp_path, "a.csv", f"q,{column}\nWhen?,{cell}\n")

    assert case.answerable is answerable


def test_what_is_not_read_is_noted_once(tmp_path: Path) -> None:
    table = (
        "user_input,retrieved_contexts,response,reference,reference_contexts,rubrics,\n"
        "When?,\"['a']\",At ten.,At nine.,\"['a']\",,\n"
    )

    questions = read(tmp_path, "ragas.csv", table)

    assert [case.answers for case in questions.cases] == [("At nine.",)]
    assert questions.notes == (
        "columns not read: retrieved_contexts, response, reference_contexts, rubrics, (no name)",
    )


def test_a_note_of_many_columns_ends_somewhere(tmp_path: Path) -> None:
    table = "q," + ",".join(f"x{number}" for number in range(22)) + "\nWhen?" + "," * 22

    (note,) = read(tmp_path, "a.csv", table).notes

    assert note.endswith("x18, x19 and 2 more")


def test_ids_are_given_by_line_where_they_are_missing(tmp_path: Path) -> None:
    table = "id,q\n,When?\n\nq9,Where?\n,Who?\n"

    assert [(case.id, case.line) for case in cases(tmp_path, "a.csv", table)] == [
        ("q2", 2),
        ("q9", 4),
        ("q5", 5),
    ]


def test_an_id_is_given_once(tmp_path: Path) -> None:
    table = "id,q\nq4,When?\nq4,Where?\n,Who?\n,Why?\nq5,What?\n"

    assert problems(tmp_path, "a.csv", table) == [
        "a.csv:3: the id 'q4' stands on line 2 already; give each its own",
        "a.csv:4: without an id this is 'q4', which line 2 has; give it an id",
        "a.csv:6: the id 'q5' stands on line 5 already; give each its own",
    ]


def test_a_broken_row_hides_none_of_the_others(tmp_path: Path) -> None:
    table = 'q,a\n"When"x,y\nWhere?\n"Who?,z\n'

    assert problems(tmp_path, "a.csv", table) == [
        "a.csv:2: this row is not CSV (',' expected after '\"'); write quotes within a quoted cell "
        "twice",
        "a.csv:3: this row has 1 cell and the header 2 cells; quote a cell that holds a separator "
        "or a line end",
        "a.csv:4: this row is not CSV (unexpected end of data); write quotes within a quoted cell "
        "twice",
    ]


def test_a_question_that_is_no_question_says_why(tmp_path: Path) -> None:
    table = f"q,answerable,answer\n{'x' * 501},,\nWhen?,no,At nine.\n"

    assert problems(tmp_path, "a.csv", table) == [
        "a.csv:2: the question has 501 characters, at most 500 are read; shorten it",
        "a.csv:3: this question is labelled not answerable and has an answer; remove one of the "
        "two",
    ]


def test_a_source_may_be_named_for_what_has_no_answer(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, "a.csv", "q,answerable,source\nWhen?,no,a.md\n")

    assert (case.answerable, case.sources) == (False, {"a.md": 1})
