"""JSON and JSON Lines: a record is an entry."""

import json

import pytest

from tests.readers.shape import entries, problems, read


def test_a_list_of_records_is_read_with_its_lines() -> None:
    text = '[{"question": "A?", "answer": "One."},\n\n {"q": "B?", "a": 2, "id": 7}]'
    reading = read("a.json", text)
    assert entries(reading) == [("a.json:q1", "A?", "One."), ("7", "B?", "2")]
    assert [d.line for d in reading.documents] == [1, 3]


@pytest.mark.parametrize("key", ["faqs", "entries", "questions", "data"])
def test_the_list_may_have_a_name(key: str) -> None:
    (document,) = read("a.json", f'{{"{key}":\n[\n{{"q": "A?", "a": "One."}}]}}').documents
    assert (document.title, document.line) == ("A?", 3)


def test_one_record_alone_is_an_entry() -> None:
    assert entries(read("a.json", '{"q": "A?", "a": "One."}')) == [("a.json:q1", "A?", "One.")]


def test_an_faq_page_is_read_as_on_a_web_page() -> None:
    question = {"@type": "Question", "name": "A?", "acceptedAnswer": {"text": "<b>One</b>."}}
    page = {"@type": ["FAQPage"], "mainEntity": question}
    assert entries(read("a.json", json.dumps(page))) == [("a.json:q1", "A?", "One.")]
    assert entries(read("a.json", json.dumps([page]))) == [("a.json:q1", "A?", "One.")]


def test_lists_of_wordings_and_tags() -> None:
    record = {"q": "A?", "a": "One.", "aliases": ["B?", "A?", "B?"], "tags": ["x | y", "z"]}
    (document,) = read("a.json", json.dumps([record])).documents
    assert (document.alternates, document.tags) == (("B?",), ("x | y", "z"))


def test_lines_are_read_each_for_itself() -> None:
    reading = read("a.jsonl", '{"q": "A?", "a": "One."}\n\n{bad\n{"q": "B?", "a": "Two."}\n')
    assert problems(reading) == [
        "a.jsonl:3: not JSON: Expecting property name enclosed in double quotes at character 2; "
        "mend the file there"
    ]
    assert [(d.title, d.line) for d in reading.documents] == [("A?", 1), ("B?", 4)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[\n{"q": }]', "a.json:2: not JSON: Expecting value at character 7; mend the file there"),
        (
            "[" * 100_000,
            "a.json:1: nests too deep; write a list of records with question and answer",
        ),
        ("1" * 5_000, "a.json:1: a number has too many digits; write it as text"),
        ("[5]", "a.json:1: this is a number, not a record; write its question and answer"),
        ('[{"q": ["A?"], "a": "b"}]', "a.json:1: question is not text; write it as text"),
        ('[{"q": "A?", "a": {}}]', "a.json:1: answer is not text; write it as text"),
        ('[{"a": "b"}]', "a.json:1: this entry has no question; add one or remove the entry"),
        ('[{"q": "A?"}]', "a.json:1: this question has no answer; add one or remove the entry"),
    ],
)
def test_what_is_no_record_is_a_problem(text: str, message: str) -> None:
    reading = read("a.json", text)
    assert (problems(reading), reading.documents) == ([message], ())


def test_fields_of_the_wrong_kind_are_left_out_and_the_entry_read() -> None:
    reading = read("a.json", '[{"q": "A?", "a": "One.", "tags": [["x"], "y"], "url": true}]')
    assert problems(reading) == [
        "a.json:1: url is yes or no, not text; write it as text",
        "a.json:1: tags is not text or a list of texts; write it as one of them",
    ]
    assert [d.tags for d in reading.documents] == [("y",)]


def test_half_a_character_becomes_a_replacement() -> None:
    (document,) = read(
        "a.json", r'[{"q": "A?", "a": "x\ud800y", "id": "a\u0007\ue000b"}]'
    ).documents
    assert (document.text, document.id) == ("x\ufffdy", "a_b")
