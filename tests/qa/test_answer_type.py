import pytest

from qa.answer_type import Kind, expected, holds, supported

from .corpus import article, hit, passage


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who keeps the light?", "person"),
        ("To whom does it belong?", "person"),
        ("Where is the light?", "place"),
        ("In which town is the light?", "place"),
        ("When was it built?", "date"),
        ("In what year was it built?", "year"),
        ("What time does it open?", "time"),
        ("How many boats lie here?", "number"),
        ("how much is a ticket", "number"),
        ("How long is the pier?", "length"),
        ("How old is the keeper?", "age"),
        ("Why is it red?", "reason"),
        ("Can you tell me when it opens?", "date"),
        ("When I come late, who opens?", "person"),
    ],
)
def test_a_question_word_tells_the_kind_of_thing_that_is_asked_for(
    question: str, kind: Kind
) -> None:
    assert expected(question) == kind


@pytest.mark.parametrize(
    "question",
    [
        "What is a lighthouse?",
        "How do I get there?",
        "Is the light red?",
        "Can I get my money back when I cancel?",
        "Do you ship to where I live?",
        "When I lose my card, how do I block it?",
        "the keeper",
        "Wann wurde er gebaut?",
        "Was kostet eine Karte?",
        "",
    ],
)
def test_another_question_expects_nothing(question: str) -> None:
    assert expected(question) is None


@pytest.mark.parametrize(
    ("kind", "sentence", "other"),
    [
        ("person", "The keeper is Tom.", "Boats lie here."),
        ("person", "Tom Reed keeps it.", "The keeper keeps it."),
        ("place", "It stands near Dover.", "Dover is fine."),
        ("date", "It was lit on 3 May 1950.", "It was lit with oil."),
        ("date", "It opens on Monday.", "It opens slowly."),
        ("date", "You hear from us within 5 days.", "You hear from us."),
        ("year", "It was lit in 1950.", "It was lit on 3 May."),
        ("time", "It opens at 9 am.", "It has 9 lamps."),
        ("time", "It opens at 9 a.m. daily.", "It has 9 amps."),
        ("time", "It opens at nine o'clock.", "It has a clock."),
        ("place", "At North Berwick it is red.", "Red it is."),
        ("time", "It opens at 17:30.", "It opens in 1730."),
        ("time", "It opens at noon.", "I am here at 9."),
        ("number", "It has fifteen lamps.", "It has lamps since 1950."),
        ("number", "A ticket is $5.", "A ticket is the one you need."),
        ("length", "The pier is 250 m long.", "The pier has 250 lamps."),
        ("length", "The trip takes 2 hours.", "The trip takes long."),
        ("age", "The keeper is 70 years old.", "The keeper is old."),
        ("reason", "It is red because of the fog.", "It is red in fog."),
    ],
)
def test_a_sentence_holds_a_kind_of_thing_or_not(kind: Kind, sentence: str, other: str) -> None:
    assert holds(kind, sentence)
    assert not holds(kind, other)


def test_a_hit_supports_a_question_if_any_statement_holds_the_kind() -> None:
    found = hit(passage(article("a", "A", "Boats lie here. It was lit in 1950.")), 0.5, 0.5)

    assert supported("When was it lit?", found) is True
    assert supported("How long is the pier?", found) is False
    assert supported("Is it lit?", found) is None


def test_what_a_hit_asks_itself_supports_nothing() -> None:
    found = hit(passage(article("a", "A", "Was it lit in 1950? Nobody knows.")), 0.5, 0.5)

    assert supported("When was it lit?", found) is False


def test_of_an_endless_row_only_the_beginning_is_read() -> None:
    assert holds("number", "5 lamps" + " and more" * 10_000)
    assert not holds("number", "more and " * 10_000 + "5 lamps")
