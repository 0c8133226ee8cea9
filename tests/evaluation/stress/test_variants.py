"""A question as others might type it."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import content_words
from qa.evaluation.stress.typo import WORD_LETTERS, slipped
from qa.evaluation.stress.variants import (
    KINDS,
    Variant,
    keywords,
    lower_case,
    negation,
    no_punctuation,
    topic,
    typo,
    word_order,
)
from qa.question import MAX_CHARS, cleaned
from tests.index.texts import TEXTS

TOKENS = (
    *("How", "do", "does", "I", "you", "the", "is", "can't", "return", "parcel,", "e-mail?"),
    *(
        "👩\u200d🚀",
        "(café)",
        "WHO",
        "not",
        "1,000",
        "“it”",
        "U.S.",
        "한국어로",
        "पार्सल",
        "भेजना",
        "…",
    ),
)
ENGLISH = st.lists(st.sampled_from(TOKENS), max_size=12).map(" ".join)
ANY_TEXT = st.text(max_size=80) | TEXTS | ENGLISH


@pytest.mark.parametrize("kind", KINDS)
@given(text=ANY_TEXT)
def test_any_text_has_another_question_fit_to_ask_or_none(kind: str, text: str) -> None:
    variant = KINDS[kind](text)

    assert KINDS[kind](text) == variant
    if variant is not None:
        assert cleaned(variant) == variant != cleaned(text)
        assert variant.replace("\u200c", "").replace("\u200d", "").isprintable()


@pytest.mark.parametrize("variant", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("text", ["", " \n", "\x00", "half \ud800 a character", "x " * MAX_CHARS])
def test_what_cannot_be_asked_has_no_variant(variant: Variant, text: str) -> None:
    assert variant(text) is None


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("How do I return a parcel?", "How do I return a parceel?"),  # doubled
        ("Is the shop open?", "Is the shpo open?"),  # swapped; no word has five letters
        ("When does the ferry leave?", "When does the ferr leave?"),  # dropped
        ("Are tourists helped?", "Are toirists helped?"),  # hit beside its key
    ],
)
def test_a_typo_is_one_slip_of_the_finger(question: str, written: str) -> None:
    assert typo(question) == written


BESIDE = {"a": "qwsz", "d": "ersfxc", "l": "opk", "m": "jkn", "o": "ipkl"}


@pytest.mark.parametrize("word", ["salad", "dollam", "DOLLAM"])
def test_every_slip_comes_up_and_no_other(word: str) -> None:
    lower = word.lower()
    places = range(1, len(word))
    slips = {
        "swapped": {lower[:i] + lower[i + 1] + lower[i] + lower[i + 2 :] for i in places[:-1]},
        "dropped": {lower[:i] + lower[i + 1 :] for i in places},
        "doubled": {lower[: i + 1] + lower[i:] for i in places},
        "beside": {lower[:i] + key + lower[i + 1 :] for i in places for key in BESIDE[lower[i]]},
    }
    # The numbers only make 2,000 different questions.
    written = {str(slipped(f"{number} {word}")).split()[1] for number in range(2_000)}

    assert {one.lower() for one in written} == set.union(*slips.values()) - {lower}
    assert all(one.isupper() == word.isupper() for one in written)


@given(ENGLISH)
def test_a_typo_leaves_all_but_one_long_word_and_its_first_letter(question: str) -> None:
    before, after = question.split(), (slipped(question) or question).split()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]

    assert len(changed) <= 1
    for old, new in changed:
        assert len(old) >= min(WORD_LETTERS)
        assert abs(len(old) - len(new)) <= 2  # a letter may have its combining mark
        assert old.strip("(“")[0] == new.strip("(“")[0]


def test_a_typo_strikes_a_long_word_with_a_topic() -> None:
    struck = {typo(f"Which {n} would there be about a parcel?") for n in range(200)}

    assert all(text and "Which" in text and "there" in text for text in struck)


@pytest.mark.parametrize("word", ["метро" * 2, "한국어로", "שלוםש"])
def test_other_scripts_know_no_keys_beside(word: str) -> None:
    written = [slipped(f"{number} {word}") for number in range(200)]

    # A key beside would bring in a letter that the word has not.
    assert all(set(text or "") <= set(f"0123456789 {word}") for text in written)
    assert len(set(written)) > 100


def test_a_letter_and_its_marks_slip_together() -> None:
    letters = ["x", "a\u0302\u0323", "b", "o\u0308\u0331", "c"]  # NFC has no one character for them
    word = "".join(letters)

    for number in range(100):
        _, written = str(slipped(f"{number} {word}")).split()
        assert all(written.count(letter[0]) == written.count(letter) for letter in letters[:4:2])
        assert "\u0302\u0323\u0302" not in written
        assert written[0] == "x"


def test_short_words_and_signs_have_no_typo() -> None:
    assert typo("Why can't I log in?") is None
    assert typo("1,000 👩\u200d🚀 ???") is None


def test_a_typo_is_the_same_in_every_process() -> None:
    code = "from qa.evaluation.stress.variants import typo; print(typo('Is the shop open?'))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "Is the shpo open?\n"


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Where did the soldier cross the DMZ?", "soldier cross DMZ"),
        ("What's the refund policy?", "refund policy"),
        ("Why can't I log in?", "can't log"),  # what negates is kept
        ("Do you take “used” goods, (too)?", "take used goods"),
        ("Is IT support open at 10:30?", "IT support open 10:30"),
        ("IS IT SUPPORT OPEN?", "SUPPORT OPEN"),
        ("Is C++ or C# taught in the U.S.?", "C++ C# taught U.S"),
        ("Can I pay with PayPal 👩\u200d🚀?", "pay PayPal"),
        ("Is it open?", None),  # one word is left
        ("Refund policy?", None),  # all words are left
        ("Where?", None),
        ("怎么退款？", None),
        ("¿Cómo devolver un paquete?", None),
    ],
)
def test_keywords_are_the_words_with_a_topic(question: str, kept: str | None) -> None:
    assert keywords(question) == kept


def test_a_title_has_its_topic_as_it_is_spelled() -> None:
    assert topic("The soldier's escape – and the U.S.") == ["soldier's", "escape", "U.S"]
    assert topic("Who are you?") == []


def test_content_words_may_be_none() -> None:
    assert content_words("How wide is the DMZ?") == ["wide", "dmz"]
    assert content_words("Who are you?") == []


def test_lower_case_has_no_capital() -> None:
    assert lower_case("Wie breit ist die DMZ?") == "wie breit ist die dmz?"
    assert lower_case("all small already?") is None
    assert lower_case("怎么退款？") is None


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("Don't ask, why?", "Dont ask why"),
        ("¿Cómo puedo (yo) pagar?", "Cómo puedo yo pagar"),
        ("Shipping—how long?", "Shipping how long"),
        ("Is it “free”… or not?!", "Is it free or not"),
        ("Is 1,000 at 10:30 on example.com too much?", "Is 1,000 at 10:30 on example.com too much"),
        ("An e-mail - or a call?", "An e-mail or a call"),
        ("C# & C++?", "C# & C++"),
        ("你好，请问怎么退款？", "你好 请问怎么退款"),
        ("متى يفتح المتجر؟", "متى يفتح المتجر"),
        ("No marks", None),
        ("???", None),
    ],
)
def test_no_punctuation_keeps_what_belongs_to_a_word(question: str, bare: str | None) -> None:
    assert no_punctuation(question) == bare


@pytest.mark.parametrize(
    ("question", "turned"),
    [
        ("How do I return a parcel?", "return a parcel How do I?"),
        ("When does the ferry leave?", "the ferry leave When does?"),
        ("If I move, can I cancel?", "can I cancel If I move?"),
        ("¿Cómo puedo devolver un paquete?", "¿devolver un paquete Cómo puedo?"),
        ("Can I pay with 👩\u200d🚀 - please", "with 👩\u200d🚀 - please Can I pay"),
        ("one two three?", None),
        ("Is - it open ?", None),  # a dash is no word
        ("tick tick tick tick", None),
        ("你好，请问怎么退款？", None),
    ],
)
def test_word_order_puts_the_second_half_first(question: str, turned: str | None) -> None:
    assert word_order(question) == turned


@pytest.mark.parametrize(
    ("question", "opposite"),
    [
        ("How do I cancel my order?", "How do I not cancel my order?"),
        ("What is it?", "What is it not?"),
        ("Do You Ship?", "Do You not Ship?"),
        ("Is the shop open?", "Isn't the shop open?"),
        ("Is IT support free?", "Isn't IT support free?"),
        ("DO YOU SHIP?", "DON'T YOU SHIP?"),
        ("HOW DO I PAY?", "HOW DO I NOT PAY?"),
        ("What can be sent?", "What can't be sent?"),
        ("Which parcels will arrive?", "Which parcels won't arrive?"),
        ("How to see if a parcel has come?", "How to see if a parcel hasn't come?"),
        ("What to do first?", None),  # no auxiliary
        ("Is this a must-have?", "Isn't this a must-have?"),
        ("A must-have?", None),
        ("WHAT TO DO?", None),
        ("ſhould ıs be?", None),  # a regex that ignores case takes these for "should" and "is"
        ("What's new?", None),
        ("Why is it not open?", None),
        ("Why can’t I log in?", None),
        ("Why dont you ship?", None),
        ("Is there no fee?", None),
        ("Can I pay without a card?", None),
        ("Could I ever, or NEVER?", None),
        ("Do I need to know a notary?", "Do I not need to know a notary?"),
    ],
)
def test_negation_puts_not_where_it_belongs(question: str, opposite: str | None) -> None:
    assert negation(question) == opposite
