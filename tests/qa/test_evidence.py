import pytest

from index.documents import Document
from index.passages import split
from qa.evidence import (
    COVERAGE_WEIGHT,
    MAX_QUOTES,
    PASSAGE_WEIGHT,
    SECOND_MARGIN,
    WHOLE_CHARS,
    Evidence,
    evidence,
)
from qa.hit import Hit, Match

from .corpus import article, faq, hit, passage

PORT = article("port", "Port", "Boats lie here. The tide turns at noon. Gulls cry.")
COAST = article("coast", "Coast", "At noon the tide turns. It is low then.")
ENTRY = faq("faq:1", "When does the tide turn?", "It turns at noon. Mind the rocks.")


def texts(*hits: Hit) -> list[str]:
    return [one.text for one in evidence(hits)]


def twin(id_: str, text: str = "One thing. Another.") -> Document:
    return article(id_, id_, text)


def test_the_best_sentence_is_quoted_as_a_span_of_its_passage() -> None:
    best = hit(passage(PORT), 0.2, 0.8, 0.1, score=0.7)

    (only,) = evidence([best])

    assert only == Evidence(best, 16, 39, fit=0.8)
    assert only.text == "The tide turns at noon."
    assert only.worth == pytest.approx(0.8 + PASSAGE_WEIGHT * 0.7)


def test_a_sentence_that_holds_the_questions_words_beats_one_as_near() -> None:
    (only,) = evidence([hit(passage(PORT), 0.5, 0.5, 0.5, held=(0.0, 1.0, 0.0))])

    assert only.text == "The tide turns at noon."
    assert only.fit == pytest.approx(0.5 + COVERAGE_WEIGHT)


def test_of_equal_sentences_the_first_is_quoted() -> None:
    assert texts(hit(passage(PORT), 0.5, 0.5, 0.5)) == ["Boats lie here."]


def test_an_entry_found_by_its_question_is_quoted_whole() -> None:
    found = hit(passage(ENTRY), 0.3, 0.2, question=Match(0.9, 0.0, 0.0, 0.0), asked=ENTRY.title)

    (only,) = evidence([found])

    assert only.text == ENTRY.text == "It turns at noon. Mind the rocks."
    assert only.fit == 0.9


def test_an_entry_found_by_an_alternate_weighs_that_wordings_words() -> None:
    found = hit(passage(ENTRY), 0.3, 0.2, question=Match(0.9, 1.0, 0.0, 0.0), asked="Is there fog?")

    (only,) = evidence([found])

    assert only.text == ENTRY.text
    assert only.fit == pytest.approx(0.9 + COVERAGE_WEIGHT)


def test_an_entry_found_by_one_of_its_sentences_is_quoted_by_it() -> None:
    found = hit(passage(ENTRY), 0.3, 0.9, question=Match(0.5, 0.0, 0.0, 0.0), asked=ENTRY.title)

    assert texts(found) == ["Mind the rocks."]


@pytest.mark.parametrize(("length", "whole"), [(WHOLE_CHARS, True), (WHOLE_CHARS + 1, False)])
def test_a_long_entry_is_quoted_by_its_best_sentence(length: int, whole: bool) -> None:
    start = "It turns at noon. "
    entry = faq("faq:2", "When?", start + "X" * (length - len(start) - 1) + ".")

    (only,) = texts(
        hit(passage(entry), 0.4, 0.3, question=Match(0.9, 0.0, 0.0, 0.0), asked="When?")
    )

    assert only == (entry.text if whole else "It turns at noon.")


def test_a_second_document_is_quoted_beside_the_first_where_it_is_about_as_good() -> None:
    best = hit(passage(PORT), 0.2, 0.9, 0.1)
    within = hit(passage(COAST), 0.9 - SECOND_MARGIN + 0.001, 0.0)
    beyond = hit(passage(COAST), 0.9 - SECOND_MARGIN - 0.001, 0.0)

    assert texts(best, within) == ["The tide turns at noon.", "At noon the tide turns."]
    assert texts(best, beyond) == ["The tide turns at noon."]


def test_a_document_that_fits_too_little_hides_none_behind_it() -> None:
    best = hit(passage(PORT), 0.2, 0.9, 0.1)
    weak = hit(passage(COAST), 0.1, 0.0, score=0.9)
    third = hit(passage(twin("third")), 0.9, 0.0, score=0.05)

    assert [best, weak, third] == sorted(
        [best, weak, third], key=lambda h: -h.focus - PASSAGE_WEIGHT * h.score
    )
    assert texts(best, weak, third) == ["The tide turns at noon.", "One thing."]


def test_the_more_telling_sentence_comes_first_whatever_the_rank() -> None:
    first, second = hit(passage(PORT), 0.2, 0.85, 0.1), hit(passage(COAST), 0.9, 0.0)

    assert texts(first, second) == ["At noon the tide turns.", "The tide turns at noon."]


def test_a_better_passage_makes_its_sentences_worth_more() -> None:
    better = hit(passage(PORT), 0.2, 0.8, 0.1, score=0.5 + 0.2 / PASSAGE_WEIGHT)
    nearer = hit(passage(COAST), 0.9, 0.0)

    assert texts(better, nearer)[0] == "The tide turns at noon."


def test_the_same_words_are_quoted_once() -> None:
    copy = article("copy", "Copy", "the tide turns at NOON")

    assert texts(hit(passage(PORT), 0.2, 0.9, 0.1), hit(passage(copy), 0.9)) == [
        "The tide turns at noon."
    ]


def test_each_passage_of_a_document_may_be_quoted_once() -> None:
    document = article("long", "Long", "The tide turns. " + "A" * 120, "Fog hides it. " + "B" * 120)
    first, second = split(document)

    assert texts(hit(first, 0.9, 0.9), hit(second, 0.9, 0.0)) == [
        "The tide turns.",
        "Fog hides it.",
    ]


@pytest.mark.parametrize("mark", ["?", "？", "؟"])
def test_a_question_is_never_quoted_as_an_answer(mark: str) -> None:
    asks = article("asks", "Asks", f"Does the tide turn{mark} At noon it does.")
    only_asks = article("only", "Only", f"Does the tide turn{mark}")

    assert texts(hit(passage(asks), 0.9, 0.1)) == ["At noon it does."]
    assert texts(hit(passage(only_asks), 0.9)) == []


def test_no_more_than_so_many_documents_are_quoted() -> None:
    hits = [hit(passage(twin(f"d{n}", f"Thing {n}.")), 0.9) for n in range(MAX_QUOTES + 1)]

    assert texts(*hits) == [f"Thing {n}." for n in range(MAX_QUOTES)]


def test_nothing_found_gives_nothing_to_quote() -> None:
    assert evidence([]) == ()
