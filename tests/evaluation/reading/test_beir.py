"""BEIR: a folder with queries, a corpus and what in it answers them."""

from pathlib import Path

import pytest

from index.documents import Block, Document
from qa.evaluation.case import Case, QuestionSet, Turn
from qa.evaluation.reading import read_questions
from tests.evaluation.reading.shape import Files, said, write

QUERIES = '{"_id": "1", "text": "When?"}\n{"_id": "2", "text": "Who?"}\n'
CORPUS = '{"_id": "a", "text": "At nine."}\n{"_id": "b", "title": "", "text": "Ann."}\n'
QRELS = "query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb\t0\n2\tb\t1\n2\ta\t-1\n"
SET: dict[str, str | bytes] = {
    "queries.jsonl": QUERIES,
    "corpus.jsonl": CORPUS,
    "qrels.tsv": QRELS,
}


def beir(folder: Path, files: Files) -> QuestionSet:
    """What a folder with these files gives, read without a problem."""
    write(folder, files)
    questions, problems = read_questions(folder)
    assert problems == ()
    return questions


def test_every_query_is_a_case_with_the_documents_that_answer_it(tmp_path: Path) -> None:
    questions = beir(tmp_path / "ferry", SET)

    assert questions.cases == (
        Case("1", "When?", {"a": 2}, line=1),
        Case("2", "Who?", {"b": 1}, line=2),
    )
    assert questions.documents == (
        Document("a", "article", "", "At nine.", "corpus.jsonl", (Block("paragraph", 0, 8),)),
        Document("b", "article", "", "Ann.", "corpus.jsonl", (Block("paragraph", 0, 4),), line=2),
    )
    assert (questions.name, questions.file) == ("ferry", "queries.jsonl")
    assert questions.notes == ()


def test_a_query_may_say_more(tmp_path: Path) -> None:
    query = (
        '{"_id": 1, "text": "When?", "query": "x", "metadata": {}, "answers": ["nine"], '
        '"answerable": true, "history": ["Hello", "Hi"], "tags": ["time"], "source": "nq"}\n'
    )

    questions = beir(tmp_path, SET | {"queries.jsonl": query + '{"_id": "2", "text": "Who?"}\n'})

    assert questions.cases[0] == Case(
        id="1",
        question="When?",
        sources={"a": 2},
        answers=("nine",),
        answerable=True,
        tags=("time",),
        history=(Turn("user", "Hello"), Turn("assistant", "Hi")),
        line=1,
    )
    assert questions.notes == ("queries.jsonl: fields not read: source",)


@pytest.mark.parametrize(
    ("record", "kind", "text"),
    [
        ('"title": " When  does it leave? ", "text": " At nine.\\n\\nOr ten. "', "faq", None),
        ('"title": "いつ？", "text": "At nine.\\n\\nOr ten."', "faq", None),
        ('"title": "متى؟", "text": "At nine.\\n\\nOr ten."', "faq", None),
        ('"title": "Hours", "text": "At nine.\\n\\nOr ten."', "article", None),
        ('"title": null, "text": "At nine.\\n\\nOr ten."', "article", None),
        ('"title": "Opening hours", "text": ""', "faq", "Opening hours"),
        ('"title": "Opening hours"', "faq", "Opening hours"),
    ],
)
def test_a_title_that_asks_makes_an_faq(
    tmp_path: Path, record: str, kind: str, text: str | None
) -> None:
    corpus = '{"_id": "a", ' + record + '}\n{"_id": "b", "text": "x"}\n'

    document = beir(tmp_path, SET | {"corpus.jsonl": corpus}).documents[0]

    assert (document.kind, document.text) == (kind, text or "At nine.\n\nOr ten.")


def test_a_document_has_publisher_link_and_date(tmp_path: Path) -> None:
    corpus = (
        '{"_id": "a", "text": "x", "url": "\\nhttps://s.example", "source": "Shop", '
        '"last_update": "2020/03/27"}\n'
        '{"_id": "b", "text": "y", "url": "s.example", "source": ["x"], "date": "soon"}\n'
    )

    questions = beir(tmp_path, SET | {"corpus.jsonl": corpus})

    assert [(d.publisher, d.url, d.date) for d in questions.documents] == [
        ("Shop", "https://s.example", "2020-03-27"),
        ("", "", ""),
    ]
    assert questions.notes == (
        "corpus.jsonl: urls, dates, sources not read: 3, the first on line 2, source is a list, "
        "not text; write it as text",
    )


