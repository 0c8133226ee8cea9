"""Stems are the stemmer's own, however many words come together and in whatever language."""

import pytest

from index.stemming import stemmed


@pytest.mark.parametrize(
    ("word", "language", "stem"),
    [
        ("defections", "en", "defect"),
        ("häuser", "de", "haus"),
        ("maisons", "fr", "maison"),
        ("defections", "ja", "defections"),  # there is no stemmer for it
        ("defections", "", "defections"),
    ],
)
def test_a_word_alone_and_among_thousands_has_the_same_stem(
    word: str, language: str, stem: str
) -> None:
    assert stemmed([word, word], language) == [stem, stem]
    assert stemmed([word] * 6_000, language) == [stem] * 6_000


def test_no_words_have_no_stems() -> None:
    assert stemmed([]) == []
