"""Qrels given beside the questions, as TREC or BEIR write them."""

from pathlib import Path

import pytest

from qa.evaluation.reading import read_questions
from tests.evaluation.reading.shape import cases, said, write

QUESTIONS = "id,q,source\n1,When?,old\n2,Who?,old\n3,Why?,old\n"


@pytest.mark.parametrize(
    "qrels",
    [
        "1 0 a 2\n1 0 b 0\n\n2   Q0\tb  1\n2 0 a -1\n",
        "1\t0\ta\t2\n1\t0\tb\t0\n2\t0\tb\t1\n",
        "query-id\tcorpus-id\tscore\n1\ta\t2\n2\tb\t1.0\n",
        "1\ta\t2\r\n2\tb\t1\r\n2\tb\t1\r\n",
        "\ufeffqid docid rel\n1 a 2\n2 b 1\n",
        "query_id iter doc_id relevance\n1 0 a 2\n2 0 b 1\n",
    ],
)
def test_qrels_replace_the_sources_of_the_questions_they_name(tmp_path: Path, qrels: str) -> None:
    found = cases(tmp_path, "a.csv", QUESTIONS, qrels)

    assert [dict(case.sources) for case in found] == [{"a": 2}, {"b": 1}, {"old": 1}]


def test_ids_may_hold_spaces_where_tabs_part_the_columns(tmp_path: Path) -> None:
    found = cases(tmp_path, "a.csv", QUESTIONS, "1\ta file, two.md\t1\n")

    assert found[0].sources == {"a file, two.md": 1}


def test_a_question_without_a_grade_above_0_has_no_source_left(tmp_path: Path) -> None:
    assert cases(tmp_path, "a.csv", QUESTIONS, "1 0 a 0\n")[0].sources == {}


def test_what_is_wrong_with_a_row_has_its_line(tmp_path: Path) -> None:
    qrels = (
        "1 0 a 1\n9 0 a 1\n1 0 b high\n1 0 b\n1 0 c 1.5\n1 0 a 1\n1 0 a 2\n1 0 d 101\n"
        "1 0 d \u0661\n1\t\td\t1\n1 0 d 99999999999999999999\n"
    )
    write(tmp_path, {"a.csv": QUESTIONS, "judged.qrels": qrels})

    shapes = "write: query 0 document grade, or query-id, corpus-id and score parted by tabs"
    assert said(tmp_path / "a.csv", tmp_path / "judged.qrels") == (
        "a.csv: 9 problems; mend them or leave those out with --skip-errors",
        [
            "judged.qrels:2: no question has the id '9'; mend it or remove the row",
            "judged.qrels:3: the grade is 'high'; write a whole number up to 100",
            f"judged.qrels:4: this row has 3 columns, the first 4; {shapes}",
            "judged.qrels:5: the grade is '1.5'; write a whole number up to 100",
            "judged.qrels:7: 1 and a have grade 1 above and 2 here; remove one",
            "judged.qrels:8: the grade is '101'; write a whole number up to 100",
            "judged.qrels:9: the grade is '\u0661'; write a whole number up to 100",
            "judged.qrels:10: this row has an empty column; write the id or grade that belongs "
            "there",
            "judged.qrels:11: the grade is '99999999999999999999'; write a whole number up to 100",
        ],
    )


def test_the_rows_of_a_question_left_out_are_left_out_with_it(tmp_path: Path) -> None:
    questions = "id,q\n1,When?\n2,\n"
    write(tmp_path, {"a.csv": questions, "judged.tsv": "1\ta\t1\n2\ta\t1\n"})

    found, problems = read_questions(tmp_path / "a.csv", tmp_path / "judged.tsv", skip_errors=True)

    assert [str(problem) for problem in problems] == [
        "a.csv:3: no question here; write one or remove the record"
    ]
    assert [dict(case.sources) for case in found.cases] == [{"a": 1}]


@pytest.mark.parametrize(
    ("qrels", "message"),
    [
        ("", "judged.txt: this file is empty; write something in it or name another"),
        (
            "1 Q0 a 1 12.5 bm25\n",
            "judged.txt: this file holds a run, results that were ranked; give a file of qrels",
        ),
        (
            "query-id,corpus-id,score\n1,a,1\n",
            "judged.txt:1: this row has 1 column, not 4 or 3; write: query 0 document grade, or "
            "query-id, corpus-id and score parted by tabs",
        ),
        (
            "\u00a0\n",
            "judged.txt:1: this row has 0 columns, not 4 or 3; write: query 0 document grade, or "
            "query-id, corpus-id and score parted by tabs",
        ),
        (b"1 0 a 1\n\xff\n", "judged.txt:2: not UTF-8 at byte 0; save the file as UTF-8"),
        (
            b"1 0 a 1\n1 0 \0 1\n",
            "judged.txt:2: holds binary data, not text; remove it or give it the suffix of its "
            "format",
        ),
    ],
)
def test_a_file_without_qrels(tmp_path: Path, qrels: str | bytes, message: str) -> None:
    write(tmp_path, {"a.csv": QUESTIONS, "judged.txt": qrels})

    assert said(tmp_path / "a.csv", tmp_path / "judged.txt") == (message, [])


def test_qrels_that_are_not_there(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": QUESTIONS})

    message = f"{tmp_path}/no.tsv: no such file or folder; check the path"
    assert said(tmp_path / "a.csv", tmp_path / "no.tsv") == (message, [])
    message = f"{tmp_path}: a folder, not a file; name a file in it"
    assert said(tmp_path / "a.csv", tmp_path) == (message, [])


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a.qrels", "qrels"])
@pytest.mark.parametrize(
    "qrels",
    [
        "q1 0 d1 1\nq1 0 d2 0\n",
        "q1\t0\td1\t1\n",
        "q1\td1\t1\n",
        "query-id\tcorpus-id\tscore\nq1\td1\t1\n",
    ],
)
def test_qrels_in_the_place_of_questions(tmp_path: Path, name: str, qrels: str) -> None:
    write(tmp_path, {name: qrels})

    message = "this file holds qrels; give the questions file and pass this one with --qrels"
    assert said(tmp_path / name) == (f"{name}: {message}", [])


@pytest.mark.parametrize("name", ["a.tsv", "a.run"])
def test_a_run_in_the_place_of_questions(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "q1 Q0 d1 1 12.5e-1 bm25\n" * 9_000})

    message = "this file holds a run, results that were ranked; give the questions file"
    assert said(tmp_path / name) == (f"{name}: {message}", [])
