"""CSV and TSV: a row is an entry."""

import pytest

from tests.readers.shape import blocks, entries, problems, read


def test_each_row_is_an_entry_with_all_its_fields() -> None:
    text = (
        "ID,Question,Answer,Also asked as,Source,Link,Date,Lang,Tags\n"
        '7,Open?,"Yes:\n- Monday\n- Friday",Opening hours | When open,Shop,https://s.example,'
        '2024/1/2,en,"time, shop"\n'
        ",Parking?,=1+1,,,,,,\n"
    )
    first, second = read("a.csv", text).documents
    assert (first.id, first.title, first.alternates) == (
        "7",
        "Open?",
        ("Opening hours", "When open"),
    )
    assert blocks(first) == [("paragraph", "Yes:"), ("item", "Monday"), ("item", "Friday")]
    assert (first.publisher, first.url, first.date) == ("Shop", "https://s.example", "2024-01-02")
    assert (first.language, first.tags, first.line) == ("en", ("time", "shop"), 2)
    assert (second.id, second.text, second.line) == ("a.csv:q2", "=1+1", 5)


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ";"), ("a.tsv", "\t"), ("a.csv", ",")])
def test_the_separator_is_found(name: str, mark: str) -> None:
    text = f'"q"{mark}a\nOpen?{mark}Yes.\n'
    assert entries(read(name, text)) == [(f"{name}:q1", "Open?", "Yes.")]


def test_broken_rows_are_named_by_the_line_where_they_start() -> None:
    text = 'q,a\n"One?","a\nb"\n,lost\nTwo?,\nThree?\n"Four"x,y\n\nFive?,five\n'
    reading = read("a.csv", text)
    assert problems(reading) == [
        "a.csv:4: this entry has no question; add one or remove the entry",
        "a.csv:5: this question has no answer; add one or remove the entry",
        "a.csv:6: this row has 1 cell and the header 2 cells; write the separators it lacks, or "
        "quote a cell that holds a separator "
        "or a line end",
        "a.csv:7: this row is not CSV (',' expected after '\"'); write quotes within a quoted cell "
        "twice",
    ]
    assert entries(reading) == [("a.csv:q1", "One?", "a\n\nb"), ("a.csv:q6", "Five?", "five")]
    assert [d.line for d in reading.documents] == [2, 9]


def test_a_quote_left_open_is_named_by_its_row() -> None:
    assert problems(read("a.csv", 'q,a\nx,y\n"Open?,Yes.\nmore\n')) == [
        "a.csv:3: this row is not CSV (unexpected end of data); write quotes within a quoted cell "
        "twice"
    ]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "Question,Text",
            "a.csv:1: no column named answer, only: Question, Text; name them in the first row",
        ),
        (
            "a b",
            "a.csv:1: no column named question and answer, only: a b; name them in the first row",
        ),
        ("q,a,answer", "a.csv:1: more than one column for answer: a, answer; rename all but one"),
        ("q,a" + "," * 1_000, "a.csv:1: 1,002 columns; keep to 1,000"),
    ],
)
def test_a_header_that_does_not_do_is_a_problem(header: str, message: str) -> None:
    reading = read("a.csv", header + "\nx,y\n")
    assert (problems(reading), reading.documents) == ([message], ())


def test_a_bad_link_or_day_is_left_out_and_the_entry_read() -> None:
    reading = read("a.csv", "q,a,url,date\nOpen?,Yes.,ftp://x,2.1.24\n")
    assert problems(reading) == [
        "a.csv:2: url is not http or https: ftp://x; write it in full, from https:// on",
        "a.csv:2: date is not a day like 2025-10-19: 2.1.24; write it so",
    ]
    assert [(d.text, d.url, d.date) for d in reading.documents] == [("Yes.", "", "")]


@pytest.mark.parametrize(
    ("columns", "named"), [("tags,tags", "tags: tags, tags"), ("Topic,tags", "tags: Topic, tags")]
)
def test_two_columns_of_one_field_are_a_problem_and_the_rows_are_read(
    columns: str, named: str
) -> None:
    reading = read("a.csv", f"q,a,{columns}\nOpen?,Yes.,x,y\n")
    assert problems(reading) == [f"a.csv:1: more than one column for {named}; rename all but one"]
    assert [(d.text, d.tags) for d in reading.documents] == [("Yes.", ("y",))]


def test_a_column_that_no_entry_has_a_use_for_is_left_alone() -> None:
    reading = read("a.csv", "q,a,kind,title,headline\nOpen?,Yes.,shop,x,y\n")
    assert (problems(reading), entries(reading)) == ([], [("a.csv:q1", "Open?", "Yes.")])
