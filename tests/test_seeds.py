import json
from pathlib import Path

import pytest

import qa
from index.documents import Document
from index.readers import read_folder
from tests.conftest import SEEDS

QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "seed_questions.jsonl").read_text().splitlines()
]
ANSWERABLE = [question for question in QUESTIONS if question["answerable"]]

READ = read_folder(SEEDS)
ENTRIES = [document for document in READ.documents if document.kind == "faq"]
ARTICLES = [document for document in READ.documents if document.kind == "article"]


def test_everything_among_the_seeds_is_read() -> None:
    assert (READ.problems, READ.ignored) == ((), ())


def test_the_faq_has_six_entries_of_four_wordings_each() -> None:
    assert [(entry.id, entry.title, len(entry.questions)) for entry in ENTRIES] == [
        ("faq.md:q1", "What made the soldier leave North Korea at this moment?", 4),
        ("faq.md:q2",
         "How often do people flee to South Korea straight across the land border?", 4),
        ("faq.md:q3", "How could the defection affect ties between Pyongyang and Seoul?", 4),
        ("faq.md:q4", "Should we expect others to defect in the near future?", 4),
        ("faq.md:q5", "Which route do people normally take out of North Korea?", 4),
        ("faq.md:q6", "What dangers do people face when they try to cross the border?", 4),
    ]  # fmt: skip


def test_there_are_three_articles() -> None:
    assert [(article.id, article.publisher, article.date) for article in ARTICLES] == [
        ("articles/escape-and-its-background.md", "", "2025-10-19"),
        ("articles/life-after-the-crossing.md", "", ""),
        ("articles/soldier-crosses-dmz.md", "M10News International Desk", "2025"),
    ]


def test_the_table_is_read_row_by_row_below_its_columns() -> None:
    life = ARTICLES[1]

    assert [(b.kind, life.text[b.start : b.end]) for b in life.blocks if b.kind in ("header", "row")
    ] == [
        ("header", "Measure | North Korea (DPRK) | South Korea (ROK)"),
        ("row", "Type of economy | Command economy planned by the state | "
                "Advanced economy based on markets"),
        ("row", "Approximate GDP per head | Low | High"),
        ("row", "Main security concern | Survival of the regime; nuclear arms | "
                "Stability and alliances in the region"),
        ("row", "Access to the internet | Restricted to an intranet | "
                "High-speed, connected worldwide"),
    ]  # fmt: skip


@pytest.mark.model
def test_each_row_of_the_table_is_a_passage(seeds_answerer: qa.Answerer) -> None:
    rows = [passage for passage in seeds_answerer.knowledge.passages if passage.header]

    assert {row.header for row in rows} == {"Measure | North Korea (DPRK) | South Korea (ROK)"}
    assert [row.text.partition(" | ")[0] for row in rows] == [
        "Type of economy",
        "Approximate GDP per head",
        "Main security concern",
        "Access to the internet",
    ]


def test_the_questions_to_try_are_thirty_with_an_answer_and_thirty_without() -> None:
    texts = {document.source: document.text for document in READ.documents if document in ARTICLES}
    texts |= {entry.title: entry.text for entry in ENTRIES}

    assert (len(ANSWERABLE), len(QUESTIONS)) == (30, 60)
    assert [q for q in ANSWERABLE if q["expected_answer"] not in texts[q["expected_source"]]] == []


WORDINGS = [(entry, question) for entry in ENTRIES for question in entry.questions]


@pytest.mark.model
@pytest.mark.parametrize(("entry", "question"), WORDINGS, ids=[asked for _, asked in WORDINGS])
def test_every_wording_of_an_faq_question_is_answered_by_its_entry(
    seeds_answerer: qa.Answerer, entry: Document, question: str
) -> None:
    answer = seeds_answerer.answer(question)

    assert answer.status == "answered"
    assert answer.citations[0].document == entry.id
    assert answer.quotes[0].text in entry.text


@pytest.mark.model
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry.id))
def test_an_faq_question_gets_the_whole_of_its_answer_first(
    seeds_answerer: qa.Answerer, entry: Document
) -> None:
    assert seeds_answerer.answer(entry.title).quotes[0].text == entry.text


@pytest.mark.model
def test_what_the_seeds_say_nothing_of_is_abstained_from(seeds_answerer: qa.Answerer) -> None:
    answer = seeds_answerer.answer("What is the capital of France?")

    assert (answer.status, answer.quotes, answer.citations) == ("abstained", (), ())
    assert (answer.nearest, answer.related) == ((), ())


@pytest.mark.model
def test_two_sources_that_differ_are_both_quoted(seeds_answerer: qa.Answerer) -> None:
    answer = seeds_answerer.answer("How long is the DMZ?")

    assert {citation.document: quote.text for citation, quote in cited(answer)} == {
        "articles/soldier-crosses-dmz.md":
            "The DMZ is 248 kilometres long and four kilometres wide.",
        "articles/escape-and-its-background.md":
            "The DMZ is 250 kilometers (160 miles) long and 4 kilometers (2.5 miles) wide.",
    }  # fmt: skip


def cited(answer: qa.Answer) -> list[tuple[qa.Citation, qa.Quote]]:
    by_number = {citation.number: citation for citation in answer.citations}
    return [(by_number[quote.citation], quote) for quote in answer.quotes]


def sources() -> dict[str, str]:
    """Each document's text as its reader gives it, past the knowledge base."""
    return {document.id: document.text for document in READ.documents}


@pytest.mark.model
def test_every_quote_stands_in_its_source_word_for_word(seeds_answerer: qa.Answerer) -> None:
    texts = sources()
    asked = [question for _, question in WORDINGS]
    asked += [question["question"] for question in QUESTIONS]

    for question in asked:
        answer = seeds_answerer.answer(question)
        for citation, quote in cited(answer):
            passage = seeds_answerer.knowledge.passage(quote.passage)
            assert texts[citation.document][passage.start :].startswith(passage.text)
            assert citation.context == passage.text
            assert passage.text[quote.start : quote.end] == quote.text
            assert quote.text in texts[citation.document]
        assert len({citation.document for citation in answer.citations}) == len(answer.quotes)
        assert answer.text == " ".join(quote.text for quote in answer.quotes)


@pytest.mark.model
def test_the_first_quote_holds_the_answer_to_most_questions(seeds_answerer: qa.Answerer) -> None:
    answers = [(seeds_answerer.answer(q["question"]), q["expected_answer"]) for q in ANSWERABLE]

    right = sum(answer.answered and gold in answer.quotes[0].text for answer, gold in answers)

    # Measured: 20 of 30 on 22 November 2026 with all-MiniLM-L6-v2; 8 of the others abstained from.
    assert right >= 17


@pytest.mark.model
def test_most_questions_without_an_answer_are_abstained_from(seeds_answerer: qa.Answerer) -> None:
    unanswerable = [q["question"] for q in QUESTIONS if not q["answerable"]]

    abstained = sum(not seeds_answerer.answer(question).answered for question in unanswerable)

    # Measured: 21 of 30 on 22 November 2026; all 30 are on the seeds' very subject.
    assert abstained >= 18
