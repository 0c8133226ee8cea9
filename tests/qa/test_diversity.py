import pytest

from qa.diversity import distinct

LONG = (
    "You can return what you bought within thirty days of the day on which it came, in the box it "
    "came in and with the bill, by post or at any of our shops along the coast and in the town"
)


def kept(*texts: str) -> list[str]:
    return list(distinct(texts, lambda text: text))


def test_the_first_of_texts_that_say_the_same_is_kept() -> None:
    assert kept("The boats turn.", "Gulls cry.", "the BOAT turns!") == [
        "The boats turn.",
        "Gulls cry.",
    ]


@pytest.mark.parametrize(
    ("word", "other"),
    [("can", "cannot"), ("can", "can't"), ("thirty", "sixty"), ("within", "after")],
)
def test_one_word_may_make_all_the_difference(word: str, other: str) -> None:
    changed = LONG.replace(word, other, 1)

    assert kept(LONG, changed) == [LONG, changed]


def test_the_order_of_words_tells() -> None:
    assert len(kept("Spain beat Italy.", "Italy beat Spain.")) == 2


def test_nothing_is_made_of_nothing() -> None:
    assert kept() == []
