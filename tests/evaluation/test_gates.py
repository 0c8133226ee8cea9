"""What a run has to reach."""

import pytest

from index.errors import EvaluationError
from qa.evaluation.gates import Gate, held, parsed_options
from qa.evaluation.measure import Metric, tally
from tests.evaluation.shape import rows

ANSWERED = tally(rows(["right", "silent"]))
SILENT = tally(rows(["silent", "rightly silent"]))


def metric(value: float) -> Metric:
    return Metric(value, None, None, 10)


def test_a_metric_and_the_least_it_has_to_be() -> None:
    assert parsed_options(["mrr@10=0.85", " precision = .95 "], None) == (
        Gate("mrr@10", 0.85),
        Gate("precision", 0.95),
    )


def test_what_is_better_when_lower_has_a_most() -> None:
    (gate,) = parsed_options(None, ["ece=0.1"])

    assert (gate, gate.way) == (Gate("ece", 0.1), "at most")


def test_a_metric_whose_name_holds_an_equals_sign() -> None:
    assert parsed_options(["precision@coverage=0.8=0.9"], None) == (
        Gate("precision@coverage=0.8", 0.9),
    )


@pytest.mark.parametrize(("value", "passed"), [(0.84, False), (0.85, True), (0.86, True)])
def test_a_run_passes_that_reaches_it(value: float, passed: bool) -> None:
    (result,) = held([Gate("mrr@10", 0.85)], {"mrr@10": metric(value)}, ANSWERED)

    assert result.passed is passed


@pytest.mark.parametrize(("value", "passed"), [(0.09, True), (0.1, True), (0.11, False)])
def test_a_run_passes_that_stays_below(value: float, passed: bool) -> None:
    (result,) = held([Gate("ece", 0.1)], {"ece": metric(value)}, ANSWERED)

    assert result.passed is passed


@pytest.mark.parametrize(
    ("under", "over", "says"),
    [
        ("speed=1", None, r"--fail-under speed=1: write metric=value, the metric one of hit@1, "),
        (
            "mrr@10",
            None,
            r"--fail-under mrr@10: did you mean mrr@10\? write metric=value, ",
        ),
        (
            "mrr@10=",
            None,
            r"mrr@10=: '' is no share from 0 to 1; write mrr@10=0.95 for 95%$",
        ),
        ("mrr@10=high", None, r"'high' is no share from 0 to 1; write mrr@10=0.95 for 95%$"),
        ("mrr@10=nan", None, r"'nan' is no share from 0 to 1; write mrr@10=0.95 for 95%$"),
        (
            "precison=0.9",
            None,
            r"precison=0.9: did you mean precision\? write metric=value, ",
        ),
        ("precision=95", None, r"'95' is no share from 0 to 1; write precision=0.95 for 95%$"),
        ("ece=0.1", None, r"ece is better when lower; use --fail-over$"),
        (None, "mrr@10=0.1", r"mrr@10 is better when higher; use --fail-under$"),
    ],
)
def test_what_is_no_gate_says_how_to_write_one(
    under: str | None, over: str | None, says: str
) -> None:
    with pytest.raises(EvaluationError, match=says):
        parsed_options([under] if under else None, [over] if over else None)


def test_a_gate_that_nothing_could_fail_is_none() -> None:
    with pytest.raises(
        EvaluationError,
        match=r"^mrr@10 cannot be told: no question has the labels for it; measured were f1$",
    ):
        held([Gate("mrr@10", 0.85)], {"f1": metric(0.5)}, ANSWERED)


def test_where_nothing_is_answered_a_gate_of_answers_fails() -> None:
    (result,) = held([Gate("precision", 0.9)], {}, SILENT)

    assert (result.value, result.passed) == (0.0, False)
