"""The Inspector says in a table and a sentence why a question is answered or not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.documents import Document
from qa.answer import Answer, Suggestion
from qa.answerer import Answerer, Explained
from qa.hit import Match
from qa.journal import Journal
from qa.live import Live
from qa.web.advice import advice
from qa.web.api import create_app
from qa.web.inspector import FULL, inspector_routes, render, shares
from tests.keyword_encoder import KeywordEncoder
from tests.qa.corpus import faq, hit, knowledge, passage

from . import shape
from .fakes import XSS, FakeEngine
from .harbour import FERRY, GULL, NINE, harbour


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return harbour()


def client(answerer: Answerer) -> TestClient:
    app = FastAPI()
    app.include_router(inspector_routes(Live(answerer)))
    return TestClient(app)


def test_the_first_page_asks_for_a_question(answerer: Answerer) -> None:
    page = client(answerer).get("/inspect")

    assert page.status_code == 200
    assert '<label for="q">Question</label>' in page.text
    assert "<table" not in page.text


def test_the_parts_of_a_score_add_up_to_it_and_lie_end_to_end(answerer: Answerer) -> None:
    best = answerer.explain(FERRY).hits[0]

    parts = shares(best)

    assert [part.name for part in parts] == [
        "meaning of the passage", "best sentence", "wording", "words in common", "coverage",
    ]  # fmt: skip
    assert sum(part.adds for part in parts) == pytest.approx(best.score, abs=0.03)  # as shown
    ends = [part.start + part.width for part in parts]
    assert [part.start for part in parts[1:]] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(100 * best.score / FULL)
    assert pytest.approx(2.0) == FULL


def test_a_question_that_is_answered_shows_the_line_and_what_reached_it(
    answerer: Answerer,
) -> None:
    explained = answerer.explain(FERRY)
    shown = shape.text(client(answerer).get("/inspect", params={"q": FERRY}).text)

    sure = f"{explained.answer.confidence:.2f}"
    assert f"It answered, for the confidence in no. 1 is {sure}, and it answers from 0.50." in shown
    assert f"Confidence {sure} reaches it" in shown
    assert f"“{NINE}”1" in shown
    assert "Quoted as 1" in shown
    assert f"{FERRY}{NINE}" in shown


def test_each_passage_leads_to_its_source(answerer: Answerer) -> None:
    links = shape.hrefs(client(answerer).get("/inspect", params={"q": FERRY}).text)

    assert links[0] == "source/faq%3Aferry#quote"
    assert links[-1] == "/?q=When%20does%20the%20ferry%20leave%3F"


def silent(question: str, cosine: float = 0.2, **more: Any) -> Explained:
    """What led to no answer: one FAQ entry at .30, whose question has this cosine."""
    near = Match(cosine, 0.0, 0.0, 0.0)
    entry = hit(passage(faq("faq:gull", GULL, "Nobody.")), 0.1, question=near, asked=GULL)
    answer = Answer("1", question, "abstained", (), (), 0.3, "gen-1", 1.0)
    return Explained(replace(answer, **more), (entry,), (0.3,), 0.5)


def test_a_word_of_which_no_source_speaks_asks_for_a_synonym() -> None:
    words: dict[str, Any] = {"looked_for": ("feeds", "seabird"), "not_found": ("seabird",)}

    told = advice(silent("Who feeds the seabird?", **words))

    assert told.why == (
        "It did not answer, for the confidence in no. 1 is 0.30, and it answers from 0.50."
    )
    assert told.fix == (
        "No source mentions “seabird”. If the sources have another word for it, put both on a line "
        "of synonyms.txt; if they don't have the matter at all, write an entry."
    )


def test_a_matter_that_is_wholly_missing_asks_for_an_entry() -> None:
    words: dict[str, Any] = {"looked_for": ("parachute",), "not_found": ("parachute",)}

    assert advice(silent("Which parachute?", **words)).fix == (
        "Write an entry, or an article, that says it."
    )


def test_an_entry_that_is_near_asks_for_an_alternate_question() -> None:
    told = advice(silent("Is the gull fed?", cosine=0.6))

    assert told.fix == (
        f"If “{GULL}” is what was meant, write below its heading: Also asked as: Is the gull fed? "
        f"If it is not, write an entry that answers this."
    )


def test_entries_that_are_as_near_are_told_apart_by_the_first_of_them() -> None:
    choices = (Suggestion(GULL, "faq:gull"), Suggestion(FERRY, "faq:ferry"))

    told = advice(silent("Gull?", status="ask_back", choices=choices))

    assert told.why == (
        "It asked back, for the confidence in no. 1 is 0.30, short of 0.50, and several entries "
        "come near."
    )
    assert told.fix.startswith(f"If “{GULL}” is what was meant")


def test_where_nothing_is_found_there_is_nothing_to_weigh() -> None:
    nothing = replace(silent("Anything?"), hits=(), confidences=())

    assert advice(nothing).why == "It did not answer, for nothing was found."


def test_small_talk_is_told_from_a_question() -> None:
    polite = silent("Hello", reply="Hello.")

    shown = shape.text(render("", polite))

    assert "It took this for small talk, which gets a reply of its own." in shown
    assert "What was found" not in shown


@pytest.mark.parametrize("question", ["x" * 501, "\u200b\u200b", "x" * 20_000])
def test_a_question_that_is_none_is_refused_with_the_reason(
    answerer: Answerer, question: str
) -> None:
    page = client(answerer).get("/inspect", params={"q": question})

    assert page.status_code == 422
    assert 'role="alert">the question' in page.text
    assert len(page.text) < 4_000


def test_the_page_may_run_no_script_and_is_kept_nowhere(answerer: Answerer) -> None:
    page = client(answerer).get("/inspect", params={"q": FERRY})

    assert page.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    attributes = {name for _, given in shape.tags(page.text) for name, _ in given}
    assert "script" not in {tag for tag, _ in shape.tags(page.text)}
    assert attributes.isdisjoint({"style", "onclick", "onsubmit"})


@pytest.mark.parametrize("payload", XSS)
def test_a_hostile_question_and_hostile_sources_are_shown_as_text(payload: str) -> None:
    def page(text: str) -> str:
        encoder = KeywordEncoder("gull")
        entry = Document("f", "faq", text, text, text, faq("f", text, text).blocks)
        return client(Answerer(knowledge(encoder, entry), encoder)).get(
            "/inspect", params={"q": "gull"}
        ).text  # fmt: skip

    hostile = shape.tags(page(payload))
    echoed = client(harbour()).get("/inspect", params={"q": payload})

    assert [tag for tag, _ in hostile] == [tag for tag, _ in shape.tags(page("harmless"))]
    assert payload.replace("\t", " ") in shape.text(echoed.text)


def test_it_is_there_only_where_it_is_asked_for(answerer: Answerer, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.sqlite3")
    closed = TestClient(create_app(answerer, journal))
    opened = TestClient(create_app(answerer, journal, inspector=True))

    assert closed.get("/inspect").status_code == 404
    assert opened.get("/inspect").status_code == 200
    assert opened.get("/citewell/inspector.css").headers["content-type"].startswith("text/css")
    assert opened.post("/inspect").status_code == 405


def test_an_engine_that_cannot_explain_itself_has_no_inspector() -> None:
    with pytest.raises(TypeError, match="needs an engine with `explain`"):
        inspector_routes(Live(FakeEngine()))
