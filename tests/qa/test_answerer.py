from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from index.documents import Block, Document
from index.errors import QuestionError, UngroundedError
from index.knowledge import Knowledge
from index.stores import Stores
from qa.answer import Answer, Citation, Quote, Suggestion
from qa.answerer import Answerer
from qa.confidence import judged
from qa.retriever import Retriever
from tests.keyword_encoder import KeywordEncoder

from .corpus import article, faq, knowledge

ENCODER = KeywordEncoder("ferry", "boat", "tide", "fog", "gull", "whale", "rocks")
FERRY = faq(
    "faq:1",
    "When does the ferry leave?",
    "The ferry leaves at nine.",
    "What time is the ferry boat?",
)
LATE = faq("faq:2", "Is the ferry late in fog?", "In fog it waits.")
TIDES = article(
    "tides",
    "Tides",
    "Rocks lie here. The tide turns at noon.",
    publisher="The Gazette",
    date="2025-10-19",
    url="https://gazette.example/tides",
)
DOCUMENTS = (FERRY, LATE, TIDES)


@pytest.fixture
def answerer() -> Answerer:
    return Answerer(knowledge(ENCODER, *DOCUMENTS), ENCODER)


def lasting(answer: Answer) -> dict[str, Any]:
    """The wire form without what differs from call to call."""
    fields = answer.to_dict()
    del fields["id"], fields["took_ms"]
    return fields


def test_an_answer_is_quoted_and_cited(answerer: Answerer) -> None:
    answer = answerer.answer("When does the tide turn?")

    text = "The tide turns at noon."
    assert answer.status == "answered"
    assert answer.text == text
    assert answer.quotes == (Quote(text, "tides:p1", 16, 39, citation=1),)
    assert answer.citations == (
        Citation(
            number=1,
            passage="tides:p1",
            document="tides",
            kind="article",
            title="Tides",
            publisher="The Gazette",
            date="2025-10-19",
            url="https://gazette.example/tides",
            link="https://gazette.example/tides#:~:text=The%20tide%20turns%20at%20noon.",
            source="tides.md",
            headings=(),
            header="",
            context="Rocks lie here. The tide turns at noon.",
        ),
    )
    assert (answer.nearest, answer.choices, answer.answering) == ((), (), None)


def test_an_entry_without_an_address_is_cited_by_our_own_view_of_it(answerer: Answerer) -> None:
    answer = answerer.answer("When does the ferry leave?")

    assert answer.quotes == (Quote("The ferry leaves at nine.", "faq:1", 0, 25, citation=1),)
    (citation,) = answer.citations
    assert (citation.kind, citation.title) == ("faq", "When does the ferry leave?")
    assert citation.link == "/source/faq%3A1?start=0&end=25#quote"


def test_another_wording_of_a_question_is_answered_by_its_entry(answerer: Answerer) -> None:
    assert answerer.answer("What time is the ferry boat?").text == "The ferry leaves at nine."


def test_an_unknown_question_is_abstained_from_and_cites_nothing(answerer: Answerer) -> None:
    answer = answerer.answer("Who won the 1998 World Cup?")

    assert (answer.status, answer.text) == ("abstained", "")
    assert (answer.quotes, answer.citations) == ((), ())
    assert (answer.nearest, answer.related, answer.choices) == ((), (), ())
    assert answer.looked_for == ("won", "1998", "World", "Cup")
    assert answer.not_found == answer.looked_for


def test_an_abstention_offers_what_comes_nearest(answerer: Answerer) -> None:
    # Its cosine with each sentence on tide, rocks and fog is 1 / √6, with the ferry's 0.
    answer = answerer.answer("tide rocks fog gull whale boat")

    assert answer.status == "abstained"
    assert answer.nearest == (
        Suggestion("Tides", "tides:p1"), Suggestion("Is the ferry late in fog?", "faq:2")
    )  # fmt: skip


def test_related_entries_leave_out_the_one_that_is_quoted(answerer: Answerer) -> None:
    answer = answerer.answer("When does the ferry leave?")

    assert [quote.passage for quote in answer.quotes] == ["faq:1"]
    assert answer.related == (Suggestion("Is the ferry late in fog?", "faq:2"),)


def test_the_question_stands_in_the_answer_as_it_was_read(answerer: Answerer) -> None:
    answer = answerer.answer("  When does\tthe \u202etide turn?\0" + " " * 9_000)

    assert answer.question == "When does the tide turn?"
    assert lasting(answer) == lasting(answerer.answer("When does the tide turn?"))


@pytest.mark.parametrize("said", ["How long?", {"user": "How long?"}, {"role": "user"}])
def test_a_turn_that_is_none_is_turned_down(answerer: Answerer, said: Any) -> None:
    turn = {"role": "user", "content": "When does the ferry leave?"}

    with pytest.raises(QuestionError, match=r"^turn 2 of the history is .*; a turn is a role"):
        answerer.answer("And the tide?", [turn, said])


