import pytest

from index.documents import Document
from index.passages import Passage, split
from qa.evidence import (
    BESIDE_MARGIN,
    COSINE_WEIGHT,
    COVERAGE_WEIGHT,
    KIND_WEIGHT,
    MAX_QUOTES,
    PASSAGE_WEIGHT,
    SECOND_MARGIN,
    SHORT_CHARS,
    WHOLE_CHARS,
    Evidence,
    evidence,
    leans_back,
    statements,
)
from qa.hit import Hit, Match

from .corpus import article, faq, hit, passage

PORT = article("port", "Port", "Boats lie here. The tide turns at noon. Gulls cry.")
COAST = article("coast", "Coast", "Low water comes at noon. It lasts an hour.")
ENTRY = faq("faq:1", "When does the tide turn?", "It turns at noon. Mind the rocks.")
LITTLE = 0.001


def holding(of: Passage, *shares: float, score: float = 0.5, question: float | None = None) -> Hit:
    """A hit whose sentences, and FAQ question, hold these shares of the question and no more."""
    asked = None if question is None else Match(0.0, question, 0.0, 0.0)
    return hit(of, *[0.0] * len(shares), held=shares, score=score, question=asked)


def texts(*hits: Hit, question: str = "") -> list[str]:
    return [one.text for one in evidence(hits, question)]


def twin(id_: str, text: str = "One thing. Another.") -> Document:
    return article(id_, id_, text)


def test_the_best_sentence_is_quoted_as_a_span_of_its_passage() -> None:
    best = holding(passage(PORT), 0.0, 0.8, 0.0, score=0.7)

    (only,) = evidence([best])

    assert only == Evidence(best, 16, 39, fit=COVERAGE_WEIGHT * 0.8)
    assert only.text == "The tide turns at noon."
    assert only.worth == pytest.approx(COVERAGE_WEIGHT * 0.8 + PASSAGE_WEIGHT * 0.7)


def test_a_sentence_that_holds_the_questions_words_beats_one_as_near() -> None:
    (only,) = evidence([hit(passage(PORT), 0.5, 0.5, 0.5, held=(0.0, 1.0, 0.0))])

    assert only.text == "The tide turns at noon."
    assert only.fit == pytest.approx(COSINE_WEIGHT * 0.5 + COVERAGE_WEIGHT)


def test_a_sentence_that_holds_the_kind_of_thing_asked_for_fits_better() -> None:
    found = holding(passage(PORT), 0.5, 0.5, 0.5)

    assert statements(found) == {0: 0.5, 1: 0.5, 2: 0.5}
    assert statements(found, "date") == {0: 0.5, 1: 0.5 + KIND_WEIGHT, 2: 0.5}


def test_of_two_passages_that_fit_alike_the_one_with_what_is_asked_for_comes_first() -> None:
    cries = holding(passage(twin("gulls", "Gulls cry for fish.")), 0.5)
    turns = holding(passage(twin("tide", "The tide turns at noon.")), 0.5)

    assert texts(cries, turns, question="Is it the tide?")[0] == "Gulls cry for fish."
    assert texts(cries, turns, question="When is it?")[0] == "The tide turns at noon."


@pytest.mark.parametrize(
    ("shares", "quoted"),
    [
        ((0.0, 0.9, 0.0), "The tide turns at noon."),
        ((0.6, 0.9, 0.0), "Boats lie here. The tide turns at noon."),
        ((0.6, 0.9, 0.6), "Boats lie here. The tide turns at noon. Gulls cry."),
        ((0.9, 0.0, 0.8), "Boats lie here."),  # nothing that fits less stands within a quote
    ],
)
def test_sentences_beside_the_best_are_quoted_with_it_where_they_fit_about_as_well(
    shares: tuple[float, ...], quoted: str
) -> None:
    assert texts(holding(passage(PORT), *shares)) == [quoted]


def test_a_sentence_that_fits_too_little_stays_out_of_the_quote() -> None:
    within, beyond = 0.9 - BESIDE_MARGIN + LITTLE, 0.9 - BESIDE_MARGIN - LITTLE

    assert texts(holding(passage(COAST), 0.9, within)) == [COAST.text]
    assert texts(holding(passage(COAST), 0.9, beyond)) == ["Low water comes at noon."]


@pytest.mark.parametrize(("length", "both"), [(WHOLE_CHARS, True), (WHOLE_CHARS + 1, False)])
def test_no_quote_of_several_sentences_grows_long(length: int, both: bool) -> None:
    start = "The tide turns at noon. "
    long = article("long", "Long", start + "X" * (length - len(start) - 1) + ".")

    assert texts(holding(passage(long), 0.9, 0.9)) == [long.text if both else start.strip()]


def test_the_sentence_before_tells_who_he_is() -> None:
    keeper = article("keeper", "Keeper", "Fog is rare. Tom Reed keeps the light. He came in 1950.")

    assert texts(holding(passage(keeper), 0.0, 0.0, 0.9)) == [
        "Tom Reed keeps the light. He came in 1950."
    ]


def test_no_more_than_one_sentence_is_taken_in_before_the_best() -> None:
    keeper = article("keeper", "Keeper", "Tom Reed is the keeper. He is old. He came in 1950.")

    assert texts(holding(passage(keeper), 0.0, 0.0, 0.9)) == ["He is old. He came in 1950."]


