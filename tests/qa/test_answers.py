"""Answers that are given again: never another question's, never of an earlier generation."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from index.build import assemble
from index.documents import Block, Document
from index.errors import QuestionError
from qa.answer import Answer
from qa.answerer import Answerer
from qa.answers import Answers
from qa.confidence import Calibration
from qa.filters import Filters
from tests.keyword_encoder import KeywordEncoder

ENCODER = KeywordEncoder("tide", "harbour", "open")


def answerer(
    answers: Answers, tide: str = "The tide turns at noon.", line: float = 0.1
) -> Answerer:
    entries = [("When does the tide turn?", tide), ("When is the harbour open?", "All day.")]
    documents = [
        Document(question, "faq", question, text, "faq.md", (Block("paragraph", 0, len(text)),))
        for question, text in entries
    ]
    knowledge, _ = assemble(documents, ENCODER)
    return Answerer(knowledge, ENCODER, Calibration(answer_from=line), answers=answers)


def silent(question: str, said: str = "") -> Answer:
    return Answer("0", question, "abstained", (), (), 0.0, "", 1.0, reply=said)


def test_the_same_question_has_the_same_answer_with_an_id_of_its_own() -> None:
    engine = answerer(Answers(10))
    first, again = (
        engine.answer("When does the tide turn?"),
        engine.answer("When does the  tide turn?"),
    )
    assert first.text == "The tide turns at noon."
    assert again == replace(first, id=again.id, took_ms=again.took_ms)
    assert again.id != first.id


def test_what_is_kept_is_what_would_be_answered_without() -> None:
    kept, bare = answerer(Answers(10)), answerer(Answers())
    for question in ("When does the tide turn?", "Is it open?", "Who is the king?"):
        kept.answer(question)
        found, wanted = kept.answer(question), bare.answer(question)
        assert found == replace(wanted, id=found.id, took_ms=found.took_ms)


def test_turns_filters_and_the_number_of_quotes_make_another_question() -> None:
    engine = answerer(Answers(10))
    asked = "When does the tide turn?"
    turns = [{"role": "user", "content": "Is the harbour open?"}]
    assert engine.answer(asked).answered
    assert not engine.answer(asked, filters=Filters(publisher=("nobody",))).answered
    assert engine.answer(asked, turns).answered
    assert engine.answer(asked, k=1).answered
    assert len(engine.answers) == 4


def test_another_generation_or_calibration_never_gives_an_older_answer() -> None:
    answers = Answers(10)
    asked = "When does the tide turn?"
    assert answerer(answers).answer(asked).text == "The tide turns at noon."
    assert answerer(answers, tide="It turns at nine.").answer(asked).text == "It turns at nine."
    assert not answerer(answers, line=1.0).answer(asked).answered
    assert answerer(answers).answer(asked).text == "The tide turns at noon."


def test_what_is_no_question_stays_none() -> None:
    engine = answerer(Answers(10))
    with pytest.raises(QuestionError, match="the question is empty"):
        engine.answer(" ")
    with pytest.raises(QuestionError, match="turn 1 of the history"):
        engine.answer("When?", [{"role": "user"}])
    with pytest.raises(ValueError, match="at least 1, not 0"):
        engine.answer("When?", k=0)
    assert not len(engine.answers)


def test_the_last_ones_are_kept_and_no_more() -> None:
    answers, made = Answers(2), []

    def ask(question: str) -> None:
        def make() -> Answer:
            made.append(question)
            return silent(question)

        assert answers.given(question, make).question == question

    for question in "abaca":  # c comes in for b, which was asked before a was asked again
        ask(question)
    ask("b")
    assert "".join(made) == "abcb"


def test_an_answer_that_is_larger_than_all_may_be_is_not_kept() -> None:
    answers = Answers(10, most_bytes=10_000)
    answers.given("small", lambda: silent("?"))
    answers.given("large", lambda: silent("?", "long " * 5_000))
    assert len(answers) == 0
    answers.given("small", lambda: silent("?"))
    assert len(answers) == 1


def test_equal_questions_at_once_are_answered_once() -> None:
    answers, asked, go = Answers(10), [], threading.Event()

    def make() -> Answer:
        asked.append(1)
        go.wait(10)
        return silent("When?")

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(answers.given, "When?", make) for _ in range(4)]
        go.set()
        found = [each.result(10) for each in waiting]
    assert len(asked) == 1
    assert len({answer.id for answer in found}) == 4
    assert {answer.question for answer in found} == {"When?"}


def test_what_fails_is_told_to_all_who_wait_and_tried_anew() -> None:
    answers, begun, go = Answers(10), threading.Event(), threading.Event()

    def fail() -> Answer:
        begun.set()
        go.wait(10)
        raise RuntimeError("the disk is gone")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(answers.given, "When?", fail)
        begun.wait(10)
        second = pool.submit(answers.given, "When?", fail)
        go.set()
        for each in (first, second):
            with pytest.raises(RuntimeError, match="the disk is gone"):
                each.result(10)
    assert answers.given("When?", lambda: silent("When?")).question == "When?"


def test_a_question_that_is_kept_is_not_what_warms_up() -> None:
    answers = Answers(10)
    answerer(answers).warm_up()
    assert not len(answers)
