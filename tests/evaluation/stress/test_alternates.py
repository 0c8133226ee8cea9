"""Each alternate left out in turn."""

from dataclasses import replace

from index.build import assemble
from index.known import known_vectors
from qa.answerer import Answerer
from qa.evaluation.case import Case
from qa.evaluation.stress.alternates import KIND, Round, rounds
from tests.keyword_encoder import KeywordEncoder
from tests.qa.corpus import article, faq, knowledge

FERRY = faq("ferry", "When does the ferry leave?", "At nine.", "Ferry times", "Next ferry?")
BOAT = faq("boat", "Who owns the boat?", "The town does.", "Whose boat is it?")
TIDE = faq("tide", "How high is the tide?", "Four metres.")
PORT = article("port", "The port", "Boats lie here.")


def left_out(document: str, number: int, question: str) -> Case:
    id_ = f"{document} / alternate {number}"
    return Case(id_, question, {document: 1}, answerable=True, kind=KIND)


def test_in_each_round_the_next_alternate_of_every_entry_is_left_out_and_asked() -> None:
    first, second = rounds([FERRY, BOAT, TIDE, PORT])

    assert first == Round(
        1,
        (replace(FERRY, alternates=("Next ferry?",)), replace(BOAT, alternates=()), TIDE, PORT),
        (left_out("ferry", 1, "Ferry times"), left_out("boat", 1, "Whose boat is it?")),
    )
    assert second == Round(
        2,
        (replace(FERRY, alternates=("Ferry times",)), BOAT, TIDE, PORT),
        (left_out("ferry", 2, "Next ferry?"),),
    )


def test_nothing_has_to_be_encoded_for_a_round_but_its_questions() -> None:
    encoder = KeywordEncoder("ferry", "boat", "tide")
    known = known_vectors(knowledge(encoder, FERRY, BOAT, TIDE))
    turn = next(rounds([FERRY, BOAT, TIDE]))
    encoder.calls.clear()

    without, encoded = assemble(turn.documents, encoder, known=known)
    found = Answerer(without, encoder).explain_each([case.question for case in turn.cases], 1)

    assert encoded == 0
    assert [one.ranking[0][0].document_id for one in found] == ["ferry", "boat"]
    assert encoder.calls == ["Ferry times", "Whose boat is it?"]


def test_an_alternate_that_its_entry_holds_once_more_tells_nothing() -> None:
    entry = faq(
        "tide", "How high is it?", "Four metres.", "HOW  high is it?", "Tide", "tide", "Sea"
    )

    assert list(rounds([entry])) == [
        Round(
            4,
            (replace(entry, alternates=("HOW  high is it?", "Tide", "tide")),),
            (left_out("tide", 4, "Sea"),),
        )
    ]


def test_an_alternate_that_another_entry_holds_is_asked() -> None:
    other = faq("sea", "Ferry times", "None.")

    assert [case.question for turn in rounds([FERRY, other]) for case in turn.cases] == [
        "Ferry times",
        "Next ferry?",
    ]


def test_an_alternate_that_cannot_be_asked_stays() -> None:
    entry = faq("tide", "How high?", "Four metres.", "x" * 501, "\u200b", "The\ttide?")

    (only,) = rounds([entry])
    assert only.cases == (left_out("tide", 3, "The tide?"),)
    assert only.documents == (replace(entry, alternates=("x" * 501, "\u200b")),)


def test_without_alternates_there_is_no_round() -> None:
    assert list(rounds([TIDE, PORT])) == []
    assert list(rounds([])) == []
