"""SQuAD: questions with the paragraph they were asked about."""

import json
from pathlib import Path

from index.documents import Block, Document
from qa.evaluation.case import Case
from tests.evaluation.reading.shape import problems, read

SQUAD = r"""{"version": "v2.0", "data": [
{"title": "The_\u200bFerry", "paragraphs": [
  {"qas": [
    {"id": "f1", "question": "When does it leave?", "is_impossible": false,
     "answers": [{"text": "nine", "answer_start": 21}, {"text": "nine"}, {"text": "at nine"}]},
    {"id": "f2", "question": "Who steers \"it\"?", "is_impossible": true, "answers": [],
     "plausible_answers": [{"text": "nine"}]}
   ],
   "context": "The ferry leaves at nine.\n\"question\": \"Who?\""},
  {"context": " It is blue. ", "qas": [{"id": 3, "question": "Which colour?", "answers": []}]}
]},
{"title": "The_Ferry", "paragraphs": [{"context": "x", "qas": []}]},
{"title": "The_Ferry", "paragraphs": [
  {"context": "It holds 40 cars.", "qas": [
    {"question": "How many cars?", "answers": [{"text": "40"}]}]}
]}]}
"""


def test_each_question_is_a_case_and_each_paragraph_a_document(tmp_path: Path) -> None:
    questions = read(tmp_path, "dev.json", SQUAD)

    assert questions.cases == (
        Case("f1", "When does it leave?", {"The_Ferry::0": 1}, ("nine", "at nine"), True, line=4),
        Case("f2", 'Who steers "it"?', answerable=False, line=6),
        Case("3", "Which colour?", line=10),
        Case("q4", "How many cars?", {"The_Ferry::3": 1}, ("40",), True, line=15),
    )
    first = 'The ferry leaves at nine.\n"question": "Who?"'
    assert questions.documents[0] == Document(
        id="The_Ferry::0",
        kind="article",
        title="The Ferry",
        text=first,
        source="dev.json",
        blocks=(Block("paragraph", 0, len(first)),),
        line=9,
    )
    assert [(d.id, d.text, d.line) for d in questions.documents[1:]] == [
        ("The_Ferry::1", "It is blue.", 10),
        ("The_Ferry::2", "x", 12),
        ("The_Ferry::3", "It holds 40 cars.", 14),
    ]
    assert (questions.name, questions.file, questions.notes) == ("dev", "dev.json", ())


def test_squad_on_one_line_has_every_case_on_it(tmp_path: Path) -> None:
    questions = read(tmp_path, "dev.json", json.dumps(json.loads(SQUAD)))

    assert {case.line for case in questions.cases} == {1}


def test_what_is_wrong_is_told_where_it_stands(tmp_path: Path) -> None:
    broken = r"""{"data": [
1,
{"title": 5, "paragraphs": []},
{"title": "A", "paragraphs": {}},
{"title": "A"},
{"title": "A", "paragraphs": [
  {"context": "", "qas": [{}, {}]},
  {"context": "x"},
  {"context": "x", "qas": [
    {"id": "1", "question": "When?", "is_impossible": true, "answers": [{"text": "9"}]},
    {"id": "1", "question": "Where?"},
    {"id": "2", "question": "", "answers": []},
    {"id": "3", "question": "Who?", "is_impossible": "perhaps"},
    7
  ]}
]}]}
"""
    assert problems(tmp_path, "dev.json", broken) == [
        "dev.json:2: this is a number, not a record; write an object with its fields",
        "dev.json:3: title is a number, not text; write it as text",
        "dev.json:4: paragraphs is an object, not a list; write one",
        "dev.json:5: paragraphs is missing, not a list; write one",
        "dev.json:7: a paragraph without context, 2 questions left out; add its text",
        "dev.json:8: qas is missing, not a list; write one",
        "dev.json:10: this question is labelled not answerable and has an answer; remove one of "
        "the two",
        "dev.json:11: the id '1' stands on line 10 already; give each its own",
        "dev.json:12: no question here; write one or remove the record",
        "dev.json:13: is_impossible is 'perhaps'; write true, false, yes, no, y, n, 1 or 0",
        "dev.json:13: this is a number, not a record; write an object with its fields",
    ]


def test_a_title_that_does_not_print_still_gives_an_id(tmp_path: Path) -> None:
    data = {"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "1", "question": "y?"}]}]}]}

    (document,) = read(tmp_path, "dev.json", json.dumps(data)).documents

    assert (document.id, document.title) == ("::0", "")
