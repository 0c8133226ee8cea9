"""One ranking against what is relevant."""

from collections.abc import Callable
from math import log2

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from qa.evaluation.metrics.ranking import hit, ndcg, recall, reciprocal_rank

untimed = settings(deadline=None)

RANKING = ["d2", "d7", "d1"]


def test_a_hit_is_any_relevant_document_among_the_first() -> None:
    assert hit(RANKING, {"d7", "d9"}, 1) == 0
    assert hit(RANKING, {"d7", "d9"}, 2) == 1


def test_recall_is_the_share_of_the_relevant_that_was_found() -> None:
    assert recall(RANKING, {"d7", "d1", "d8", "d9"}, 2) == 1 / 4
    assert recall(RANKING, ["d7", "d7", "d8"], 3) == 1 / 2


def test_reciprocal_rank_is_one_over_the_place_of_the_first_relevant_document() -> None:
    assert reciprocal_rank(RANKING, {"d7"}) == 1 / 2
    assert reciprocal_rank(RANKING, {"d1", "d7"}) == 1 / 2
    assert reciprocal_rank(RANKING, {"d1"}, k=2) == 0
    assert reciprocal_rank([], {"d1"}) == 0


def test_ndcg_sets_the_ranking_beside_the_best_there_is() -> None:
    found = 1 / log2(3) + 3 / log2(4)
    best = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert ndcg(RANKING, {"d7": 1, "d1": 3, "d9": 2}) == pytest.approx(found / best)


def test_ndcg_at_k_needs_no_more_than_k_to_be_perfect() -> None:
    assert ndcg(["a", "x"], {"a": 2, "b": 2, "c": 1}, k=1) == 1


def test_a_grade_of_0_or_less_is_no_gain() -> None:
    assert ndcg(["spam", "a"], {"spam": -2, "b": 0, "a": 1}) == pytest.approx(1 / log2(3))


Measure = Callable[[list[str], dict[str, int], int], float]
MEASURES: dict[str, Measure] = {
    "hit": hit,
    "recall": recall,
    "reciprocal_rank": reciprocal_rank,
    "ndcg": ndcg,
}
OTHERS = {
    "hit": Success,
    "recall": R,
    "reciprocal_rank": RR,
    "ndcg": nDCG,
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_what_cannot_be_scored_has_no_score(measure: Measure) -> None:
    with pytest.raises(ValueError, match="nothing is relevant, so no ranking can be scored"):
        measure(RANKING, {}, 10)
    with pytest.raises(ValueError, match="names each id once, and this one names 'd2' again"):
        measure(["d1", "d2", "d2"], {"d1": 1}, 1)
    with pytest.raises(ValueError, match="k is 0; look at 1 or more"):
        measure(RANKING, {"d1": 1}, 0)


def test_ndcg_needs_a_grade_above_0() -> None:
    with pytest.raises(ValueError, match="nothing is relevant"):
        ndcg(RANKING, {"d1": 0})


@pytest.mark.parametrize("k", [1, 5, 10])
@pytest.mark.parametrize("name", MEASURES)
def test_each_measure_agrees_with_trec_eval(name: str, k: int) -> None:
    """300 questions over 30 documents; rankings of 1 to 20, grades 0 to 3 on 1 to 12 of them."""
    draw = np.random.default_rng(k)
    documents = np.array([f"d{number}" for number in range(30)])
    rankings, grades = {}, {}
    for question in map(str, range(300)):
        rankings[question] = draw.permutation(documents)[: draw.integers(1, 21)].tolist()
        judged = draw.permutation(documents)[: draw.integers(1, 13)].tolist()
        levels = [draw.integers(1, 4), *draw.integers(0, 4, size=len(judged) - 1)]
        grades[question] = dict(zip(judged, map(int, levels), strict=True))
    runs = {q: {d: -float(rank) for rank, d in enumerate(r)} for q, r in rankings.items()}

    theirs = {m.query_id: m.value for m in ir_measures.iter_calc([OTHERS[name] @ k], grades, runs)}

    relevant = {q: {d: g for d, g in judged.items() if g > 0} for q, judged in grades.items()}
    ours = {q: MEASURES[name](rankings[q], relevant[q], k) for q in rankings}
    assert ours == pytest.approx(theirs, abs=1e-9)


ids = st.lists(st.sampled_from("abcdefgh"), unique=True)
some_grades = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 3), min_size=1)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@untimed
@given(ids, some_grades, st.integers(1, 9))
def test_scores_are_shares(
    measure: Measure, ranking: list[str], grades: dict[str, int], k: int
) -> None:
    assert 0 <= measure(ranking, grades, k) <= 1


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@untimed
@given(ids, some_grades, st.integers(1, 9))
def test_the_best_order_scores_no_less_than_any_other(
    measure: Measure, ranking: list[str], grades: dict[str, int], k: int
) -> None:
    best = sorted(grades, key=grades.__getitem__, reverse=True)
    assert measure(best, grades, k) >= measure(ranking, grades, k)


@untimed
@given(ids, some_grades)
def test_a_hit_is_where_recall_and_rank_are_above_0(
    ranking: list[str], grades: dict[str, int]
) -> None:
    found = hit(ranking, grades, 3) > 0
    assert found == (recall(ranking, grades, 3) > 0)
    assert found == (reciprocal_rank(ranking, grades, 3) > 0)