def test_what_is_no_text_is_no_question(answerer: Answerer) -> None:
    nothing: Any = None
    with pytest.raises(QuestionError, match=r"^a question is text, not NoneType$"):
        answerer.answer(nothing)


def test_no_quote_at_all_cannot_be_asked_for(answerer: Answerer) -> None:
    with pytest.raises(ValueError, match=r"^k, the most passages to quote, is at least 1, not 0$"):
        answerer.answer("When does the ferry leave?", k=0)


def test_an_empty_question_is_turned_down(answerer: Answerer) -> None:
    with pytest.raises(QuestionError, match=r"^the question is empty; type one$"):
        answerer.answer(" \u200b ")


def test_every_answer_has_an_id_of_its_own(answerer: Answerer) -> None:
    ids = {answerer.answer("tide").id for _ in range(50)}

    assert len(ids) == 50
    assert {len(id_) for id_ in ids} == {12}


def test_an_answer_comes_with_its_hits_and_the_confidence_in_each(answerer: Answerer) -> None:
    explained = answerer.explain("When does the tide turn?")

    known = answerer.knowledge
    hits = Retriever(known, ENCODER).retrieve("When does the tide turn?")
    assert explained.hits == hits
    assert explained.confidences == judged(explained.answer.question, hits)
    assert explained.answer.confidence == round(max(explained.confidences), 4)


def altered(**changes: Any) -> Knowledge:
    """The knowledge base with its last passage, of `TIDES`, not as its document has it."""
    known = knowledge(ENCODER, *DOCUMENTS)
    passages = [*known.passages[:-1], replace(known.passages[-1], **changes)]
    stores = Stores(
        known.passage_store,
        known.question_store,
        known.sentence_store,
        {"sentences": known.sentence_tokens, "questions": known.question_tokens},
    )
    return Knowledge(known.documents, passages, stores, known.lexical)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Rocks lie here. The tide turns at FIVE."},
        {"text": "Sands lie here. The tide turns at noon."},  # not in the quote, in its passage
        {"start": 1, "end": 40},
    ],
    ids=["quote", "context", "place"],
)
def test_a_quote_that_its_source_does_not_hold_never_leaves(changes: dict[str, Any]) -> None:
    answerer = Answerer(altered(**changes), ENCODER)

    message = "^tides:p1: the quote is not what tides.md says$"
    with pytest.raises(UngroundedError, match=message):
        answerer.answer("When does the tide turn?")
    assert answerer.answer("When does the ferry leave?").answered


def entries(count: int) -> tuple[Document, ...]:
    return tuple(faq(f"faq:{n}", f"Question {n}?", f"Ferry {n}.") for n in range(count))


@pytest.mark.parametrize(
    ("count", "numbers"),
    [(1, [0]), (3, [0, 1, 2]), (4, [0, 1, 2, 3]), (6, [0, 1, 2, 3]), (9, [0, 2, 4, 6])],
)
def test_examples_are_spread_over_the_faq(count: int, numbers: list[int]) -> None:
    answerer = Answerer(knowledge(ENCODER, *entries(count), TIDES), ENCODER)

    assert answerer.examples() == tuple(f"Question {n}?" for n in numbers)


def test_examples_need_an_faq() -> None:
    assert Answerer(knowledge(ENCODER, TIDES), ENCODER).examples() == ()


def test_many_threads_get_the_answers_that_one_gets(answerer: Answerer) -> None:
    subjects = ("tide", "ferry", "boat", "fog", "moon")
    openings = ("When does the", "What time is the", "Is it late in", "Who saw the")
    questions = [f"{opening} {subject}?" for opening in openings for subject in subjects]
    alone = [lasting(answerer.answer(question)) for question in questions]

    def ask_all(_: int) -> list[dict[str, Any]]:
        return [lasting(answerer.answer(question)) for question in questions]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(ask_all, range(8)))

    assert together == [alone] * 8
    assert {answer["status"] for answer in alone} == {"answered", "abstained"}


def test_a_citation_names_the_page_where_its_quote_begins() -> None:
    text = "Rocks lie here.\n\nThe tide turns at noon."
    blocks = (Block("paragraph", 0, 15, page=1), Block("paragraph", 17, len(text), page=2))
    tides = Document("tides", "article", "Tides", text, "tides.pdf", blocks)

    (found,) = (
        Answerer(knowledge(ENCODER, tides), ENCODER).answer("When does the tide turn?").citations
    )
    (none,) = (
        Answerer(knowledge(ENCODER, TIDES), ENCODER).answer("When does the tide turn?").citations
    )

    assert (found.page, none.page) == (2, None)
