import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from index.errors import UngroundedError
from qa.answer import Answer, Citation, Quote, Suggestion

GOLDEN = Path(__file__).with_name("golden_answer.json")
# The wire form as docs/architecture.md promises it; more fields may join, none may leave.
PROMISED = {
    "id", "question", "answering", "status", "text", "quotes", "citations", "disagreements",
    "choices", "nearest", "confidence", "generation", "took_ms",
}  # fmt: skip

LENGTH = Quote("It is 248 km long.", "zone:p1", 0, 18, citation=1)
OTHER_LENGTH = Quote("250 km | 4 km", "table:p2", 7, 20, citation=2)
ZONE = Citation(
    number=1,
    passage="zone:p1",
    document="zone",
    kind="article",
    title="The zone",
    publisher="The Gazette",
    date="2025-10-19",
    url="https://gazette.example/zone",
    link="https://gazette.example/zone#size:~:text=It%20is%20248%20km%20long.",
    source="articles/zone.md",
    headings=("The zone", "Size"),
    header="",
    context="It is 248 km long. Nobody lives there.",
)
TABLE = Citation(
    number=2,
    passage="table:p2",
    document="table",
    kind="article",
    title="Sizes",
    publisher="",
    date="",
    url="",
    link="/source/table%3Ap2?start=7&end=20#quote",
    source="sizes.csv",
    headings=(),
    header="Place | Length | Width",
    context="Zone | 250 km | 4 km",
)
ANSWERED = Answer(
    id="a1b2c3d4e5f6",
    question="And how long?",
    status="answered",
    quotes=(LENGTH, OTHER_LENGTH),
    citations=(ZONE, TABLE),
    confidence=0.93,
    generation="gen-7",
    built="2026-11-27T09:30:00+00:00",
    took_ms=4.2,
    answering="How long is the zone?",
    disagreements=(
        {
            "about": "length",
            "values": [{"value": "248 km", "quotes": [0]}, {"value": "250 km", "quotes": [1]}],
        },
    ),
    related=(Suggestion("Who guards the zone?", "faq:q2"),),
)
ASKED_BACK = Answer(
    id="b1b2c3d4e5f6",
    question="How long?",
    status="ask_back",
    quotes=(),
    citations=(),
    confidence=0.5,
    generation="gen-7",
    built="2026-11-27T09:30:00+00:00",
    took_ms=3.0,
    choices=(Suggestion("How long is the zone?", "faq:q1"), Suggestion("Über alles?", "faq:q3")),
)
ABSTAINED = Answer(
    id="c1b2c3d4e5f6",
    question="Who won the 1998 World Cup?",
    status="abstained",
    quotes=(),
    citations=(),
    confidence=0.02,
    generation="gen-7",
    built="2026-11-27T09:30:00+00:00",
    took_ms=3.1,
    nearest=(Suggestion("The zone: Size", "zone:p1"),),
    looked_for=("old", "soldier"),
    not_found=("old",),
)


def test_an_answer_needs_a_quote() -> None:
    with pytest.raises(
        UngroundedError, match=r"^an answered question needs a quote; this one has none$"
    ):
        replace(ANSWERED, quotes=(), citations=())


@pytest.mark.parametrize("status", ["abstained", "ask_back"])
def test_what_is_not_answered_quotes_nothing(status: Literal["abstained", "ask_back"]) -> None:
    message = f"^an answer that is {status} quotes and cites nothing$"
    with pytest.raises(UngroundedError, match=message):
        replace(ANSWERED, status=status)


def test_what_is_not_answered_cites_nothing_either() -> None:
    message = "^an answer that is abstained quotes and cites nothing$"
    with pytest.raises(UngroundedError, match=message):
        replace(ABSTAINED, citations=(ZONE,))


def test_a_quote_needs_its_citation() -> None:
    with pytest.raises(UngroundedError, match=r"^quote of table:p2 has no citation 2$"):
        replace(ANSWERED, citations=(ZONE,))


def test_a_quote_needs_the_citation_of_its_own_passage() -> None:
    with pytest.raises(UngroundedError, match=r"^quote of zone:p1 has no citation 2$"):
        replace(ANSWERED, quotes=(replace(LENGTH, citation=2), OTHER_LENGTH))


def test_a_quote_stands_where_it_says_in_what_is_cited() -> None:
    moved = replace(LENGTH, start=1, end=19)
    with pytest.raises(UngroundedError, match=r"^zone:p1 does not hold the quote at 1$"):
        replace(ANSWERED, quotes=(moved, OTHER_LENGTH))


