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
    best = hit(KNOWN.passages[0], 0.7, 0.2, dense=0.4, lexical=1.0, coverage=1.0)

    seen = signals("When do boats turn with the tide?", best, KNOWN.lexical)

    # Grammar apart the question asks for boats, turn and tide; each sentence holds two of them, and
    # in a knowledge base of one passage all its words weigh the same.
    assert (seen.meaning, seen.focus) == (0.4, 0.7)
    assert seen.coverage == pytest.approx(2 / 3)


def test_a_question_is_held_against_the_wording_it_was_found_by() -> None:
    found = hit(KNOWN.passages[0], 0.1, 0.1, question=0.9, asked="May boats turn with the tide?")

    seen = signals("When do boats turn with the tide?", found, KNOWN.lexical)

    assert (seen.meaning, seen.focus) == (0.9, 0.9)
    assert seen.coverage == pytest.approx(1.0)


@pytest.mark.parametrize("lead", [-0.001, 0.001])
def test_a_hit_is_judged_by_its_own_signals(lead: float) -> None:
    # All three signals at x, where the weighted sum lies just beside the line.
    logit = math.log(ANSWER_FROM / (1 - ANSWER_FROM))
    x = (logit - INTERCEPT) / (WEIGHTS.meaning + WEIGHTS.focus + WEIGHTS.coverage) + lead
    seen = Signals(x, x, x)
    question = "tide whale"
    held = signals(question, hit(KNOWN.passages[0], 0.0, 0.0), KNOWN.lexical).coverage
    # The coverage is what the words give; the cosines make up for it.
    rest = x + (x - held) * WEIGHTS.coverage / (WEIGHTS.meaning + WEIGHTS.focus)
    found = hit(KNOWN.passages[0], rest, 0.0, dense=rest)

    assert confidence(signals(question, found, KNOWN.lexical)) == pytest.approx(confidence(seen))
    (sure,) = judged(question, [found], KNOWN.lexical)
    assert sure == confidence(signals(question, found, KNOWN.lexical))
    assert (sure >= ANSWER_FROM) == (lead > 0)


def test_only_the_first_hits_are_judged_in_their_order() -> None:
    near, far = hit(KNOWN.passages[0], 0.9, 0.9), hit(KNOWN.passages[0], 0.1, 0.1)

    sure = judged("tide", [far, near, *[far] * PASSAGES_READ], KNOWN.lexical)

    one = [judged("tide", [found], KNOWN.lexical)[0] for found in (far, near)]
    assert sure == (one[0], one[1], *[one[0]] * (PASSAGES_READ - 2))
    assert one[0] < one[1]
