"""Exports of other products, in their own shape, with a library's questions in them."""

import json
from pathlib import Path

import pytest

from index.readers import READERS, Reading, SourceFile
from tests.readers.shape import blocks, entries, problems, read

FILES = Path(__file__).parent / "files"


def read_file(name: str) -> Reading:
    return READERS[Path(name).suffix](SourceFile(name, (FILES / name).read_bytes()))


def test_rows_of_qna_maker_with_one_number_are_one_entry() -> None:
    reading = read_file("qnamaker.tsv")
    hours, card = reading.documents
    assert (hours.id, hours.title) == ("qnamaker.tsv:1", "When is the library open?")
    assert hours.alternates == ("Opening hours",)
    assert blocks(hours) == [
        ("paragraph", "We open at nine."),
        ("item", "On Saturdays at ten"),
        ("item", "On Sundays not at all"),
    ]
    assert (hours.url, hours.publisher) == ("https://library.example/help", "")
    assert (hours.tags, hours.line) == (("hours", "audience:readers"), 2)
    assert (card.text, card.url, card.line) == ('"Nothing", for residents.', "", 4)


def test_what_qna_maker_shows_in_a_dialog_alone_is_left_out_and_named() -> None:
    reading = read_file("qnamaker.tsv")
    assert reading.problems == ()
    assert reading.ignored == (
        "qnamaker.tsv (1 entry: shown only after another answer; set its IsContextOnly to False "
        "to have it read)",
        "qnamaker.tsv (1 entry: small talk, which Citewell has of its own)",
    )


def test_an_export_that_a_spreadsheet_has_saved_reads_the_same() -> None:
    lines = (FILES / "qnamaker.tsv").read_text("utf-8").splitlines()
    saved = [
        "\t".join(f'"{c.replace(chr(34), chr(34) * 2)}"' if '"' in c else c for c in cells)
        for cells in (line.split("\t") for line in lines)
    ]
    reading = read("qnamaker.tsv", "\n".join(saved))
    assert reading == read_file("qnamaker.tsv")


def test_the_oldest_exports_have_four_columns_and_answers_repeat() -> None:
    text = (
        "Question\tAnswer\tSource\tMetadata\nOpen?\tAt nine.\tEditorial\t\n"
        "Card?\tIt is free.\tEditorial\t\nHours?\tAt nine.\tEditorial\n"
    )
    first, second = read("a.tsv", text).documents
    assert (first.id, first.title, first.alternates) == ("a.tsv:q1", "Open?", ("Hours?",))
    assert (second.id, second.text) == ("a.tsv:q2", "It is free.")


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (r"One.\nTwo.", "One. Two."),
        (r"One.\n\nTwo.", "One.\n\nTwo."),
        (r"The folder C:\\new.", r"The folder C:\new."),
        ("Ask <b>us</b>.", "Ask us."),
    ],
)
def test_line_ends_and_markdown_are_read_as_shown(answer: str, shown: str) -> None:
    text = f"Question\tAnswer\tSource\tMetadata\nOpen?\t{answer}\tEditorial\t\n"
    (document,) = read("a.tsv", text).documents
    assert document.text == shown


def test_a_tab_within_a_text_is_named() -> None:
    text = "Question\tAnswer\tSource\tMetadata\nOpen?\tAt\tnine.\tEditorial\t\n"
    assert problems(read("a.tsv", text)) == [
        "a.tsv:2: this row has 5 cells and the header 4; take the tabs out of its texts"
    ]


@pytest.mark.parametrize("name", ["qnamaker-download.json", "question-answering-project.json"])
def test_the_json_of_both_services(name: str) -> None:
    (hours,) = read_file(name).documents
    assert (hours.id, hours.title) == (f"{name}:1", "When is the library open?")
    assert (hours.alternates, hours.text) == (("Opening hours",), "We open at nine.")
    assert (hours.url, hours.tags) == ("https://library.example/help", ("hours",))


def test_a_project_has_a_language_and_synonyms_that_are_named() -> None:
    reading = read_file("question-answering-project.json")
    assert [d.language for d in reading.documents] == ["en"]
    assert reading.ignored == (
        "question-answering-project.json (its synonyms; write them into synonyms.txt, a group a "
        "line)",
    )


def test_an_answer_that_is_no_text_is_a_problem() -> None:
    text = '{"qnaList": [\n{"answer": 5, "questions": ["A?"]}]}'
    assert problems(read("a.json", text)) == ["a.json:2: answer is not text; write it as text"]


def test_entries_of_qnabot_have_their_ids_and_the_answer_for_the_web() -> None:
    hours, card = read_file("qnabot.json").documents
    assert (hours.id, hours.alternates) == ("Hours.001", ("Opening hours",))
    assert blocks(hours) == [("paragraph", "We open at nine."), ("item", "On Saturdays at ten")]
    assert (hours.tags, hours.line) == (("hours",), 3)
    assert (card.id, card.text) == ("Card.001", "A card costs nothing.")


def test_what_qnabot_would_fill_in_is_a_problem() -> None:
    reading = read_file("qnabot.json")
    assert problems(reading) == [
        "qnabot.json:42: this answer has Handlebars ({{…}}), which would be quoted as it stands; "
        "write out what it says or remove the entry",
        "qnabot.json:50: a function (l) may change this answer before it is shown; write out what "
        "it says and empty l, or remove the entry",
    ]
    assert reading.ignored == (
        "qnabot.json (1 entry: of type quiz, not qna)",
        "qnabot.json (1 entry: what QnABot says when it finds nothing)",
    )


def test_a_faq_page_in_a_file_of_its_own() -> None:
    hours, card = read_file("faq-page.jsonld").documents
    assert (hours.id, hours.alternates) == ("faq-page.jsonld:q1", ("Opening hours",))
    assert (hours.text, hours.publisher) == ("We open at nine.", "Town library")
    assert (hours.url, hours.date) == ("https://library.example/faq", "2026-02-03")
    assert (hours.language, card.language) == ("en", "en")
    assert (card.id, card.url) == ("card", "https://library.example/faq#card")
    assert (card.date, card.tags) == ("2026-05-06", ("cards", "prices"))
    assert card.publisher == "Town library"


def test_what_others_wrote_wrong_about_a_question_stops_nothing() -> None:
    question = {
        "@type": "Question",
        "name": "Open?",
        "acceptedAnswer": {"text": "At nine."},
        "identifier": {"value": 1},
        "url": "#open",
        "datePublished": "last week",
    }
    reading = read("a.json", json.dumps({"@type": "FAQPage", "mainEntity": [question]}))
    assert (problems(reading), entries(reading)) == ([], [("a.json:q1", "Open?", "At nine.")])
