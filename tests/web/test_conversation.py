from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from index.errors import QuestionError
from qa.answer import Answer, Suggestion
from qa.web import conversation
from qa.web.conversation import Conversation, Offer, offer

from . import shape
from .fakes import ROUTE, FakeEngine


class BrokenEngine(FakeEngine):
    """Fails on every question, as a full disk or a bug would make it."""

    def answer(
        self, question: str, _history: Sequence[Mapping[str, str]] = (), /, **_: Any
    ) -> Answer:
        raise RuntimeError(f"no answer to {question}")


def test_a_turn_is_the_question_and_its_answer() -> None:
    engine = FakeEngine()

    said = Conversation().ask(engine, "How do most people leave?").messages(engine.knowledge)

    assert [message["role"] for message in said] == ["user", "assistant"]
    assert "How do most people leave&#63;" in said[0]["content"]
    assert ROUTE.replace(".", "&#46;") in said[1]["content"]


def test_a_question_that_is_none_leaves_a_notice_and_the_earlier_turns() -> None:
    engine = FakeEngine()
    before = Conversation().ask(engine, "How do most people leave?")

    after = before.ask(engine, "  ")

    assert after.answers == before.answers
    assert after.notice == "the question is empty; type one"
    assert after.ask(engine, "How wide is the zone?").notice == ""


class ListeningEngine(FakeEngine):
    """Keeps the turns that each question came with."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[list[Mapping[str, str]]] = []

    def answer(
        self, question: str, history: Sequence[Mapping[str, str]] = (), /, **_: Any
    ) -> Answer:
        self.heard.append(list(history))
        return super().answer(question, history)


def test_a_question_comes_with_what_was_said_before() -> None:
    engine = ListeningEngine()

    Conversation().ask(engine, "How do most people leave?").ask(engine, "And why?")

    assert engine.heard[0] == []
    assert [turn["role"] for turn in engine.heard[1]] == ["user", "assistant"]
    assert engine.heard[1][0]["content"] == "How do most people leave?"
    assert engine.heard[1][1]["content"].startswith(ROUTE)


def test_a_failure_is_told_without_its_inside(caplog: pytest.LogCaptureFixture) -> None:
    after = Conversation().ask(BrokenEngine(), "How wide?")

    assert after.notice == "This question could not be answered. Ask it again."
    assert "no answer to How wide?" in caplog.text


def test_old_turns_leave_so_that_no_session_grows_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversation, "MAX_TURNS", 3)
    engine, talk = FakeEngine(), Conversation()
    for number in range(5):
        talk = talk.ask(engine, f"Question {number}?")

    assert [answer.question for answer in talk.answers] == [f"Question {n}?" for n in (2, 3, 4)]


def test_an_answer_offers_what_is_related() -> None:
    engine = FakeEngine()

    offered = offer(engine.answer("How wide is the zone?"), engine.knowledge)

    assert offered == Offer("Related:", ("How do most people leave?", "Who guards the border?"))


def test_a_silence_offers_questions_and_points_to_passages() -> None:
    engine = FakeEngine()
    talk = Conversation().ask(engine, "Who is the president?")

    assert offer(talk.last, engine.knowledge) == Offer("", ("How do most people leave?",))
    assert ">Measures</a>" in talk.messages(engine.knowledge)[1]["content"]


def test_an_earlier_silence_keeps_its_questions_as_links() -> None:
    engine = FakeEngine()
    talk = Conversation().ask(engine, "Who is the president?").ask(engine, "How wide is the zone?")

    silence = talk.messages(engine.knowledge)[1]["content"]

    assert shape.hrefs(silence) == ["/source/faq%3A1#quote", "/source/fortress%3Ap2#quote"]


def test_a_silence_with_questions_only_names_them() -> None:
    engine = FakeEngine()
    near = (Suggestion("Who guards the border?", "faq:2"),)
    silence = Answer("a", "q", "abstained", (), (), 0.1, "gen-1", 1.0, nearest=near)

    assert offer(silence, engine.knowledge) == Offer("Closest:", ("Who guards the border?",))


def test_nothing_asked_offers_nothing() -> None:
    assert offer(None, FakeEngine().knowledge) == Offer()


def test_a_question_error_of_the_engine_is_fit_to_show() -> None:
    with pytest.raises(QuestionError, match="type one"):
        FakeEngine().answer("")
