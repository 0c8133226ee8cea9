from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from index.errors import QuestionError
from qa.answer import Answer, Suggestion
from qa.filters import EVERYTHING, Filters
from qa.question import cleaned
from qa.web import conversation
from qa.web.conversation import Conversation, Offer, offer
from qa.web.strings import languages

from . import shape
from .fakes import FOLLOW_UP, HELLO, MEANT, ROUTE, FakeEngine


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
    assert after.notice == "The question is empty; type one."
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

    assert shape.hrefs(silence) == [
        "source/faq%3A1?g=gen-1#quote",
        "source/fortress%3Ap2?g=gen-1#quote",
    ]


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


def test_a_question_that_is_too_long_is_told_in_the_readers_language() -> None:
    after = Conversation().ask(StrictEngine(), "long " * 200, languages()["de"])

    assert after.notice == (
        "Die Frage ist zu lang: Höchstens 500 Zeichen werden gelesen. Bitte kürzen."
    )


class StrictEngine(FakeEngine):
    """Refuses what the real one refuses."""

    def answer(
        self, question: str, history: Sequence[Mapping[str, str]] = (), /, **_: Any
    ) -> Answer:
        return super().answer(cleaned(question), history)


def test_a_completed_follow_up_can_be_asked_as_it_was_typed() -> None:
    engine = FakeEngine()
    talk = Conversation().ask(engine, "How wide is the zone?").ask(engine, FOLLOW_UP)
    assert talk.last is not None
    assert talk.last.answering == "How wide is the zone?"

    alone = talk.ask_as_typed(engine)

    assert [answer.question for answer in alone.answers] == ["How wide is the zone?", FOLLOW_UP]
    assert alone.last is not None
    assert alone.last.answering is None


def test_what_may_be_meant_is_offered_and_the_answer_asks() -> None:
    engine = FakeEngine()
    talk = Conversation().ask(engine, MEANT)

    said = shape.text(talk.messages(engine.knowledge)[1]["content"])

    assert said == "Did you mean one of these?"
    assert offer(talk.last, engine.knowledge) == Offer(
        "", ("How do most people leave?", "Who guards the border?")
    )


def test_choices_that_were_passed_over_stay_as_links() -> None:
    engine = FakeEngine()
    talk = Conversation().ask(engine, MEANT).ask(engine, "How wide is the zone?")

    earlier = talk.messages(engine.knowledge)[1]["content"]

    assert shape.hrefs(earlier) == ["source/faq%3A1?g=gen-1#quote", "source/faq%3A2?g=gen-1#quote"]


def test_none_of_the_choices_leads_to_what_comes_closest_besides() -> None:
    class Filtering(FakeEngine):
        """Finds the nearest of the kind of document that is asked for."""

        def answer(
            self,
            question: str,
            history: Sequence[Mapping[str, str]] = (),
            /,
            *,
            filters: Filters = EVERYTHING,
            **_: Any,
        ) -> Answer:
            answer = super().answer(question, history)
            if filters.kind != ("article",):
                return answer
            near = (Suggestion("Measures", "fortress:p2"),)
            return replace(answer, status="abstained", choices=(), nearest=near)

    engine = Filtering()
    asked_back = Conversation().ask(engine, MEANT)

    declined = asked_back.decline(engine)

    said = shape.text(declined.messages(engine.knowledge)[1]["content"])
    assert said == "The sources don't say.Closest:Measures"
    assert declined.last is not None
    assert asked_back.last is not None
    assert (declined.last.id, declined.last.choices) == (asked_back.last.id, ())
    assert offer(declined.last, engine.knowledge) == Offer()


def test_there_is_nothing_to_decline_where_nothing_was_asked_back() -> None:
    engine = FakeEngine()
    talk = Conversation().ask(engine, HELLO)

    assert talk.decline(engine) == talk
    assert Conversation().decline(engine) == Conversation()
    assert Conversation().ask_as_typed(engine) == Conversation()
