"""Every quote of a run is held against its source again, from what is on disk."""

from copy import deepcopy
from typing import Any

import pytest

from qa.evaluation.grounding import Grounding, Ungrounded, verified
from qa.evaluation.row import rows
from tests.evaluation.shape import ANSWERER, CASES, KNOWN, asked

ROWS = [dict(row) for row in rows(ANSWERER, asked(*CASES))]


def altered(**changes: Any) -> list[dict[str, Any]]:
    """The rows, the first quote of the first changed."""
    copy = deepcopy(ROWS)
    copy[0]["quotes"][0].update(changes)
    return copy


def test_what_was_quoted_stands_in_its_source() -> None:
    assert verified(ROWS, KNOWN) == Grounding(3, ())
    assert verified(ROWS, KNOWN).share == 1


def test_nothing_quoted_is_nothing_wrong() -> None:
    assert verified([], KNOWN).share == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "The ferry leaves at ten."}, "faq.md does not say so at ferry 0:25"),
        ({"start": 1}, "faq.md does not say so at ferry 1:25"),
        ({"start": -25, "end": 25}, "faq.md does not say so at ferry -25:25"),
        ({"end": 9_999}, "faq.md does not say so at ferry 0:9999"),
        ({"passage": "boat"}, "citation 1 is of another passage"),
        ({"citation": 7}, "citation 7 is of another passage"),
    ],
)
def test_a_quote_that_is_not_in_its_source_is_named(changes: dict[str, Any], reason: str) -> None:
    found = verified(altered(**changes), KNOWN)

    text = changes.get("text", "The ferry leaves at nine.")
    assert found.failed == (Ungrounded("q1", text, reason),)
    assert found.share == pytest.approx(2 / 3)


def test_a_passage_that_is_gone_is_named() -> None:
    rows = altered(passage="gone")
    rows[0]["citations"][0]["passage"] = "gone"

    (failed,) = verified(rows, KNOWN).failed

    assert failed.reason == "there is no passage gone"


def test_quotes_of_another_generation_are_not_taken_on_trust() -> None:
    rows = deepcopy(ROWS)
    rows[0]["generation"] = "gen-3"

    (failed,) = verified(rows, KNOWN).failed

    assert failed.reason == "quoted from gen-3, the knowledge base is "