@pytest.mark.parametrize(
    ("names", "read", "notes"),
    [
        (["train", "test", "dev"], "test", ("qrels not read: qrels/dev.tsv, qrels/train.tsv",)),
        (["train", "dev"], "dev", ("qrels not read: qrels/train.tsv",)),
        (["train"], "train", ()),
        ([], None, ("no qrels.tsv and no qrels/*.tsv: no source is labelled",)),
    ],
)
def test_the_split_to_test_with_is_chosen(
    tmp_path: Path, names: list[str], read: str | None, notes: tuple[str, ...]
) -> None:
    files: Files = {f"qrels/{name}.tsv": "9\t9\t1\n" if name != read else QRELS for name in names}

    questions = beir(tmp_path, {"queries.jsonl": QUERIES, "corpus.jsonl": CORPUS} | dict(files))

    assert [dict(case.sources) for case in questions.cases] == (
        [{"a": 2}, {"b": 1}] if read else [{}, {}]
    )
    assert questions.notes == notes


def test_the_qrels_beside_the_corpus_go_before_those_of_splits(tmp_path: Path) -> None:
    questions = beir(tmp_path, SET | {"qrels/test.tsv": "9\t9\t1\n", "qrels/.x.tsv": ""})

    assert questions.notes == ("qrels not read: qrels/test.tsv",)


def test_other_splits_are_chosen_by_name(tmp_path: Path) -> None:
    write(tmp_path, SET | {"qrels/a.tsv": "1\ta\t1\n", "qrels/b.tsv": "2\ta\t1\n"})
    (tmp_path / "qrels.tsv").unlink()

    assert said(tmp_path) == (
        f"{tmp_path}: holds qrels/a.tsv, qrels/b.tsv; name the one to read with --qrels",
        [],
    )
    questions, _ = read_questions(tmp_path, tmp_path / "qrels" / "b.tsv")
    assert [dict(case.sources) for case in questions.cases] == [{}, {"a": 1}]


def test_what_is_wrong_in_any_of_the_files_is_told(tmp_path: Path) -> None:
    corpus = (
        '{"_id": "a", "text": "x"}\n{"_id": "a", "text": "y"}\n{"text": "z"}\n'
        '{"_id": "e", "title": " ", "text": ""}\n{"_id": "u\\u200b", "text": "x"}\n'
        '{"_id": "h", "text": "\\ud800"}\n\n{"_id": "l", "text": ["x"]}\n[]\n{"_id"\n'
    )
    queries = (
        '{"_id": "1", "text": "When?"}\n{"_id": "1", "text": "Who?"}\n{"text": "Why?"}\n'
        '{"_id": "2", "text": ""}\n7\n'
    )
    qrels = "1\ta\t1\n1\te\t1\n2\ta\t1\n3\ta\t1\n1\tb\t1\n1\ta\t2\n1\ta\t1\n"
    write(tmp_path, {"corpus.jsonl": corpus, "queries.jsonl": queries, "qrels/test.tsv": qrels})

    assert said(tmp_path)[1] == [
        "corpus.jsonl:2: the id 'a' stands on line 1 already; give each its own",
        "corpus.jsonl:3: no _id here; give the document one",
        "corpus.jsonl:4: this document is empty; write its text or remove it",
        r"corpus.jsonl:5: _id holds 'u\u200b', which does not print as it is; mend it",
        "corpus.jsonl:6: text holds a broken character; write it anew",
        "corpus.jsonl:8: text is a list, not text; write it as text",
        "corpus.jsonl:9: this is a list, not a record; write an object with its fields",
        "corpus.jsonl:10: not JSON: Expecting ':' delimiter at character 7; mend the file there",
        "queries.jsonl:2: the id '1' stands on line 1 already; give each its own",
        "queries.jsonl:3: no id here; give the question one",
        "queries.jsonl:4: no question here; write one or remove the record",
        "queries.jsonl:5: this is a number, not a record; write an object with its fields",
        "qrels/test.tsv:4: no question has the id '3'; mend it or remove the row",
        "qrels/test.tsv:5: no document has the id 'b'; mend it or remove the row",
        "qrels/test.tsv:6: 1 and a have grade 1 above and 2 here; remove one",
    ]

    questions, problems = read_questions(tmp_path, skip_errors=True)

    assert questions.cases == (Case("1", "When?", {"a": 1}, line=1),)
    assert [document.id for document in questions.documents] == ["a"]
    assert len(problems) == 15
