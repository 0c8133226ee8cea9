"""A small knowledge base with its answerer, and rows as a run writes them."""

from collections.abc import Iterable, Mapping
from typing import Any

from qa.answerer import Answerer
from qa.evaluation.case import Case, QuestionSet
from qa.evaluation.labels import Labelled, labelled
from tests.keyword_encoder import KeywordEncoder
from tests.qa.corpus import faq, knowledge

ENCODER = KeywordEncoder("ferry", "boat", "tide", "fog", "gull")
KNOWN = knowledge(
    ENCODER,
    faq("ferry", "When does the ferry leave?", "The ferry leaves at nine."),
    faq("boat", "Who owns the boat?", "The boat belongs to the town."),
    faq("tide", "How high is the tide?", "The tide rises by four metres."),
)
ANSWERER = Answerer(KNOWN, ENCODER)

FERRY = Case("q1", "When does the ferry leave?", {"ferry": 1}, ("nine",), tags=("harbour",))
BOAT = Case("q2", "Who owns the boat?", {"boat": 1}, ("the queen",), tags=("harbour",))
GULL = Case("q3", "Why is the gull white?", answerable=False)
FOG = Case("q4", "Is there fog?", {"tide": 1})
OPEN = Case("q5", "How high is the tide?")
CASES = (FERRY, BOAT, GULL, FOG, OPEN)


def asked(*cases: Case) -> tuple[Labelled, ...]:
    """The cases, labelled by the knowledge base."""
    found, problems = labelled(QuestionSet("q", "q.csv", cases), KNOWN)
    assert problems == ()
    return found


def row(
    id_: str = "q1",
    outcome: str = "right",
    *,
    scores: Mapping[str, float] | None = None,
    confidence: float = 0.9,
    case: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A row with what the summary reads; right and answerable as the outcome says."""
    good = outcome == "right"
    answerable = {"unscored": None}.get(
        outcome, outcome not in ("rightly silent", "wrongly answered")
    )
    answered = outcome in ("right", "wrong", "wrongly answered")
    quote = {"text": "At nine.", "passage": "ferry", "start": 0, "end": 8, "citation": 1}
    expected: dict[str, Any] = {"id": id_, "unit": "document", "sources": {}, "answers": []}
    expected |= {
        "tags": [],
        "answerable": answerable,
        "kind": "",
        "like": "",
        "line": 1,
        "turns": 0,
    }
    return {
        "question": f"What is {id_}?",
        "text": "At nine." if answered else "",
        "quotes": [quote] if answered else [],
        "withheld": [] if answered else [quote],
        "confidence": confidence,
        "case": expected | dict(case or {}),
        "ranking": [["ferry", 0.9], ["boat", 0.5]],
        "outcome": outcome,
        "why": "nothing is labelled" if outcome == "unscored" else "",
        "right": None if outcome == "unscored" else good,
        "scores": dict(scores or {}),
        **more,
    }


def settings(of: int, **more: Any) -> dict[str, Any]:
    """The settings of a run of this many questions."""
    return {"name": "q.csv", "made": "2026-11-25T09:00:00+00:00", "of": of} | more


def rows(outcomes: Iterable[str]) -> list[dict[str, Any]]:
    """A row for each outcome, q1 onwards."""
    return [row(f"q{number}", outcome) for number, outcome in enumerate(outcomes, 1)]
