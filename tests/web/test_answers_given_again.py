"""Over the API: answers that are given again stay within their generation, and take feedback."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.answers import Answers
from qa.follow import Follower
from qa.journal import Journal
from qa.web.api.routes import api_routes
from qa.web.limits import Desk

from .numbered import WHEN, published, serving_from

Site = tuple[TestClient, Follower, Answers]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    published(tmp_path, 1)
    live, follower = serving_from(tmp_path)
    answers = live.current.engine.answers = Answers(10)
    app = FastAPI()
    app.include_router(api_routes(live, Journal(tmp_path / "journal.sqlite3"), Desk(2, 32)))
    with TestClient(app) as client:
        yield client, follower, answers


def ask(client: TestClient) -> tuple[str, str]:
    """The id and the text of the answer."""
    answer = client.post("/api/ask", json={"question": WHEN}).json()
    return answer["id"], answer["text"]


def test_a_swap_ends_the_answers_of_the_generation_before(site: Site, tmp_path: Path) -> None:
    client, follower, answers = site
    (first, said), (again, same) = ask(client), ask(client)
    assert (said, same) == ("The ferry leaves at pier 1.", said)
    assert first != again
    assert len(answers) == 1

    published(tmp_path, 4)
    follower.look()
    assert ask(client)[1] == "The ferry leaves at pier 4."
    assert len(answers) == 2  # the next generation keeps its own in the same place


def test_feedback_on_an_answer_that_was_given_again_is_its_own(site: Site, tmp_path: Path) -> None:
    client, _, _ = site
    ids = [ask(client)[0], ask(client)[0]]
    for given, verdict in zip(ids, ("yes", "wrong-source"), strict=True):
        told = client.post("/api/feedback", json={"answer": given, "verdict": verdict})
        assert told.status_code == 204, told.text
    with sqlite3.connect(tmp_path / "journal.sqlite3") as journal:
        kept = journal.execute("select answer_id, verdict, question from feedback").fetchall()
    assert sorted(kept) == sorted([(ids[0], "yes", WHEN), (ids[1], "wrong-source", WHEN)])
