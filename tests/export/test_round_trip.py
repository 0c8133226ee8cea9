"""What goes out comes back: for each format, as much as docs/moving.md promises."""

import json
from dataclasses import replace

from hypothesis import given, settings

from index.documents import Block, Document
from tests.export.made import entries, kinds, there_and_back, words
from tests.readers.shape import read


def placed(documents: list[Document], name: str) -> list[Document]:
    """The documents as they are when a file of another name has them, one a line."""
    return [replace(d, source=name, line=line) for line, d in enumerate(documents, 1)]


def at_edges_bare(block: tuple[str, str]) -> tuple[str, str]:
    """A paragraph or item without white space around its lines, tabs as spaces."""
    kind, text = block
    if kind not in ("paragraph", "item"):
        return block
    lines = [line.strip() for line in text.replace("\t", " ").split("\n")]
    return kind, "\n".join(line for line in lines if line)


def json_lines_hold_all(documents: list[Document]) -> None:
    reading = there_and_back("jsonl", documents)

    assert reading.problems == ()
    assert list(reading.documents) == placed(documents, "export.jsonl")


def a_table_holds_all_of_the_entries(documents: list[Document]) -> None:
    reading = there_and_back("csv", documents)

    assert reading.problems == ()
    back = [replace(document, line=1) for document in reading.documents]
    assert back == [replace(document, source="export.csv", line=1) for document in documents]


def a_faq_page_holds_all_but_white_space(documents: list[Document]) -> None:
    reading = there_and_back("json-ld", documents)

    assert reading.problems == ()
    for back, document in zip(reading.documents, documents, strict=True):
        assert words(back) == words(document)
        same = {"id", "title", "alternates", "publisher", "url", "date", "language", "tags"}
        assert {n: getattr(back, n) for n in same} == {n: getattr(document, n) for n in same}


def qnamaker_holds_questions_and_answers(documents: list[Document]) -> None:
    reading = there_and_back("qnamaker", documents)

    assert reading.problems == ()
    for back, document in zip(reading.documents, documents, strict=True):
        assert (back.title, back.alternates) == (document.title, document.alternates)
        assert kinds(back) == [*map(at_edges_bare, kinds(document))]
        assert (back.url, back.date) == (document.url, document.date)
        assert back.language == document.language


def qnabot_holds_questions_answers_and_ids(documents: list[Document]) -> None:
    documents = [document for document in documents if "{{" not in document.text]
    reading = there_and_back("qnabot", documents)

    assert reading.problems == ()
    for back, document in zip(reading.documents, documents, strict=True):
        assert (back.id, back.title) == (document.id, document.title)
        assert back.alternates == document.alternates
        assert kinds(back) == kinds(document)


HELD = (
    json_lines_hold_all,
    a_table_holds_all_of_the_entries,
    a_faq_page_holds_all_but_white_space,
    qnamaker_holds_questions_and_answers,
    qnabot_holds_questions_answers_and_ids,
)


@settings(max_examples=20)
@given(entries())
def test_any_text_comes_back_as_far_as_the_format_promises(documents: list[Document]) -> None:
    for holds in HELD:
        holds(documents)


def test_a_table_keeps_the_pages_that_citations_name() -> None:
    entry = Document(
        *("a", "faq", "When?", "At nine.\n\nAt ten.", "guide.pdf"),
        (Block("paragraph", 0, 8, page=2), Block("paragraph", 10, 17, 0, "ten", 3)),
    )

    (back,) = there_and_back("csv", [entry]).documents

    assert back.blocks == entry.blocks


def test_a_table_written_before_blocks_had_pages_is_read() -> None:
    blocks = json.dumps([["heading", 0, 5, 3, "h"], ["item", 6, 14]]).replace('"', '""')
    (document,) = read(
        "a.csv", f'question,answer,citewell\nWhen?,"Hours\nAt nine.","{blocks}"\n'
    ).documents

    assert document.blocks == (Block("heading", 0, 5, 3, "h"), Block("item", 7, 15))


def test_what_a_page_says_once_for_all_its_entries() -> None:
    (document,) = read(
        "a.csv", "q,a,publisher,lang,date,tags\nA?,B.,Shop,en,2025,x|y:z\n"
    ).documents

    (back,) = there_and_back("markdown", [document]).documents
    (sold,) = there_and_back("qnamaker", [document]).documents

    for found in (back, sold):
        assert (found.publisher, found.language, found.date) == ("Shop", "en", "2025")
    assert sorted(sold.tags) == ["x", "y:z"]


def test_a_heading_within_an_answer_is_no_question_in_markdown() -> None:
    (first,) = read("a.md", "## A?\n\nB.\n\n### C\n\nD.\n").documents

    (back,) = there_and_back("markdown", [first]).documents

    assert kinds(back) == [("paragraph", "B."), ("paragraph", "C"), ("paragraph", "D.")]