@pytest.mark.parametrize(
    ("text", "start", "end"), [("there.", -6, 38), ("", 0, 0), ("", 99, 5), ("It is 248", 9, 0)]
)
def test_a_quote_is_some_words_and_within_its_passage(text: str, start: int, end: int) -> None:
    odd = replace(LENGTH, text=text, start=start, end=end)
    with pytest.raises(UngroundedError, match=rf"^zone:p1 does not hold the quote at {start}$"):
        replace(ANSWERED, quotes=(odd, OTHER_LENGTH))


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_is_a_probability(confidence: float) -> None:
    with pytest.raises(
        UngroundedError, match=rf"^a confidence is a probability, not {confidence}$"
    ):
        replace(ANSWERED, confidence=confidence)


def test_there_are_three_statuses() -> None:
    with pytest.raises(UngroundedError, match=r"^there is no status 'maybe'$"):
        replace(ANSWERED, status="maybe")  # type: ignore[arg-type]


def test_a_citation_needs_a_quote() -> None:
    with pytest.raises(UngroundedError, match=r"^a citation that no quote uses$"):
        replace(ANSWERED, quotes=(LENGTH,))


def test_two_citations_never_share_a_number() -> None:
    with pytest.raises(UngroundedError, match=r"^two citations share a number$"):
        replace(ANSWERED, citations=(ZONE, replace(TABLE, number=1)))


def test_two_quotes_may_share_a_citation() -> None:
    second = Quote("Nobody lives there.", "zone:p1", 19, 38, citation=1)

    both = replace(ANSWERED, quotes=(LENGTH, second), citations=(ZONE,))

    assert both.text == "It is 248 km long. Nobody lives there."


def test_the_text_is_the_quotes_in_order() -> None:
    assert ANSWERED.text == "It is 248 km long. 250 km | 4 km"
    assert ABSTAINED.text == ""


def test_only_an_answered_question_counts_as_answered() -> None:
    assert [a.answered for a in (ANSWERED, ASKED_BACK, ABSTAINED)] == [True, False, False]


def test_a_label_names_what_is_known_of_a_source() -> None:
    assert ZONE.label == "The zone, The Gazette, 2025-10-19"
    assert TABLE.label == "Sizes"


def test_the_wire_form_is_the_golden_file_to_the_byte() -> None:
    answers = {"answered": ANSWERED, "ask_back": ASKED_BACK, "abstained": ABSTAINED}

    written = json.dumps(
        {name: answer.to_dict() for name, answer in answers.items()}, ensure_ascii=False, indent=2
    )

    assert written + "\n" == GOLDEN.read_text("utf-8")


def test_the_golden_file_holds_every_promised_field() -> None:
    golden = json.loads(GOLDEN.read_text("utf-8"))

    assert all(answer.keys() >= PROMISED for answer in golden.values())
    assert golden["answered"]["quotes"][0] == {
        "text": "It is 248 km long.", "passage": "zone:p1", "start": 0, "end": 18, "citation": 1
    }  # fmt: skip
    assert golden["answered"]["citations"][0].keys() >= {
        "number", "passage", "document", "title", "publisher", "date", "url", "link"
    }  # fmt: skip


def test_the_wire_form_gives_the_answer_back() -> None:
    record: dict[str, Any] = json.loads(json.dumps(ANSWERED.to_dict()))

    assert record.pop("text") == ANSWERED.text
    citations = [{**c, "headings": tuple(c["headings"])} for c in record.pop("citations")]
    parts: dict[str, Any] = {
        "quotes": tuple(Quote(**quote) for quote in record.pop("quotes")),
        "citations": tuple(Citation(**citation) for citation in citations),
        "disagreements": tuple(record.pop("disagreements")),
        "choices": tuple(Suggestion(**one) for one in record.pop("choices")),
        "nearest": tuple(Suggestion(**one) for one in record.pop("nearest")),
        "related": tuple(Suggestion(**one) for one in record.pop("related")),
        "looked_for": tuple(record.pop("looked_for")),
        "not_found": tuple(record.pop("not_found")),
    }
    assert Answer(**record, **parts) == ANSWERED


def test_a_label_names_the_page_of_a_source_that_has_pages() -> None:
    assert ZONE.label == "The zone, The Gazette, 2025-10-19"
    assert replace(ZONE, page=3).label == "The zone, p. 3, The Gazette, 2025-10-19"
