import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError
from qa.question import MAX_CHARS, cleaned

EMPTY = "^the question is empty; type one$"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("How long is it?", "How long is it?"),
        ("  How\tlong\r\n is\u00a0it?\u2028", "How long is it?"),
        ("cafe\u0301", "café"),
        ("cafe\u200b\u0301", "café"),  # NFC also across what is taken out
        ("How\0 long?", "How long?"),
        ("\x1b[31mred\x07", "[31mred"),
        ("How\u200b long\ufeff?", "How long?"),
        ("soft\u00adly", "softly"),
        ("\u202egnol woH\u202c", "gnol woH"),
        ("\u2066How\u2069", "How"),
        ("private \ue000 use", "private use"),
        ("می\u200cروم", "می\u200cروم"),  # the joiner is part of Persian spelling
        ("👩\u200d🚀?", "👩\u200d🚀?"),
        ("e" + 100 * "\u0301" + "x", "é\u0301\u0301\u0301x"),
        ("Tiếng Việt", "Tiếng Việt"),
        ("１２ ｋｍ", "１２ ｋｍ"),  # full width stays as typed; the word search unifies it
        ("😀?!", "😀?!"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{7*7}} ' OR 1=1--", "{{7*7}} ' OR 1=1--"),
    ],
)
def test_a_question_is_read_on_one_line_without_what_nobody_sees(typed: str, read: str) -> None:
    assert cleaned(typed) == read


@pytest.mark.parametrize(
    "nothing",
    ["", "   ", "\n\t\u3000", "\0\x01\x1b", "\u200b\u2060\ufeff", "\u200c\u200d \u200d", "\u202e"],
)
def test_nothing_to_read_is_no_question(nothing: str) -> None:
    with pytest.raises(QuestionError, match=EMPTY):
        cleaned(nothing)


@pytest.mark.parametrize("broken", ["\ud800", "How \udfff long?"])
def test_half_a_character_is_named_and_not_dropped(broken: str) -> None:
    message = "^the question holds a broken character; type it again$"
    with pytest.raises(QuestionError, match=message):
        cleaned(broken)


def test_as_many_characters_as_allowed_are_read() -> None:
    assert cleaned("x" * MAX_CHARS) == "x" * MAX_CHARS


def test_white_space_around_a_question_does_not_count() -> None:
    assert cleaned("  " + "x" * MAX_CHARS + "\n") == "x" * MAX_CHARS


@pytest.mark.parametrize(
    ("length", "shown"), [(MAX_CHARS + 1, "501"), (10_240, "10,240"), (5_000_000, "5,000,000")]
)
def test_a_longer_question_is_told_its_length_and_the_bound(length: int, shown: str) -> None:
    message = f"^the question has {shown} characters, at most 500 are read; shorten it$"
    with pytest.raises(QuestionError, match=message):
        cleaned("x" * length)


def test_a_very_long_question_is_turned_down_before_it_is_looked_at() -> None:
    # Half a character at its end would be complained about first, were it looked at.
    with pytest.raises(QuestionError, match=r"^the question has 10,001 characters, "):
        cleaned("x" * 20 * MAX_CHARS + "\ud800")


@given(st.text(max_size=60))
def test_what_is_read_is_nfc_on_one_line_without_controls_and_stays_so(typed: str) -> None:
    try:
        read = cleaned(typed)
    except QuestionError:
        return
    assert unicodedata.is_normalized("NFC", read)
    assert read == " ".join(read.split())
    assert not {unicodedata.category(c) for c in read if c not in "\u200c\u200d"} & {
        "Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"
    }  # fmt: skip
    assert cleaned(read) == read
