"""Two runs held against each other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from index.errors import EvaluationError
from qa.evaluation.compare import compare
from qa.evaluation.run import Run
from tests.evaluation.shape import row, rows, settings


def a_run(some_rows: Sequence[dict[str, Any]], **more: Any) -> Run:
    return Run(Path("report"), settings(len(some_rows), **more), tuple(some_rows))


def outcomes(right: int, wrong: int) -> list[str]:
    return ["right"] * right + ["wrong"] * wrong


def test_a_rerun_of_the_same_is_no_different() -> None:
    same = a_run(rows(outcomes(900, 100)))

    found = compare(same, same)

    assert (found.gained, found.lost, found.p, found.verdict) == (0, 0, 1.0, "no clear difference")
    assert (found.flips, found.changed) == ((), ())


def test_three_points_lost_of_a_thousand_are_a_regression() -> None:
    before = a_run(rows(outcomes(900, 100)))
    after = a_run(rows(outcomes(870, 130)))

    found = compare(before, after)

    assert (found.gained, found.lost, found.verdict) == (0, 30, "worse")
    assert found.p == pytest.approx(binomtest(0, 30).pvalue)
    assert found.sentence.startswith("The second run is worse, by more than chance. Of 1,000")


def test_three_points_lost_among_as_many_that_come_and_go_are_a_regression_too() -> None:
    before = a_run(rows([*outcomes(900, 100)]))
    shuffled = ["wrong"] * 40 + ["right"] * 860 + ["right"] * 10 + ["wrong"] * 90

    found = compare(before, a_run(rows(shuffled)))

    assert (found.gained, found.lost, found.verdict) == (10, 40, "worse")
    assert compare(a_run(rows(shuffled)), before).verdict == "better"


def test_as_much_gained_as_lost_is_no_difference() -> None:
    found = compare(a_run(rows(outcomes(10, 10))), a_run(rows(outcomes(10, 10)[::-1])))

    assert (found.gained, found.lost, found.verdict) == (10, 10, "no clear difference")


def test_silence_that_became_a_wrong_answer_is_no_flip_between_good_and_bad() -> None:
    found = compare(a_run(rows(["silent", "right"])), a_run(rows(["wrong", "right"])))

    assert (found.gained, found.lost, found.flips) == (0, 0, ())


def test_every_flip_is_listed_worse_first() -> None:
    found = compare(a_run(rows(["wrong", "right"])), a_run(rows(["right", "silent"])))

    assert [(flip.id, flip.a, flip.b, flip.better) for flip in found.flips] == [
        ("q2", "right", "silent", False),
        ("q1", "wrong", "right", True),
    ]


def ranked(ranks: Sequence[float]) -> Run:
    return a_run([row(f"q{i}", "unscored", scores={"mrr@10": x}) for i, x in enumerate(ranks)])


def test_ranks_are_compared_where_nothing_else_is_known() -> None:
    found = compare(ranked([1.0] * 200), ranked([1.0] * 170 + [0.5] * 30))

    (mrr,) = found.metrics  # nothing is known of right and wrong
    assert (mrr.name, mrr.a, mrr.n) == ("mrr@10", 1.0, 200)
    assert mrr.difference == pytest.approx(-0.075)
    assert mrr.low < -0.075 < mrr.high < 0
    assert found.verdict == "worse"


def test_noise_is_called_a_difference_no_more_often_than_promised() -> None:
    draw = np.random.default_rng(0)
    verdicts = []
    for _ in range(60):
        before = draw.random(100) < 0.8
        flips = draw.random(100) < 0.1
        after = np.where(flips, draw.random(100) < 0.5, before)
        before = np.where(flips, draw.random(100) < 0.5, before)
        verdicts.append(
            compare(
                a_run(rows(["right" if good else "wrong" for good in before])),
                a_run(rows(["right" if good else "wrong" for good in after])),
            ).verdict
        )

    assert verdicts.count("no clear difference") >= 57


def test_what_changed_in_between_is_named() -> None:
    before = a_run(rows(["right"]), encoder="small", calibration={"slope": 1.0}, made="monday")
    after = a_run(rows(["right"]), encoder="large", calibration={"slope": 2.0}, made="tuesday")

    assert list(compare(before, after).changed) == [
        {"what": "encoder", "a": "small", "b": "large"},
        {"what": "calibration.slope", "a": "1.0", "b": "2.0"},
    ]


def test_questions_of_one_run_alone_are_named_and_left_out() -> None:
    found = compare(a_run(rows(["right", "right"])), a_run(rows(["right"])))

    assert (found.cases, found.only_a, found.only_b) == (1, ["q2"], [])


def test_questions_are_paired_by_their_words_since_ids_may_be_row_numbers() -> None:
    before = a_run([row("q1", question="One?"), row("q2", "wrong", question="Two?")])
    after = a_run(
        [row("q1", question="New?"), row("q2", question="One?"), row("q3", question="Two?")]
    )

    found = compare(before, after)

    assert (found.cases, found.gained, found.lost) == (2, 1, 0)
    assert (found.only_a, found.only_b) == ([], ["q1"])


def test_a_question_that_is_asked_twice_is_paired_in_order() -> None:
    twice = a_run([row("q1", question="One?"), row("q2", "wrong", question="One?")])

    assert compare(twice, twice).flips == ()


def test_a_question_in_other_words_is_another_question() -> None:
    found = compare(
        a_run([row("q1"), row("q2", question="Old?")]),
        a_run([row("q1"), row("q2", question="New?")]),
    )

    assert (found.cases, found.only_a, found.only_b) == (1, ["q2"], ["q2"])


def test_runs_without_a_question_in_common_are_not_compared() -> None:
    with pytest.raises(EvaluationError, match="share no question; compare two runs of one"):
        compare(a_run([row("q1")]), a_run([row("q2")]))


def test_digests_are_told_by_their_first_digits_and_settings_by_what_they_are() -> None:
    before = a_run(rows(["right"]), corpus="a" * 64, counts={"questions": 22})
    after = a_run(rows(["right"]), corpus="b" * 64, counts={"questions": 25})

    assert list(compare(before, after).changed) == [
        {"what": "sources", "a": "a" * 12, "b": "b" * 12},
        {"what": "FAQ wordings", "a": "22", "b": "25"},
    ]


def test_shares_of_outcomes_are_compared_too() -> None:
    before = a_run(rows(["right"] * 60 + ["wrong"] * 20 + ["rightly silent"] * 20))
    after = a_run(rows(["right"] * 60 + ["silent"] * 20 + ["rightly silent"] * 20))

    by_name = {m.name: m for m in compare(before, after).metrics}

    assert (by_name["as it should be"].a, by_name["as it should be"].b) == (0.8, 0.8)
    assert (by_name["coverage"].a, by_name["coverage"].b) == (0.8, 0.6)
    precision = by_name["precision"]
    assert (precision.a, precision.b) == (60 / 80, 60 / 60)
    assert precision.difference == pytest.approx(0.25)
    assert 0.1 < precision.low < 0.25 < precision.high < 0.4
    assert precision.p < 0.001


def test_precision_needs_an_answer_in_both_runs() -> None:
    found = compare(a_run(rows(["right", "silent"])), a_run(rows(["silent", "silent"])))

    assert "precision" not in {m.name for m in found.metrics}


def test_questions_without_an_outcome_in_both_are_neither_gained_nor_lost() -> None:
    found = compare(a_run(rows(["right"] * 20)), a_run(rows(["unscored"] * 20)))

    assert (found.cases, found.scored, found.lost, found.p) == (20, 0, 0, 1.0)
    assert (found.flips, found.verdict) == ((), "no clear difference")
