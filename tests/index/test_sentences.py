import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans
from tests.index.texts import TEXTS


def sentences(text: str, language: str = "") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    "one",
    [
        "Dr. Smith paid Mr. Lee.",
        "The U.S. Army came.",
        "Take fruit, e.g. apples, i.e. the red ones.",
        "It costs 3.5 km.",
        "He left at 5 p.m. on Monday.",
    ],
)
def test_an_abbreviation_ends_no_sentence(one: str) -> None:
    assert sentences(f"{one} Fine.") == [one, "Fine."]


def test_a_lower_case_letter_continues_the_sentence() -> None:
    assert sentences("It took approx. five hours. Then rest.") == [
        "It took approx. five hours.",
        "Then rest.",
    ]
    assert sentences("Stop! it said.") == ["Stop!", "it said."]


@pytest.mark.parametrize("language", ["", "zh", "zh-TW"])
def test_chinese_sentences_end_without_a_space(language: str) -> None:
    assert sentences("你好。我是猫！名字？还没有。", language) == [
        "你好。",
        "我是猫！",
        "名字？",
        "还没有。",
    ]


def test_japanese_sentences_end_without_a_space() -> None:
    assert sentences("私は猫です。名前はまだ無い。", "ja") == ["私は猫です。", "名前はまだ無い。"]


@pytest.mark.parametrize("language", ["", "hi"])
def test_a_danda_ends_a_hindi_sentence(language: str) -> None:
    assert sentences("यह एक वाक्य है। यह दूसरा है।", language) == ["यह एक वाक्य है।", "यह दूसरा है।"]


@pytest.mark.parametrize("language", ["", "ar"])
def test_an_arabic_question_mark_ends_a_sentence(language: str) -> None:
    assert sentences("هذه جملة. هل هذا سؤال؟ نعم.", language) == [
        "هذه جملة.",
        "هل هذا سؤال؟",
        "نعم.",
    ]


def test_spans_count_characters_and_leave_white_space_out() -> None:
    assert sentence_spans(" é😀 one.  Two.\n") == ((1, 8), (10, 14))


@pytest.mark.parametrize("blank", ["", " ", " \n\t\u3000"])
def test_a_blank_text_has_no_sentence(blank: str) -> None:
    assert sentence_spans(blank) == ()


def test_english_rules_serve_for_a_language_nobody_knows() -> None:
    assert sentences("Dr. Smith came. He left.", "zz") == ["Dr. Smith came.", "He left."]


@given(TEXTS, st.sampled_from(["", "en", "de", "ja", "hi", "ar", "ru", "zz"]))
def test_spans_cover_every_character_but_white_space_in_order(text: str, language: str) -> None:
    end = 0
    for start, stop in sentence_spans(text, language):
        assert not text[end:start].strip()
        assert start < stop
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert not text[end:].strip()
