import math
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.dates import dates
from qa.names import names
from qa.numbers import number
from qa.quantities import quantities
from qa.values import Question, met, tokens

LONG_NUMBER = "9" * 400


def read_quantities(text: str) -> list[tuple[str, float, str]]:
    return [(text[q.start : q.end], q.high, q.dimension) for q in quantities(text)]


def read_dates(text: str) -> list[str]:
    return [text[date.start : date.end] for date in dates(text)]


def quantities_agree(one: str, other: str) -> bool:
    (first,), (second,) = quantities(one), quantities(other)
    assert first.agrees(second) == second.agrees(first)
    return first.agrees(second)


def dates_agree(one: str, other: str) -> bool:
    (first,), (second,) = dates(one), dates(other)
    assert first.agrees(second) == second.agrees(first)
    return first.agrees(second)


@pytest.mark.parametrize(
    ("text", "said", "value", "dimension"),
    [
        ("it is 248 km long", "248 km", 248_000, "length"),
        ("a 248-kilometre-long zone", "248-kilometre", 248_000, "length"),
        ("a four-kilometre-wide zone", "four-kilometre", 4_000, "length"),
        ("some 2.5 miles", "some 2.5 miles", 4023.36, "length"),
        ("about 34,352 people", "about 34,352", 34_352, "number"),
        ("34\u202f352 people", "34\u202f352", 34_352, "number"),
        ("1.2 million people", "1.2 million", 1_200_000, "number"),
        ("two hundred and forty-eight pages", "two hundred and forty-eight", 248, "number"),
        ("twenty-one thousand visitors", "twenty-one thousand", 21_000, "number"),
        ("$31,250 a head", "$31,250 a head", 31_250, "dollars per head"),
        ("it costs £5m now", "£5m", 5_000_000, "pounds"),
        ("20 euros", "20 euros", 20, "euros"),
        ("12 percent of it", "12 percent", 12, "percent"),
        ("12% of it", "12%", 12, "percent"),
        ("at 60 km/h", "60 km/h", 60_000, "length per h"),
        ("3 square kilometres", "3 square kilometres", 3_000_000, "area"),
        ("2 weeks", "2 weeks", 1_209_600, "time"),
        ("-5 °C at night", "-5 °C", -5, "temperature"),
        ("250 km (155 miles) away", "250 km", 250_000, "length"),
        ("١٢ km", "١٢ km", 12_000, "length"),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, said: str, value: float, dimension: str) -> None:
    ((read, high, of),) = read_quantities(text)

    assert (read, of) == (said, dimension)
    assert high == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no number",
        LONG_NUMBER,
        "1e999",
        "nan",
        "inf",
        "1.2.3.4",
        "v2",
        "A4",
        "the 19th",
        "http://x/12",
        "hundreds of millions",
        "½",
        "²",
        "五",
        "a" + "\u0301" * 200,
    ],
)
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert read_quantities(text) == []


def test_fahrenheit_is_converted() -> None:
    ((_, degrees, dimension),) = read_quantities("98.6 °F")

    assert dimension == "temperature"
    assert degrees == pytest.approx(37)


def test_a_range_is_one_quantity() -> None:
    (only,) = quantities("takes 10 to 15 days")

    assert (only.low, only.high) == (864_000, 1_296_000)


def test_a_bound_has_one_open_end() -> None:
    (least,), (most,) = quantities("more than 30 km"), quantities("up to 30 km")

    assert (least.low, least.high) == (30_000, math.inf)
    assert (most.low, most.high) == (-math.inf, 30_000)


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("248 km long and four km wide", ["length", "width"]),
        ("the 248-kilometre-long, four-kilometre-wide zone", ["length", "width"]),
        ("4 kilometers (2.5 miles) wide", ["width"]),
        ("a depth of 30 m", ["depth"]),
        ("its width is about 4 km", ["width"]),
        ("it spans 250 km", [""]),
        ("she is 30 years old", ["age"]),
    ],
)
def test_what_is_measured_is_read_beside_the_number(text: str, attributes: list[str]) -> None:
    assert [one.attribute for one in quantities(text)] == attributes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("34,000", "34,000"),
        ("34,000", "about 34,352"),
        ("about 34,000", "34,352"),
        ("approximately 34,352", "about 34,000"),
        ("248 km", "248 kilometres"),
        ("248 km", "248-kilometre"),
        ("about 250 km", "248 km"),
        ("4 km", "2.5 miles"),
        ("4 km", "four kilometres"),
        ("4 km", "4.0 km"),
        ("4 km", "4,000 m"),
        ("98.6 °F", "37 °C"),
        ("1.2 million", "1,234,567"),
        ("two weeks", "14 days"),
        ("10 to 15 days", "12 days"),
        ("10–15 days", "10-15 days"),
        ("more than 30,000", "34,352"),
        ("up to 5 km", "3 km"),
        ("50%", "50 percent"),
        ("$20", "20 dollars"),
        ("$20", "€20"),  # cannot be compared
        ("5 kg", "5 km"),  # nor can these
    ],
)
def test_quantities_that_agree(one: str, other: str) -> None:
    assert quantities_agree(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("248 km", "250 km"),
        ("34,000", "34,352"),
        ("about 30,000", "38,000"),
        ("4 km", "4.5 km"),
        ("4 km", "4 miles"),
        ("1.2 million", "1.3 million"),
        ("10 to 15 days", "20 days"),
        ("5 to 7 days", "7 to 10 days"),
        ("more than 30,000", "16"),
        ("up to 3 days", "5 days"),
        ("20%", "25%"),
        ("$31,250", "$34,753"),
        ("-5 °C", "5 °C"),
        ("three", "four"),
        ("999999999999999", "999999999999998"),
    ],
)
def test_quantities_that_differ(one: str, other: str) -> None:
    assert not quantities_agree(one, other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("on 19 October 2025.", ["19 October 2025"]),
        ("on October 19, 2025", ["October 19, 2025"]),
        ("on 2025-10-19", ["2025-10-19"]),
        ("am 19.10.2025", ["19.10.2025"]),
        ("on the 1st of May", ["1st of May"]),
        ("in Oct. 2025", ["Oct. 2025"]),
        ("in 1953", ["1953"]),
        ("the 1960s", ["1960s"]),
        ("10/19/2025", ["2025"]),
        ("(5 January 1884 – 11 November 1959)", ["5 January 1884", "11 November 1959"]),
        ("may be", []),
        ("2,025", []),
        ("over 2000 years", []),
        ("99 October", []),
        ("2025-99-99", ["2025-99"]),
        ("1" * 400, []),
    ],
)
def test_dates_are_read_as_they_are_written(text: str, said: list[str]) -> None:
    assert read_dates(text) == said


