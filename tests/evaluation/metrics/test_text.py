"""Texts against gold answers, word by word."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation.metrics.text import exact_match, holds, normalised, token_f1

untimed = settings(deadline=None)

MEASURES: list[Callable[[str, tuple[str, ...]], float]] = [
    exact_match,
    token_f1,
    holds,
]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Ferry, at NINE!", ["ferry", "at", "nine"]),
        ("An apple a day", ["apple", "day"]),
        ("Straße ﬁn", ["strasse", "fin"]),
        ("well-known don't", ["well", "known", "don", "t"]),
        ("9 a.m. in the U.S.", ["9", "am", "in", "us"]),
        ("end.B of e.mail", ["end", "b", "of", "e", "mail"]),
        ("北京，中国", ["北", "京", "中", "国"]),
        ("개성에 있다", ["개성에", "있다"]),
        ("?", []),
        ("the", []),
        ("", []),
    ],
)
def test_case_punctuation_and_articles_make_no_difference(text: str, words: list[str]) -> None:
    assert normalised(text) == words


@pytest.mark.parametrize(
    "text", ["34000", "34,000", "34'000", "34’000", "34\u00a0000", "34\u202f000", "３４，０００"]
)
def test_a_number_is_the_same_however_its_thousands_are_set_off(text: str) -> None:
    assert normalised(f"{text}.") == ["34000"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3.5 or 3,5", ["3.5", "or", "3.5"]),
        ("1,234,567.89", ["1234567.89"]),
        ("34.000", ["34.000"]),
        ("34 000", ["34", "000"]),
        ("1,000,00", ["1", "000", "00"]),
        ("1,0005", ["1.0005"]),
        ("2020,300", ["2020.300"]),
        ("1.5.2024", ["1", "5", "2024"]),
        ("1, 2 or 1,2,3", ["1", "2", "or", "1", "2", "3"]),
        ("9:30", ["9", "30"]),
        ("v2.5m", ["v", "2.5", "m"]),
        ("Room 5. 7 beds", ["room", "5", "7", "beds"]),
    ],
)
def test_a_decimal_is_one_word_and_a_day_is_three(text: str, words: list[str]) -> None:
    assert normalised(text) == words


def test_an_exact_match_is_an_answer_and_no_more() -> None:
    assert exact_match("The DMZ.", ("border", "dmz"))
    assert not exact_match("The DMZ is long.", ("dmz",))


def test_f1_by_hand() -> None:
    # Of "cat sat on mat" two words of four are gold, of "cat on mat there" three are.
    assert token_f1("The cat sat on the mat", ("a cat dozed on a sofa",)) == 2 * 2 / (4 + 4)
    assert token_f1("cat on mat there", ("cat on mat",)) == pytest.approx(6 / 7)
    assert token_f1("cat", ("dog",)) == 0
    assert token_f1("", ("dog",)) == 0


def test_a_word_counts_as_often_as_both_have_it() -> None:
    assert token_f1("no no no", ("no no",)) == 2 * 2 / (3 + 2)


def test_the_best_answer_counts() -> None:
    assert token_f1("250 km", ("four", "250 km long")) == 2 * 2 / (2 + 3)


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("It is 250 kilometres long.", "250 kilometres", True),
        ("It is 250 long kilometres.", "250 kilometres", False),
        ("The state of the union", "State of Union", True),
        ("Some 34,000 men", "34000", True),
        ("Some 34,000 men", "34", False),
        ("It weighs 3.5 kg", "5 kg", False),
        ("at 9 p.m.", "9 a.m.", False),
        ("It is 2.5 km from Kaesŏng", "Kaesŏng", True),
        ("homeland", "home", False),
        ("他住在北京市", "北京", True),
    ],
)
def test_a_text_holds_an_answer_whose_words_stand_side_by_side(
    text: str, answer: str, held: bool
) -> None:
    assert holds(text, ("nothing of the kind", answer)) is held


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("text", ["", "?", "the", "anything"])
def test_an_answer_without_a_word_never_matches(
    measure: Callable[[str, tuple[str, ...]], float], text: str
) -> None:
    assert measure(text, ("?", "", "the")) == 0


@pytest.mark.parametrize("measure", MEASURES)
def test_an_answer_without_a_word_is_no_harm_to_the_others(
    measure: Callable[[str, tuple[str, ...]], float],
) -> None:
    assert measure("yes", ("?", "Yes!")) == 1


@pytest.mark.parametrize("measure", MEASURES)
def test_without_a_gold_answer_there_is_no_score(
    measure: Callable[[str, tuple[str, ...]], float],
) -> None:
    with pytest.raises(ValueError, match="no gold answer to hold the text against"):
        measure("yes", ())


# Any characters at all, and those that the rules for numbers and letters look at.
texts = st.text(max_size=30) | st.text("a19.,' \u00a0京", max_size=30)


@untimed
@given(texts, st.lists(texts, min_size=1, max_size=3).map(tuple))
def test_scores_are_shares_and_the_strict_imply_the_lenient(
    text: str, answers: tuple[str, ...]
) -> None:
    exact, f1, held = (measure(text, answers) for measure in MEASURES)
    assert 0 <= f1 <= 1
    assert not held or f1 > 0
    assert not exact or (f1, held) == (1, True)


@untimed
@given(texts)
def test_a_text_is_an_answer_to_itself_if_it_has_a_word(text: str) -> None:
    assert exact_match(text, (text,)) == bool(normalised(text))


@untimed
@given(texts, texts)
def test_f1_is_the_same_either_way(one: str, other: str) -> None:
    assert token_f1(one, (other,)) == token_f1(other, (one,))
