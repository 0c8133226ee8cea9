"""The pack of questions that no help centre answers."""

from index.lexical import words
from qa.evaluation.stress.out_of_scope import pack
from qa.question import cleaned

# What these questions must not touch, or a help centre's own topics would be called out of scope.
OWN_TOPICS = {
    *("korea", "korean", "army", "soldier", "border", "defect", "defector", "military"),
    *("return", "refund", "order", "delivery", "shipping", "parcel", "invoice", "account"),
    *("password", "subscription", "payment", "log", "login", "price", "cancel", "shop"),
}


def test_the_pack_holds_eighty_questions_without_its_comments() -> None:
    assert len(pack()) == len(set(pack())) == 80
    assert pack()[:2] == ("Why is the sky blue?", "Who painted the Mona Lisa?")
    assert not any(question.startswith("#") for question in pack())


def test_each_can_be_asked_as_it_stands() -> None:
    assert tuple(map(cleaned, pack())) == pack()


def test_none_is_about_what_a_help_centre_holds() -> None:
    assert {word for question in pack() for word in words(question)} & OWN_TOPICS == set()
