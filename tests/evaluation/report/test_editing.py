from typing import Any

import pytest

from qa.evaluation.report.editing import colliding, failed, fixes, lacking
from qa.evaluation.report.outcome import by_need
from tests.evaluation.report import sample


def wrong(**changes: Any) -> dict[str, Any]:
    """A question for faq:1 that got faq:2."""
    told = {
        **sample.from_faq(1),
        "outcome": "wrong",
        "right": False,
        "case": sample.case("q", sources={"faq:1": 1}),
        "ranking": [["faq:2", 0.9], ["faq:1", 0.6]],
    }
    return sample.row(0, "How long?", **(told | changes))


def right() -> dict[str, Any]:
    """A question that got faq:1, which so is known as an FAQ entry."""
    return sample.row(1, "For how long?", **sample.from_faq(0))


def hint(row: dict[str, Any], *others: dict[str, Any], collisions: Any = ()) -> str:
    (fix,) = fixes([row, *others], collisions, sample.LINE)
    return str(fix.hint).replace("<bdi>", "").replace("</bdi>", "")


def test_the_surest_mistake_is_worst_then_the_silence_furthest_below_the_line() -> None:
    outcomes = [("right", 0.6), ("silent", 0.4), ("wrong", 0.7), ("silent", 0.1), ("unscored", 0.9),
                ("wrongly answered", 0.8), ("rightly silent", 0.2), ("right", 0.9)]  # fmt: skip
    rows = [sample.row(0, "?", outcome=name, confidence=sure) for name, sure in outcomes]

    assert by_need(rows) == [5, 2, 3, 1, 4, 0, 7, 6]
    assert failed(rows) == [5, 2, 3, 1]


def test_what_has_no_entry_is_for_the_editor_to_write_or_leave() -> None:
    row = wrong(outcome="wrongly answered", case=sample.case("q", answerable=False))

    assert hint(row) == "The sources hold no entry for this: write one, or leave it."


def test_an_entry_that_was_not_found_wants_an_alternate_question() -> None:
    assert hint(wrong(), right()) == "Add an alternate question to faq:1, worded like this one."


def test_an_article_that_was_not_found_wants_an_entry() -> None:
    article = sample.quoted("x", "x", kind="article", document="faq:1")

    assert hint(wrong(), sample.row(1, "?", **article)) == (
        "Write an entry that asks this and answers it from faq:1."
    )


def test_what_no_answer_ever_cited_may_be_either() -> None:
    assert hint(wrong()) == (
        "Add an alternate question to faq:1; if that is an article, write an entry instead."
    )


def test_a_file_wants_an_entry() -> None:
    case = sample.case("q", sources={"guide.md": 1}, unit="source")

    assert hint(wrong(case=case)) == "Write an entry that asks this and answers it from guide.md."


def test_entries_with_nearly_the_same_score_collide() -> None:
    near = [["faq:2", 0.9], ["faq:1", 0.89]]

    assert hint(wrong(ranking=near), right()) == (
        "Two entries collide: tell faq:2 and faq:1 apart, or merge them."
    )


def test_entries_that_a_stress_test_found_colliding_collide() -> None:
    pair = {"first": "faq:1", "second": "faq:2"}

    assert hint(wrong(), collisions=[pair]).startswith("Two entries collide")


def test_a_wrong_sentence_of_the_right_source_wants_a_sentence_of_its_own() -> None:
    row = wrong(case=sample.case("q", sources={"faq:2": 1}, answers=["gold"]))

    assert hint(row) == (
        "The source is right, the quoted words are not: see that one sentence says it all."
    )


def test_a_silence_that_withheld_the_right_words_says_so() -> None:
    row = wrong(outcome="silent", right=True, status="abstained", quotes=[], citations=[])

    assert hint(row, right()) == (
        "It would have quoted the right words. Add an alternate question to faq:1, worded like "
        "this one."
    )


@pytest.mark.parametrize(
    ("outcome", "start"),
    [("silent", "Add an alternate question to the entry"), ("wrong", "If what it quotes is right")],
)
def test_a_gold_answer_alone_names_no_entry(outcome: str, start: str) -> None:
    row = wrong(outcome=outcome, case=sample.case("q", answers=["four weeks"]))

    assert hint(row).startswith(start)


def test_questions_without_a_source_are_those_that_have_none_or_found_nothing() -> None:
    def asked(name: str, nearest: bool = False, kind: str = "", **case: Any) -> dict[str, Any]:
        near = [{"text": "Something near", "passage": "p"}] if nearest else []
        told = sample.case("q", kind=kind, **case)
        return sample.row(0, name, status="abstained", nearest=near, case=told)

    rows = [
        asked("unanswerable", nearest=True, answerable=False),
        asked("nothing expected", nearest=True, answerable=None),
        asked("nothing near", answers=["gold"]),
        asked("near", nearest=True, answers=["gold"]),
        asked("has a source", sources={"faq:1": 1}),
        asked("made up by a stress test", answerable=False, kind="out of scope"),
        sample.row(0, "answered", **sample.from_faq(0), case=sample.case("q", answerable=None)),
    ]

    found = lacking(rows, [0, 2])

    assert [(one.question, one.anchor, one.nearest) for one in found] == [
        ("unanswerable", "q-1", "Something near"),
        ("nothing expected", "", "Something near"),
        ("nothing near", "q-3", ""),
    ]


def test_colliding_entries_are_merged_or_told_apart() -> None:
    rows = [sample.row(0, "how long late", case=sample.case("q10"))]

    apart, merge = colliding(sample.COLLISIONS, rows, [0])

    assert apart.advice.startswith("They say different things")
    assert merge.advice.startswith("Both say the same: merge them")
    assert apart.entries[0] == ("faq:1", "How long can I keep a book?")
    assert [(one.anchor, one.expected, one.got) for one in apart.stolen] == [
        ("q-1", "faq:1", "faq:6")
    ]
    assert colliding(sample.COLLISIONS, rows, [])[0].stolen[0].anchor == ""
