import json

import pytest
from hypothesis import given

from index.documents import Block, Document
from tests.index.texts import DOCUMENTS, article, faq


def written(text: str, *spans: tuple[int, int]) -> Document:
    blocks = tuple(Block("paragraph", start, end) for start, end in spans)
    return Document("d", "article", "T", text, "d.md", blocks)


def test_blocks_cover_all_text_but_white_space() -> None:
    assert [
        written("One.\n\nTwo. ", (0, 4), (6, 10)).text[b.start : b.end]
        for b in (Block("paragraph", 0, 4), Block("paragraph", 6, 10))
    ] == ["One.", "Two."]


@pytest.mark.parametrize(
    ("spans", "complaint"),
    [
        ([(0, 4), (3, 10)], r"d: block 3:10 overlaps or is empty"),
        ([(6, 10), (0, 4)], r"d: text before 6 stands in no block"),
        ([(0, 4), (6, 6)], r"d: block 6:6 overlaps or is empty"),
        ([(0, 4), (6, 11)], r"d: block 6:11 overlaps or is empty"),
        ([(-1, 4), (6, 10)], r"d: block -1:4 overlaps or is empty"),
        ([(0, 3), (6, 10)], r"d: text before 6 stands in no block"),
        ([(0, 4), (6, 9)], r"d: text after 9 stands in no block"),
        ([], r"d: text after 0 stands in no block"),
    ],
)
def test_blocks_that_leave_text_out_or_overlap_are_refused(
    spans: list[tuple[int, int]], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        written("One.\n\nTwo.", *spans)


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000\u00a0"])
def test_a_document_without_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="d: a document has text"):
        written(text)


@pytest.mark.parametrize("id_", ["", "two\nlines", "bell\a"])
def test_an_id_is_printable(id_: str) -> None:
    with pytest.raises(ValueError, match="a document's id is printable text, not "):
        article(("paragraph", "One."), id=id_)


def test_a_document_is_an_faq_or_an_article() -> None:
    with pytest.raises(ValueError, match="a document is an faq or an article, not 'page'"):
        Document("d", "page", "T", "One.", "d.md", (Block("paragraph", 0, 4),))  # type: ignore[arg-type]


def test_an_faq_entry_is_asked_by_its_question_and_the_alternates() -> None:
    entry = faq("How long?", "Two km.", alternates=("What length?", "How far?"))
    assert entry.questions == ("How long?", "What length?", "How far?")
    assert article(("paragraph", "Two km."), alternates=("How far?",)).questions == ()


def test_a_record_gives_the_document_back() -> None:
    whole = article(
        ("heading", "Part", 2),
        ("paragraph", "One."),
        alternates=("Eins",),
        publisher="P",
        url="https://example.org/",
        date="2025-10-19",
        language="en",
        tags=("a", "b"),
        line=7,
    )
    assert Document.from_dict(json.loads(json.dumps(whole.to_dict()))) == whole


@given(DOCUMENTS)
def test_any_document_survives_its_record(any_document: Document) -> None:
    assert Document.from_dict(json.loads(json.dumps(any_document.to_dict()))) == any_document


def test_a_place_is_on_the_page_of_its_block() -> None:
    text = "One.\n\nTwo."
    blocks = (Block("paragraph", 0, 4, page=3), Block("paragraph", 6, 10, page=4))
    document = Document("d", "article", "T", text, "d.pdf", blocks)

    assert [document.page_at(place) for place in (0, 5, 6, 9)] == [3, 3, 4, 4]
    assert Document.from_dict(json.loads(json.dumps(document.to_dict()))) == document
    assert written("One.", (0, 4)).page_at(0) == 0
