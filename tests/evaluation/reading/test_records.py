"""JSON Lines and JSON: a record is a question with what is expected."""

import json
from pathlib import Path

import pytest

from qa.evaluation.case import Case, Turn
from tests.evaluation.reading.shape import cases, problems, read


def one(folder: Path, **fields: object) -> Case:
    """The case of a record with these fields and a question."""
    record = {"question": "When?"} | fields
    (case,) = cases(folder, "a.jsonl", json.dumps(record))
    return case


def problem(folder: Path, **fields: object) -> str:
    """What is wrong with a record that has these fields and a question."""
    (found,) = problems(folder, "a.jsonl", json.dumps({"question": "When?"} | fields))
    return found.removeprefix("a.jsonl:1: ")


def test_each_line_is_a_case_with_all_its_fields(tmp_path: Path) -> None:
    lines = (
        '{"_id": "7", "text": "How wide?", "relevant_ids": {"a": 2, "b": 1.0, "c": 0, "d": -1}, '
        '"gold_answers": ["4 km", "4 km", " "], "is_impossible": false, "tags": "dmz, width", '
        '"kind": "typo", "like": 6, "history": [{"role": "user", "content": "How long?"}]}\n'
        "\n"
        '{"q": "Parking?", "id": null, "sources": [], "answer": ""}\n'
    )

    first, second = cases(tmp_path, "a.jsonl", lines)

    assert first == Case(
        id="7",
        question="How wide?",
        sources={"a": 2, "b": 1},
        answers=("4 km",),
        answerable=True,
        tags=("dmz", "width"),
        history=(Turn("user", "How long?"),),
        kind="typo",
        like="6",
        line=1,
    )
    assert second == Case(id="q3", question="Parking?", line=3)


@pytest.mark.parametrize("key", ["", "questions", "cases", "data", "samples", "examples"])
def test_json_is_a_list_as_it_is_or_under_a_key(tmp_path: Path, key: str) -> None:
    head = f'{{"version": {{"{key}": [1]}},\n "{key}": ' if key else ""
    items = '[\n{"q": "When?"}, {"q":\n"Where?"},\n\n{"id": 3, "q": "Who?"}]'

    found = cases(tmp_path, "a.json", head + items + ("}" if key else ""))

    first = 3 if key else 2
    assert [(case.id, case.question, case.line) for case in found] == [
        ("q1", "When?", first),
        ("q2", "Where?", first),
        ("3", "Who?", first + 3),
    ]


def test_a_list_of_records_on_one_line_still_gives_them_ids(tmp_path: Path) -> None:
    found = cases(tmp_path, "a.json", '[{"q":"When?"},{"q":"Where?"}]')

    assert [(case.id, case.line) for case in found] == [("q1", 1), ("q2", 1)]


def test_a_text_in_json_is_one_id_whatever_it_holds(tmp_path: Path) -> None:
    assert one(tmp_path, source="a, b | c; d.md").sources == {"a, b | c; d.md": 1}
    assert one(tmp_path, doc_id=[12, "a", "a", None, " "]).sources == {"12": 1, "a": 1}


@pytest.mark.parametrize(
    ("value", "answers"),
    [
        ("9 | 10", ("9 | 10",)),
        ({"text": ["9", "nine"], "answer_start": [1, 2]}, ("9", "nine")),
        ([{"text": "9", "answer_start": 1}, {"text": "nine"}], ("9", "nine")),
        ([9, 9.5], ("9", "9.5")),
        ("at\n nine", ("at nine",)),
        (None, ()),
    ],
)
def test_answers_come_as_a_text_a_list_or_as_in_squad(
    tmp_path: Path, value: object, answers: tuple[str, ...]
) -> None:
    assert one(tmp_path, ground_truth=value).answers == answers


HISTORIES = [
    [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}],
    [{"speaker": "Customer", "text": "Hello"}, {"speaker": "agent", "text": "Hi"}],
    [{"type": "human", "content": "Hello"}, {"type": "ai", "content": "Hi"}],
    [{"role": "human", "text": "Hello"}, {"role": "bot", "text": "Hi"}],
    [
        {"role": "user", "text": "Hello"},
        {"role": "user", "text": ""},
        {"role": "system", "text": "Hi"},
    ],
    ["Hello", "Hi"],
]


@pytest.mark.parametrize("history", HISTORIES)
def test_what_was_said_before_comes_in_many_shapes(tmp_path: Path, history: object) -> None:
    assert one(tmp_path, history=history).history == (
        Turn("user", "Hello"),
        Turn("assistant", "Hi"),
    )


def test_of_a_conversation_the_users_last_turn_is_asked(tmp_path: Path) -> None:
    turns = [("human", "Hello"), ("ai", "Hi"), ("human", "When does it leave?"), ("ai", "At nine.")]
    record = {"user_input": [{"type": who, "content": what} for who, what in turns]}

    (case,) = cases(tmp_path, "a.jsonl", json.dumps(record))

    assert case.question == "When does it leave?"
    assert case.history == (Turn("user", "Hello"), Turn("assistant", "Hi"))


