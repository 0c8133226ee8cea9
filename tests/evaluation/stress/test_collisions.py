"""Entries that take each other's questions."""

from dataclasses import asdict

import pytest

from qa.answerer import Answerer
from qa.evaluation.case import Case
from qa.evaluation.stress.collisions import NEAREST, Collision, Theft, collisions
from qa.evaluation.stress.questions import stress_cases
from tests.keyword_encoder import KeywordEncoder
from tests.qa.corpus import article, faq, knowledge

ENCODER = KeywordEncoder("ferry", "boat", "tide", "fog")
FERRY = faq("ferry", "Ferry?", "It leaves at nine.", "Ferry or boat?")
BOAT = faq("boat", "Boat?", "It leaves at ten.")
TIDE = faq("tide", "Tide?", "Four metres.")
FOG = article("fog", "Fog", "Fog at nine. Boats stay in.", "No ferry leaves.")
KNOWN = knowledge(ENCODER, FERRY, BOAT, TIDE, FOG)


def asked(id_: str, question: str, *expected: str) -> Case:
    return Case(id_, question, dict.fromkeys(expected, 1))


def test_a_question_that_another_entry_takes_makes_a_collision() -> None:
    case = asked("boat / typo", "Ferry bota?", "boat")

    assert collisions(KNOWN, [(case, "ferry")]) == (
        Collision(
            first="ferry",
            second="boat",
            first_question="Ferry or boat?",
            second_question="Boat?",
            closeness=0.707107,  # 1 / √2
            stolen=(Theft("boat / typo", "Ferry bota?", expected="boat", got="ferry"),),
            same_answer=False,
        ),
    )


def test_nothing_else_is_theft() -> None:
    harmless = [
        (asked("1", "Boat?", "boat"), "boat"),
        (asked("2", "Not a boat?"), "ferry"),  # nothing is expected
        (asked("3", "Boat?", "boat"), "fog"),  # an article came first
        (asked("4", "Boat?", "boat"), "fog:p2"),  # or a passage of one
        (asked("5", "fog", "fog"), "ferry"),  # a title
        (asked("6", "Tide, boat?", "boat", "tide"), "ferry"),  # either would do
        (asked("7", "Boat?", "gone"), "ferry"),
    ]
    assert collisions(KNOWN, harmless) == ()


def test_the_pair_is_one_whoever_takes() -> None:
    (only,) = collisions(
        KNOWN,
        [(asked("1", "A boat?", "boat"), "ferry"), (asked("2", "A ferry?", "ferry"), "boat")],
    )
    assert (only.first, only.second) == ("ferry", "boat")
    assert [(theft.id, theft.got) for theft in only.stolen] == [("1", "ferry"), ("2", "boat")]


def test_entries_that_ask_the_same_collide_before_anything_is_stolen() -> None:
    near = faq("near", "Ferry, ferry, boat?", "It LEAVES: at nine!")  # 2 / √5 = .894 from "Ferry?"
    far = faq("far", "Tide, fog?", "It left at nine.")  # 1 / √2 = .707 from "Tide?"

    (only,) = collisions(knowledge(ENCODER, FERRY, TIDE, near, far), [])
    # 3 / √10 = .949 from the alternate
    assert (only.first_question, only.second_question) == ("Ferry or boat?", "Ferry, ferry, boat?")
    assert only.closeness == pytest.approx(3 / 10**0.5, abs=1e-6)
    assert (only.stolen, only.same_answer) == ((), True)


def test_most_stolen_come_first_then_the_closest_then_by_id() -> None:
    known = knowledge(
        ENCODER,
        faq("d", "Ferry?", "One."),
        faq("c", "A ferry?", "Two."),
        faq("b", "Tide tide fog?", "Three."),
        faq("a", "Tide?", "Four."),
        faq("e", "The ferry?", "Five."),
    )
    cases = [
        (asked("1", "Tide?", "d"), "a"),
        (asked("2", "Fog?", "d"), "a"),
        (asked("3", "Fog?", "e"), "a"),
    ]
    assert [(one.first, one.second, len(one.stolen)) for one in collisions(known, cases)] == [
        ("d", "a", 2),  # cosine 0
        ("a", "e", 1),
        ("c", "e", 0),  # cosine 1
        ("d", "c", 0),
        ("d", "e", 0),
        ("b", "a", 0),  # .894
    ]


def test_two_entries_with_one_question_collide_and_the_first_takes_it() -> None:
    known = knowledge(ENCODER, faq("old", "Ferry?", "At nine."), faq("new", "Ferry?", "At ten."))
    cases = [case for case in stress_cases(known.documents) if case.sources]
    found = Answerer(known, ENCODER).explain_each([case.question for case in cases], 1)
    first = [one.ranking[0][0].document_id for one in found]

    (only,) = collisions(known, zip(cases, first, strict=True))
    assert {(theft.expected, theft.got) for theft in only.stolen} == {("new", "old")}
    assert only.stolen[0].id == "new / as written"
    assert (only.closeness, only.same_answer) == (1.0, False)


def test_an_entry_with_many_alternates_hides_no_other() -> None:
    many = faq("many", "Ferry?", "One.", *(f"Ferry {n}?" for n in range(2 * NEAREST)))

    (only,) = collisions(knowledge(ENCODER, many, faq("other", "The ferry?", "Two.")), [])
    assert (only.first, only.second, only.closeness) == ("many", "other", 1.0)


def test_pairs_are_found_however_far_apart_they_stand() -> None:
    keywords = [f"k{number}" for number in range(600)]
    documents = [faq(f"q{number}", word, "Yes.") for number, word in enumerate(keywords)]
    known = knowledge(KeywordEncoder(*keywords), *documents, faq("last", "K7!", "yes"))

    (only,) = collisions(known, [])
    assert (only.first, only.second, only.same_answer) == ("q7", "last", True)


def test_without_entries_there_is_no_collision() -> None:
    assert collisions(knowledge(ENCODER, FOG), [(asked("1", "fog", "fog"), "fog:p1")]) == ()


def test_a_collision_is_made_of_plain_values() -> None:
    (only,) = collisions(KNOWN, [(asked("1", "A boat?", "boat"), "ferry")])

    record = asdict(only)
    assert record["stolen"] == (
        {"id": "1", "question": "A boat?", "expected": "boat", "got": "ferry"},
    )
    assert [type(record[name]) for name in ("closeness", "same_answer")] == [float, bool]
