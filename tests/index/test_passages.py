import json
from dataclasses import asdict

import pytest
from hypothesis import given

from index import passages as module
from index.documents import Document
from index.passages import Passage, split
from tests.index.texts import DOCUMENTS, article, faq

LONG = "A paragraph of more than one hundred and twenty characters stands alone, for it says by "
LONG += "itself what it is about, and it needs none."
WORDY = "Word " * 79 + "end."  # 399 characters


@pytest.fixture
def thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passage of an article holds 1,000 characters, whatever measurements choose."""
    monkeypatch.setattr(module, "MAX_CHARS", 1_000)


def texts(document: Document) -> list[str]:
    return [passage.text for passage in split(document)]


def said(document: Document) -> list[list[str]]:
    """The sentences of each passage."""
    return [[p.sentence(n) for n in range(len(p.sentences))] for p in split(document)]


def test_an_answer_is_never_parted_from_its_question() -> None:
    entry = faq("How long?", "Two km. About.", " ".join([WORDY] * 5), "Fine.", id="faq:1")
    (only,) = split(entry)
    assert (only.id, only.document_id, only.text) == ("faq:1", "faq:1", entry.text)
    assert said(entry) == [["Two km.", "About.", *[WORDY] * 5, "Fine."]]
    assert only.encoded_text == f"How long?\n{entry.text}"


def test_an_article_gives_one_passage_a_paragraph() -> None:
    first, second = split(article(("paragraph", LONG), ("paragraph", f"{LONG} More.")))
    assert (first.id, first.start, first.end, first.text) == ("d:p1", 0, 131, LONG)
    assert (second.id, second.start, second.end, second.text) == ("d:p2", 133, 270, f"{LONG} More.")
    assert first.sentences == ((0, 131),)
    assert second.sentences == ((0, 131), (132, 137))


def test_the_path_of_headings_leads_to_a_passage() -> None:
    page = article(
        ("paragraph", "Before."),
        ("heading", "Trip", 1),
        ("heading", "By train", 2),
        ("paragraph", "Go."),
        ("heading", "Seats", 3),
        ("paragraph", "Sit."),
        ("heading", "By bus", 2),
        ("paragraph", "Wait."),
    )
    assert [(p.text, p.headings) for p in split(page)] == [
        ("Before.", ()),
        ("Go.", ("Trip", "By train")),
        ("Sit.", ("Trip", "By train", "Seats")),
        ("Wait.", ("Trip", "By bus")),
    ]
    assert split(page)[1].encoded_text == "T\nTrip\nBy train\nGo."


def test_a_heading_that_repeats_the_title_is_left_out_of_the_path() -> None:
    page = article(("heading", "T", 1), ("heading", "By bus", 2), ("paragraph", "Wait."))
    assert [(p.headings, p.encoded_text) for p in split(page)] == [
        (("By bus",), "T\nBy bus\nWait.")
    ]


def test_the_nearest_heading_with_an_anchor_gives_the_passage_its_own() -> None:
    page = article(("heading", "A", 1), ("heading", "B", 2), ("paragraph", "Go."))
    blocks = [asdict(block) for block in page.blocks]
    blocks[0]["anchor"] = "a"
    assert split(Document.from_dict(page.to_dict() | {"blocks": blocks}))[0].anchor == "a"
    blocks[1]["anchor"] = "b"
    assert split(Document.from_dict(page.to_dict() | {"blocks": blocks}))[0].anchor == "b"


def test_short_paragraphs_join_under_one_heading() -> None:
    assert texts(article(("paragraph", "One."), ("paragraph", LONG), ("paragraph", LONG))) == [
        f"One.\n\n{LONG}",
        LONG,
    ]
    assert texts(article(("paragraph", "One."), ("heading", "B", 2), ("paragraph", "Two."))) == [
        "One.",
        "Two.",
    ]


def test_a_heading_parts_passages_even_where_it_repeats() -> None:
    page = article(
        ("heading", "Part", 2),
        ("paragraph", "One."),
        ("heading", "Part", 2),
        ("paragraph", "Two."),
    )
    assert texts(page) == ["One.", "Two."]


def test_items_of_a_list_join_and_stay_sentences_of_their_own() -> None:
    page = article(("paragraph", "Bring"), ("item", "a hat"), ("item", "two shoes"), gap="\n")
    assert texts(page) == ["Bring\na hat\ntwo shoes"]
    assert said(page) == [["Bring", "a hat", "two shoes"]]


@pytest.mark.usefixtures("thousand")
def test_a_long_paragraph_parts_between_sentences() -> None:
    page = article(("paragraph", " ".join([WORDY] * 3)))  # 399 + 1 + 399 fit in 1,000
    assert texts(page) == [f"{WORDY} {WORDY}", WORDY]
    assert [(p.start, p.end) for p in split(page)] == [(0, 799), (800, 1199)]
    assert said(page) == [[WORDY, WORDY], [WORDY]]


@pytest.mark.usefixtures("thousand")
def test_a_run_on_sentence_parts_at_white_space() -> None:
    assert texts(article(("paragraph", "word " * 499 + "word"))) == [
        "word " * 199 + "word",
        "word " * 199 + "word",
        "word " * 99 + "word",
    ]


@pytest.mark.usefixtures("thousand")
def test_a_run_on_without_spaces_parts_anywhere() -> None:
    assert texts(article(("paragraph", "字" * 2500))) == ["字" * 1000, "字" * 1000, "字" * 500]


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\u3000"])
def test_a_wide_gap_in_a_paragraph_is_part_of_no_sentence(space: str) -> None:
    page = article(("paragraph", f"left{space * 3000}right"))
    assert texts(page) == ["left", "right"]


def test_a_table_gives_one_passage_a_row_each_with_the_names_of_the_columns() -> None:
    page = article(
        ("paragraph", "Fares:"),
        ("header", "City | Fare"),
        ("row", "Rome | 9. Or so."),
        ("row", "Oslo | 7"),
        ("paragraph", "All in euros."),
    )
    assert [(p.text, p.header, p.encoded_text) for p in split(page)] == [
        ("Fares:", "", "T\nFares:"),
        ("Rome | 9. Or so.", "City | Fare", "T\nCity | Fare\nRome | 9. Or so."),
        ("Oslo | 7", "City | Fare", "T\nCity | Fare\nOslo | 7"),
        ("All in euros.", "", "T\nAll in euros."),
    ]
    assert said(page)[1] == ["Rome | 9. Or so."]


def test_columns_name_the_rows_of_their_own_table_only() -> None:
    page = article(
        ("header", "City | Fare"),
        ("row", "Rome | 9"),
        ("paragraph", "Without names of columns:"),
        ("row", "Oslo | 7"),
    )
    assert [(p.text, p.header) for p in split(page)] == [
        ("Rome | 9", "City | Fare"),
        ("Without names of columns:\n\nOslo | 7", ""),
    ]


def test_a_document_of_headings_alone_has_no_passage() -> None:
    assert split(article(("heading", "A", 1), ("heading", "B", 2))) == ()


def test_a_record_gives_the_passage_back() -> None:
    passage = split(article(("heading", "A", 1), ("paragraph", "One. Two.")))[0]
    assert Passage.from_dict(json.loads(json.dumps(asdict(passage)))) == passage


def test_a_passage_fits_its_text() -> None:
    with pytest.raises(ValueError, match="passage p: 0:5 does not fit its text"):
        Passage("p", "d", 0, 5, "four", (), "T")
    with pytest.raises(ValueError, match="passage p: 0:2 does not fit its text"):
        Passage("p", "d", 0, 2, "  ", (), "T")
    with pytest.raises(ValueError, match="passage p: a sentence lies outside of its text"):
        Passage("p", "d", 0, 4, "four", ((0, 5),), "T")


@given(DOCUMENTS)
def test_every_character_but_headings_and_columns_is_in_one_passage(document: Document) -> None:
    passages = split(document)
    held = [0] * len(document.text)
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        for place in range(passage.start, passage.end):
            held[place] += 1
    kinds = ("heading", "header") if document.kind == "article" else ()
    for block in document.blocks:
        for place in range(block.start, block.end):
            if not document.text[place].isspace():
                assert held[place] == (block.kind not in kinds)
    assert len({passage.id for passage in passages}) == len(passages)


@given(DOCUMENTS)
def test_sentences_hold_all_of_a_passage_in_order(document: Document) -> None:
    for passage in split(document):
        end = 0
        for start, stop in passage.sentences:
            assert not passage.text[end:start].strip()
            assert passage.text[start:stop].strip()
            end = stop
        assert end == len(passage.text)