def test_ragas_keeps_what_was_answered_beside_what_is_expected(tmp_path: Path) -> None:
    record = {"user_input": "When?", "response": "At ten.", "reference": "At nine."}
    record |= {"reference_context_ids": ["a"], "retrieved_contexts": ["x"]}  # type: ignore[dict-item]

    questions = read(tmp_path, "a.json", json.dumps([record, record]))

    assert [case.answers for case in questions.cases] == [("At nine.",), ("At nine.",)]
    assert questions.cases[0].sources == {"a": 1}
    assert questions.notes == ("fields not read: response, retrieved_contexts",)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"question": 5}, "question is a number, not text; write it as text"),
        ({"question": ["When?"]}, "question is a list, not text; write it as text"),
        ({"question": "\ud800?"}, "the question holds a broken character; type it again"),
        ({"question": " "}, "no question here; write one or remove the record"),
        ({"q": "Where?"}, "more than one value for question: question, q; remove all but one"),
        ({"id": True}, "id holds true or false, not an id; write it as text"),
        ({"id": 1.5}, "id holds a number, not an id; write it as text"),
        ({"id": "a\tb"}, r"id holds 'a\tb', which does not print as it is; mend it"),
        ({"id": "\udc00"}, "id holds a broken character; write it anew"),
        ({"source": [["a"]]}, "sources holds a list, not an id; write it as text"),
        ({"source": {"a": 0.5}}, "sources has a grade that is no whole number up to 100; mend it"),
        ({"source": {"a": 101}}, "sources has a grade that is no whole number up to 100; mend it"),
        ({"source": {"a": True}}, "sources has a grade that is no whole number up to 100; mend it"),
        ({"answers": [True]}, "answers holds true or false; write it as a text or a list of texts"),
        (
            {"answers": {"a": 1}},
            "answers holds an object; write it as a text or a list of texts",
        ),
        ({"answers": "\udc00"}, "answers holds a broken character; write it anew"),
        ({"answerable": 2}, "answerable is a number; write true, false, yes, no, y, n, 1 or 0"),
        (
            {"answerable": [True]},
            "answerable is a list; write true, false, yes, no, y, n, 1 or 0",
        ),
        (
            {"answerable": True, "unanswerable": "y"},
            "answerable and unanswerable say opposite things; remove one of them",
        ),
        ({"kind": ["typo"]}, "kind is a list, not text; write it as text"),
        (
            {"history": "Hello"},
            "history is a text, not a list of turns; write a list of objects with role (user or "
            "assistant) and content",
        ),
        (
            {"history": ["Hello", {"role": "user", "content": "Hi"}]},
            "history has a text among its turns; write a list of objects with role (user or "
            "assistant) and content",
        ),
        (
            {"history": [{"role": "tool", "content": "{}"}]},
            "history has a turn by 'tool'; write a list of objects with role (user or assistant) "
            "and content",
        ),
        (
            {"history": [{"role": "user", "content": 1}]},
            "turn is a number, not text; write it as text",
        ),
        (
            {"question": [{"type": "ai", "content": "Hi"}]},
            "question is a conversation without a user's turn; add what is asked",
        ),
        (
            {"question": [{"type": "human", "content": "Hi"}], "history": ["Hello"]},
            "question is a conversation and history another; put all turns in one of them",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_names_its_field(
    tmp_path: Path, fields: dict[str, object], reason: str
) -> None:
    assert problem(tmp_path, **fields) == reason


def test_the_spelling_that_holds_a_value_counts(tmp_path: Path) -> None:
    assert one(tmp_path, answers=[], answer=None, reference="At nine.").answers == ("At nine.",)
    assert one(tmp_path, answerable=True, unanswerable="no").answerable is True


def test_a_broken_line_hides_none_of_the_others(tmp_path: Path) -> None:
    lines = '{"q": "When?"\n[1]\n"x"\n{"q": "Where?", "q": "Who?"}\n'

    assert problems(tmp_path, "a.jsonl", lines) == [
        "a.jsonl:1: not JSON: Expecting ',' delimiter at character 14; mend the file there",
        "a.jsonl:2: this is a list, not a record; write an object with its fields",
        "a.jsonl:3: this is a text, not a record; write an object with its fields",
        "a.jsonl:4: an object has 'q' twice; remove one",
    ]


def test_a_problem_in_a_list_has_its_line(tmp_path: Path) -> None:
    items = '{"data": [{"q": "When?"},\n1,\n\n{"answers": "x"}]}'

    assert problems(tmp_path, "a.json", items) == [
        "a.json:2: this is a number, not a record; write an object with its fields",
        "a.json:4: no question here; write one or remove the record",
    ]