def test_what_opens_a_span_takes_the_year_from_what_ends_it() -> None:
    opens, ends = dates("July 30 to August 14, 1932")

    assert (opens.years, opens.month, opens.day, opens.part) == ((1932, 1932), 7, 30, "from")
    assert ends.part == "to"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("19 Oct 2025", "October 19, 2025"),
        ("19 October 2025", "2025-10-19"),
        ("19 October 2025", "October 2025"),
        ("19 October 2025", "2025"),
        ("October 19", "19 October 2025"),
        ("1963", "the 1960s"),
        ("1846–47", "1847"),
    ],
)
def test_dates_agree_where_one_is_a_coarser_form_of_the_other(one: str, other: str) -> None:
    assert dates_agree(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("19 October 2025", "20 October 2025"),
        ("19 October 2025", "19 October 2024"),
        ("October 2025", "November 2025"),
        ("1953", "1950"),
        ("31 March", "15 April"),
        ("1971", "the 1960s"),
    ],
)
def test_dates_that_differ(one: str, other: str) -> None:
    assert not dates_agree(one, other)


def test_names_are_runs_of_capitalised_words() -> None:
    text = "It was led by Ludwig van Beethoven, then by Zoltán Kodály's pupil."

    assert [text[name.start : name.end] for name in names(text)] == [
        "Ludwig van Beethoven",
        "Zoltán Kodály",
    ]


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Lee Jae Myung", "Lee Jae-myung", True),
        ("President Lee", "Lee Jae Myung", True),
        ("Zoltán Korda", "Zoltan Korda", True),
        ("Dean Martin", "Elvis Presley", False),
    ],
)
def test_names_agree_where_they_share_a_word(one: str, other: str, agree: bool) -> None:
    (first,), (second,) = names(one), names(other)

    assert first.agrees(second) is second.agrees(first) is agree


def test_a_question_asks_something_of_its_names() -> None:
    question = Question.read("When was the Eiffel Tower built?")

    assert question.names == {"eiffel", "tower"}
    assert "built" in question.asks
    assert question.asks_for("construct")  # another word for it


def test_a_question_in_lower_case_learns_its_names_from_the_sources() -> None:
    question = Question.read("when was the eiffel tower built?", ["Paris built the Eiffel Tower."])

    assert question.names == {"eiffel", "tower"}


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    values: list[Any] = [*quantities(text), *dates(text), *names(text)]
    for value in values:
        assert 0 <= value.start < value.end <= len(text)
        assert value.agrees(value)


@given(st.lists(st.sampled_from(["nine", "hundred", "million", "and", "-", "9" * 20, "1.5", "to"])))
def test_any_run_of_number_words_is_finite(parts: list[str]) -> None:
    text = " ".join(parts)
    read = [number(text, tokens(text), place) for place in range(len(tokens(text)))]

    assert all(math.isfinite(one.value) and one.step > 0 for one in read if one)


@pytest.mark.parametrize("around", ["{}", "1{}2", "x{}3-4", "a ({}5"])
def test_ascii_is_read_as_any_other_text(around: str) -> None:
    letters = map(chr, range(128))
    for text in (around.format(one + other) for one, other in product(letters, repeat=2)):
        apart = tokens(f"{text} é")  # one letter that is not
        assert tokens(text) == apart[:-1], text


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("They built the bridge.", {"built", "construct", "erect"}),
        ("They sold the bridge.", set()),
    ],
)
def test_a_word_stands_for_its_family(text: str, held: set[str]) -> None:
    assert met(frozenset({"built", "construct", "erect"}), text) == held
