import pytest

from qa.diversity import distinct

LONG = (
    "The old light at the end of the pier was lit by oil for many years before the harbour got "
    "its own power, and boats from all along the coast used to steer home by it at night"
)


def kept(*texts: str) -> list[str]:
    return list(distinct(texts, lambda text: text))


def test_the_first_of_near_identical_texts_is_kept() -> None:
    other = LONG.replace("old light", "light")

    assert kept(LONG, other, "Gulls cry.") == [LONG, "Gulls cry."]
    assert kept(other, LONG) == [other]


def test_words_in_another_case_and_form_are_the_same() -> None:
    assert kept("The boats turn.", "the BOAT turns") == ["The boats turn."]


def test_short_texts_a_word_apart_say_different_things() -> None:
    assert kept("Boats may land here.", "Boats may anchor here.") == [
        "Boats may land here.",
        "Boats may anchor here.",
    ]


@pytest.mark.parametrize(
    ("told", "otherwise"),
    [
        ("for many years", "for 40 years"),
        ("The old light", "The old Dover light"),
        ("was lit", "was not lit"),
    ],
)
def test_a_number_a_name_or_a_not_tells_texts_apart(told: str, otherwise: str) -> None:
    other = LONG.replace(told, otherwise)

    assert kept(LONG, other) == [LONG, other]


def test_whatever_has_a_text_can_be_told_apart() -> None:
    rows = [(1, "Gulls cry."), (2, "gulls cry"), (3, "Boats lie.")]

    assert list(distinct(rows, lambda row: row[1])) == [(1, "Gulls cry."), (3, "Boats lie.")]


def test_nothing_has_nothing_to_repeat() -> None:
    assert kept() == []
