import math
from dataclasses import fields, replace
from itertools import pairwise

import pytest

from qa.confidence import (
    PASSAGES_READ,
    SHIPPED,
    Calibration,
    Signals,
    confidence,
    judged,
    signals,
)
from qa.hit import SAME_QUESTION, Match
from qa.weights import CONFIDENCE, RANKING
from tests.keyword_encoder import KeywordEncoder

from .corpus import article, hit, knowledge

NAMES = [field.name for field in fields(Signals)]
NOTHING = Signals(**dict.fromkeys(NAMES, 0.0))


def test_without_any_sign_the_intercept_alone_speaks() -> None:
    assert confidence(NOTHING) == pytest.approx(
        1 / (1 + math.exp(-CONFIDENCE.intercept)), rel=1e-12
    )


def test_confidence_is_the_logistic_of_the_weighted_signals() -> None:
    seen = Signals(**{name: (place + 1) / 10 for place, name in enumerate(NAMES)})

    weighted = CONFIDENCE.intercept
    for place, name in enumerate(NAMES):
        weighted += getattr(CONFIDENCE, name) * (place + 1) / 10

    assert confidence(seen) == pytest.approx(1 / (1 + math.exp(-weighted)), rel=1e-12)


@pytest.mark.parametrize("name", ["similarity", "coverage"])
def test_more_of_any_signal_makes_an_answer_likelier(name: str) -> None:
    steps = [confidence(replace(NOTHING, **{name: step / 10})) for step in range(11)]

    assert all(low < high for low, high in pairwise(steps))


def test_the_line_lies_between_no_sign_at_all_and_every_sign() -> None:
    every = Signals(RANKING.meaning + RANKING.focus + RANKING.wording, coverage=1.0)

    assert confidence(NOTHING) < SHIPPED.answer_from < confidence(every)


TEXT = "The tide turns at noon. Boats wait for the tide."
KNOWN = knowledge(KeywordEncoder("tide"), article("a", "Port", TEXT))


def test_signals_are_the_hits_cosines_and_its_best_sentences_words() -> None:
    best = hit(KNOWN.passages[0], 0.7, 0.2, held=(0.3, 0.6), dense=0.4, lexical=1.0, coverage=1.0)

    seen = signals("Tide?", best)

    assert seen.similarity == pytest.approx(RANKING.meaning * 0.4 + RANKING.focus * 0.7)
    assert seen.coverage == 0.6


def test_an_entrys_question_counts_like_a_sentence() -> None:
    asked = Match(SAME_QUESTION - 0.01, 0.9, 0.2, 0.1)
    found = hit(KNOWN.passages[0], 0.1, 0.1, question=asked, asked="Tide?", dense=0.5)

    seen = signals("Tide?", found)

    weighed = RANKING.meaning * 0.5 + RANKING.focus * asked.cosine + RANKING.wording * 0.2
    assert seen.similarity == pytest.approx(weighed)
    assert seen.coverage == 0.9


def test_an_entry_asked_for_in_so_many_words_is_as_near_as_its_question() -> None:
    asked = Match(SAME_QUESTION, 1.0, 0.0, 0.0)
    found = hit(KNOWN.passages[0], 0.1, 0.1, question=asked, asked="Tide?")

    weighed = (RANKING.meaning + RANKING.focus) * SAME_QUESTION
    assert signals("Tide?", found).similarity == pytest.approx(weighed)


@pytest.mark.parametrize("lead", [-0.001, 0.001])
def test_a_hit_is_judged_by_its_own_signals(lead: float) -> None:
    # All cosines and shares at x, where the weighted sum lies just beside the line.
    logit = math.log(SHIPPED.answer_from / (1 - SHIPPED.answer_from))
    similar = RANKING.meaning + RANKING.focus
    x = (logit - CONFIDENCE.intercept) / (similar * CONFIDENCE.similarity + CONFIDENCE.coverage)
    x += lead

    (sure,) = judged("Tide?", [hit(KNOWN.passages[0], x, 0.0, held=(x, 0.0), dense=x)])

    assert sure == pytest.approx(confidence(Signals(similar * x, x)))
    assert (sure >= SHIPPED.answer_from) == (lead > 0)


def test_a_passage_without_the_kind_of_thing_that_is_asked_for_is_less_likely_to_answer() -> None:
    found = hit(KNOWN.passages[0], 0.7, 0.2)

    assert signals("When does the tide turn?", found).unsupported == 0.0  # at noon
    assert signals("How many tides are there?", found).unsupported == 1.0
    asked_for, lacked = judged("When?", [found])[0], judged("How many tides?", [found])[0]
    assert lacked < asked_for


def test_only_the_first_hits_are_judged_in_their_order() -> None:
    near, far = hit(KNOWN.passages[0], 0.9, 0.9), hit(KNOWN.passages[0], 0.1, 0.1)

    sure = judged("Tide?", [far, near, *[far] * PASSAGES_READ])

    high, low = confidence(signals("Tide?", near)), confidence(signals("Tide?", far))
    assert sure == (low, high, *[low] * (PASSAGES_READ - 2))
    assert low < high


@pytest.mark.parametrize("slope", [1.0, 200.0])
def test_any_scale_gives_a_probability(slope: float) -> None:
    scale = Calibration(slope=slope)

    assert 0.0 <= confidence(NOTHING, scale) < 0.01
    assert 0.99 < confidence(Signals(2.0, 1.0), scale) <= 1.0
