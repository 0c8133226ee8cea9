import math
from dataclasses import fields, replace
from itertools import pairwise

import pytest

from qa.confidence import (
    ANSWER_FROM,
    INTERCEPT,
    PASSAGES_READ,
    WEIGHTS,
    Signals,
    confidence,
    judged,
    signals,
)
from qa.hit import SAME_QUESTION, Match
from tests.keyword_encoder import KeywordEncoder

from .corpus import article, hit, knowledge

NAMES = [field.name for field in fields(Signals)]
NOTHING = Signals(**dict.fromkeys(NAMES, 0.0))


def test_without_any_sign_the_intercept_alone_speaks() -> None:
    assert confidence(NOTHING) == pytest.approx(1 / (1 + math.exp(-INTERCEPT)), rel=1e-12)


def test_confidence_is_the_logistic_of_the_weighted_signals() -> None:
    seen = Signals(**{name: (place + 1) / 10 for place, name in enumerate(NAMES)})

    weighted = INTERCEPT
    for place, name in enumerate(NAMES):
        weighted += getattr(WEIGHTS, name) * (place + 1) / 10

    assert confidence(seen) == pytest.approx(1 / (1 + math.exp(-weighted)), rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_more_of_any_signal_makes_an_answer_likelier(name: str) -> None:
    steps = [confidence(replace(NOTHING, **{name: step / 10})) for step in range(11)]

    assert all(low < high for low, high in pairwise(steps))


def test_the_line_lies_between_no_sign_at_all_and_every_sign() -> None:
    assert confidence(NOTHING) < ANSWER_FROM < confidence(Signals(**dict.fromkeys(NAMES, 1.0)))


TEXT = "The tide turns at noon. Boats wait for the tide."
KNOWN = knowledge(KeywordEncoder("tide"), article("a", "Port", TEXT))


def test_signals_are_the_hits_cosines_and_its_best_sentences_words() -> None:
    best = hit(KNOWN.passages[0], 0.7, 0.2, held=(0.3, 0.6), dense=0.4, lexical=1.0, coverage=1.0)

    assert signals(best) == Signals(meaning=0.4, focus=0.7, coverage=0.6, wording=0.0)


def test_an_entrys_question_counts_like_a_sentence() -> None:
    asked = Match(SAME_QUESTION - 0.01, 0.9, 0.2, 0.1)
    found = hit(KNOWN.passages[0], 0.1, 0.1, question=asked, asked="Tide?")

    assert signals(found) == Signals(meaning=0.5, focus=asked.cosine, coverage=0.9, wording=0.2)


def test_an_entry_asked_for_in_so_many_words_is_as_near_as_its_question() -> None:
    asked = Match(SAME_QUESTION, 1.0, 0.0, 0.0)
    found = hit(KNOWN.passages[0], 0.1, 0.1, question=asked, asked="Tide?")

    assert signals(found) == Signals(SAME_QUESTION, SAME_QUESTION, coverage=1.0, wording=0.0)


@pytest.mark.parametrize("lead", [-0.001, 0.001])
def test_a_hit_is_judged_by_its_own_signals(lead: float) -> None:
    # All cosines and shares at x, where the weighted sum lies just beside the line.
    logit = math.log(ANSWER_FROM / (1 - ANSWER_FROM))
    x = (logit - INTERCEPT) / (WEIGHTS.meaning + WEIGHTS.focus + WEIGHTS.coverage) + lead

    (sure,) = judged([hit(KNOWN.passages[0], x, 0.0, held=(x, 0.0), dense=x)])

    assert sure == pytest.approx(confidence(Signals(x, x, x, 0.0)))
    assert (sure >= ANSWER_FROM) == (lead > 0)


def test_only_the_first_hits_are_judged_in_their_order() -> None:
    near, far = hit(KNOWN.passages[0], 0.9, 0.9), hit(KNOWN.passages[0], 0.1, 0.1)

    sure = judged([far, near, *[far] * PASSAGES_READ])

    high, low = confidence(signals(near)), confidence(signals(far))
    assert sure == (low, high, *[low] * (PASSAGES_READ - 2))
    assert low < high