def test_a_question_tells_nobody_who_he_is() -> None:
    keeper = article("keeper", "Keeper", "Who is Tom Reed? He is the keeper.")

    assert texts(holding(passage(keeper), 0.0, 0.9)) == ["He is the keeper."]


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        ("He came in 1950.", True),
        ("But he left again.", True),
        ("However, it broke.", True),
        ("This was no wonder.", True),
        ("In 1950, she came back.", True),
        ("Its light is red.", True),
        ("When Ann Reed was ill, he came back.", False),  # the sentence itself may tell
        ("The light is red.", False),
        ("Er kam 1950 zurück.", False),
    ],
)
def test_a_sentence_leans_on_the_one_before_by_how_it_opens(sentence: str, leans: bool) -> None:
    of = passage(article("a", "A", f"The light is new. {sentence}"))

    assert leans_back(of, 1) is leans
    assert leans_back(passage(article("a", "A", sentence)), 0) is False  # nothing stands before


def test_no_sentence_leans_on_another_paragraph() -> None:
    of = passage(article("a", "A", "Tom Reed keeps the light.", "He came in 1950."))

    assert of.text == "Tom Reed keeps the light.\n\nHe came in 1950."
    assert leans_back(of, 1) is False


def test_an_entry_found_by_its_question_is_quoted_whole() -> None:
    (only,) = evidence([holding(passage(ENTRY), 0.3, 0.2, question=0.9)])

    assert only.text == ENTRY.text == "It turns at noon. Mind the rocks."
    assert only.fit == COVERAGE_WEIGHT * 0.9


def test_what_an_entry_holds_counts_whether_it_is_quoted_whole_or_not() -> None:
    found = holding(passage(ENTRY), 0.8, 0.2, question=0.9)

    (only,) = evidence([found], "When is it?")

    assert only.text == ENTRY.text
    assert only.fit == pytest.approx(COVERAGE_WEIGHT * 0.9 + KIND_WEIGHT)


@pytest.mark.parametrize(("length", "whole"), [(SHORT_CHARS, True), (SHORT_CHARS + 1, False)])
def test_an_entry_found_by_one_of_its_sentences_is_quoted_by_it_unless_it_is_short(
    length: int, whole: bool
) -> None:
    end = " Mind the rocks."
    entry = faq("faq:2", "When?", "X" * (length - len(end) - 1) + "." + end)

    (only,) = texts(holding(passage(entry), 0.3, 0.9, question=0.5))

    assert only == (entry.text if whole else "Mind the rocks.")


@pytest.mark.parametrize(("length", "whole"), [(WHOLE_CHARS, True), (WHOLE_CHARS + 1, False)])
def test_a_long_entry_is_quoted_by_its_best_sentence(length: int, whole: bool) -> None:
    start = "It turns at noon. "
    entry = faq("faq:2", "When?", start + "X" * (length - len(start) - 1) + ".")

    (only,) = texts(holding(passage(entry), 0.4, 0.3, question=0.9))

    assert only == (entry.text if whole else "It turns at noon.")


def test_a_second_document_is_quoted_beside_the_first_where_it_is_about_as_good() -> None:
    best = holding(passage(PORT), 0.0, 0.9, 0.0)
    within = holding(passage(COAST), 0.9 - SECOND_MARGIN + LITTLE, 0.0)
    beyond = holding(passage(COAST), 0.9 - SECOND_MARGIN - LITTLE, 0.0)

    assert texts(best, within) == ["The tide turns at noon.", "Low water comes at noon."]
    assert texts(best, beyond) == ["The tide turns at noon."]


def test_a_document_that_fits_too_little_hides_none_behind_it() -> None:
    best = holding(passage(PORT), 0.0, 0.9, 0.0)
    weak = holding(passage(COAST), 0.5, 0.0, score=0.9)
    third = holding(passage(twin("third")), 0.85, 0.0, score=0.5)

    assert SECOND_MARGIN < 0.9 - 0.5
    assert texts(best, weak, third) == ["The tide turns at noon.", "One thing."]


def test_the_more_telling_sentence_comes_first_whatever_the_rank() -> None:
    first, second = holding(passage(PORT), 0.0, 0.85, 0.0), holding(passage(COAST), 0.9, 0.0)

    assert texts(first, second) == ["Low water comes at noon.", "The tide turns at noon."]


def test_a_better_passage_makes_its_sentences_worth_more() -> None:
    better = holding(passage(PORT), 0.0, 0.8, 0.0, score=0.5 + 0.2 / PASSAGE_WEIGHT)
    fuller = holding(passage(COAST), 0.9, 0.0)

    assert texts(better, fuller)[0] == "The tide turns at noon."


def test_the_same_words_are_quoted_once() -> None:
    copy = passage(article("copy", "Copy", "the tide turns at NOON"))

    assert texts(holding(passage(PORT), 0.0, 0.9, 0.0), holding(copy, 0.9)) == [
        "The tide turns at noon."
    ]


def test_each_passage_of_a_document_may_be_quoted_once() -> None:
    document = article("long", "Long", "The tide turns. " + "A" * 120, "Fog hides it. " + "B" * 120)
    first, second = split(document)

    assert texts(holding(first, 0.9, 0.0), holding(second, 0.9, 0.0)) == [
        "The tide turns.",
        "Fog hides it.",
    ]


@pytest.mark.parametrize("mark", ["?", "？", "؟"])
def test_a_question_is_never_quoted_as_an_answer(mark: str) -> None:
    asks = article("asks", "Asks", f"Does the tide turn{mark} At noon it does.")
    only_asks = article("only", "Only", f"Does the tide turn{mark}")

    assert texts(holding(passage(asks), 0.9, 0.8)) == ["At noon it does."]
    assert texts(holding(passage(only_asks), 0.9)) == []


def test_no_more_than_so_many_documents_are_quoted() -> None:
    hits = [holding(passage(twin(f"d{n}", f"Thing {n}.")), 0.9) for n in range(MAX_QUOTES + 1)]

    assert texts(*hits) == [f"Thing {n}." for n in range(MAX_QUOTES)]


def test_nothing_found_gives_nothing_to_quote() -> None:
    assert evidence([]) == ()
