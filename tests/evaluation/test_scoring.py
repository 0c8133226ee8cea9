"""What one answer is worth."""

import pytest

from qa.evaluation.case import Case
from qa.evaluation.labels import Labelled
from qa.evaluation.scoring import (
    NOT_LABELLED,
    NOTHING_TO_HOLD_AGAINST,
    Found,
    Score,
    score,
)

TOLD = "The ferry leaves at nine."


def scored(
    *,
    sources: dict[str, int] | None = None,
    answers: tuple[str, ...] = (),
    answerable: bool | None = None,
    quoted: str = TOLD,
    cited: tuple[str, ...] = ("ferry",),
    answered: bool = True,
) -> Score:
    case = Case("q", "When does the ferry leave?", sources or {}, answers, answerable)
    found = Found(["boat", "ferry", "tide"], quoted, cited, answered)
    return score(Labelled(case, "document", case.sources), found)


def test_an_answer_that_holds_the_gold_answer_is_right() -> None:
    assert scored(answers=("nine", "9 a.m.")).outcome == "right"
    assert scored(answers=("ten",)).outcome == "wrong"


def test_a_short_gold_answer_decides_over_the_source() -> None:
    assert scored(answers=("nine",), sources={"tide": 1}).outcome == "right"
    assert scored(answers=("ten",), sources={"ferry": 1}).outcome == "wrong"


def test_of_several_gold_answers_any_will_do_the_long_ones_too() -> None:
    assert scored(answers=("ten", "ferry leaves at nine"), quoted=TOLD).outcome == "right"


def test_a_gold_answer_without_a_word_decides_nothing() -> None:
    assert (scored(answers=("?",)).outcome, scored(answers=("?",)).metrics) == ("unscored", {})


def test_without_one_the_source_decides() -> None:
    long = "It sets out in the morning at nine o'clock."

    assert scored(sources={"ferry": 1}, answers=(long,)).outcome == "right"
    assert scored(sources={"tide": 1}, answers=(long,)).outcome == "wrong"


def test_a_long_gold_answer_alone_is_met_by_a_third_of_its_topic() -> None:
    # Three of seven content words, then two of seven.
    told = "ferry leaves harbour at nine every single weekday morning"
    other = "ferry leaves harbour at ten each single weekday morning"

    assert scored(answers=(told,)).outcome == "right"
    assert scored(answers=(other,)).outcome == "wrong"


def test_silence_is_right_where_there_is_no_answer() -> None:
    assert scored(answerable=False, answered=False).outcome == "rightly silent"
    assert scored(answerable=False).outcome == "wrongly answered"
    assert scored(sources={"ferry": 1}, answered=False).outcome == "silent"


@pytest.mark.parametrize(
    ("answerable", "why"), [(None, NOT_LABELLED), (True, NOTHING_TO_HOLD_AGAINST)]
)
def test_what_cannot_be_told_has_no_outcome_and_says_why(answerable: bool | None, why: str) -> None:
    told = scored(answerable=answerable)

    assert (told.outcome, told.why, told.right, told.metrics) == ("unscored", why, None, {})


def test_what_an_abstention_would_have_quoted_is_judged_too() -> None:
    assert scored(answers=("nine",), answered=False).right is True
    assert scored(answers=("ten",), answered=False).right is False
    assert scored(answerable=False, answered=False).right is False


def test_finding_is_scored_by_the_sources() -> None:
    metrics = scored(sources={"ferry": 1, "fog": 1}).metrics

    assert metrics["hit@1"] == 0
    assert metrics["hit@5"] == 1
    assert metrics["recall@5"] == 1 / 2
    assert metrics["mrr@10"] == 1 / 2


def test_citations_are_scored_where_something_is_cited() -> None:
    metrics = scored(sources={"ferry": 1, "fog": 1}, cited=("ferry", "boat")).metrics

    assert (metrics["citation_precision"], metrics["citation_recall"]) == (1 / 2, 1 / 2)
    assert "citation_precision" not in scored(sources={"ferry": 1}, answered=False).metrics


def test_quoting_is_scored_by_the_gold_answers_and_silence_holds_none() -> None:
    said = scored(answers=("nine",)).metrics
    silent = scored(answers=("nine",), answered=False).metrics

    assert (said["exact_match"], said["answer_in_quotes"]) == (0, 1)
    # Of "ferry leaves at nine", without its article, one word of four is wanted, and it is there.
    assert said["f1"] == pytest.approx(2 * (1 / 4) * 1 / (1 / 4 + 1))
    assert (silent["f1"], silent["answer_in_quotes"]) == (0, 0)


def test_a_question_without_an_answer_scores_nothing_by_its_source() -> None:
    assert scored(sources={"ferry": 1}, answerable=False).metrics == {}
