"""How good one ranking is, by the field's measures; each is 0 to 1 and agrees with trec_eval.

A ranking lists ids best first, each once; no more than its first `k` are looked at. All raise
ValueError for a ranking that names an id twice, for `k` below 1, and where nothing is relevant:
what cannot be scored has no score, and a 0 would count against the ranking.
"""

import math
from collections.abc import Collection, Mapping, Sequence


def hit(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 where any of the first `k` is relevant, else 0: hit@k, success@k."""
    wanted = _wanted(relevant)
    return float(any(id_ in wanted for id_ in _first(ranking, k)))


def recall(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """The share of the relevant ids that are among the first `k`."""
    wanted = _wanted(relevant)
    return len(wanted.intersection(_first(ranking, k))) / len(wanted)


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """One over the rank of the first relevant id; 0 where none is among the first `k`.

    Its mean over questions is MRR@k (Voorhees 1999, The TREC-8 Question Answering Track Report).
    """
    wanted = _wanted(relevant)
    ranks = (rank for rank, id_ in enumerate(_first(ranking, k), 1) if id_ in wanted)
    return 1 / next(ranks, math.inf)


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain at `k` (Järvelin and Kekäläinen 2002).

    The gain of an id is its grade (not 2^grade - 1), 0 for one that has none or less than 0; it is
    divided by log2(1 + rank). The best order of all graded ids makes 1.
    """
    gains = {id_: grade for id_, grade in grades.items() if grade > 0}
    best = sorted(_wanted(gains), key=gains.__getitem__, reverse=True)
    return _discounted(_first(ranking, k), gains) / _discounted(best[:k], gains)


def _discounted(ranking: Sequence[str], gains: Mapping[str, int]) -> float:
    return sum(gains.get(id_, 0) / math.log2(1 + rank) for rank, id_ in enumerate(ranking, 1))


def _wanted(relevant: Collection[str]) -> frozenset[str]:
    if not relevant:
        raise ValueError("nothing is relevant, so no ranking can be scored; leave this case out")
    return frozenset(relevant)


def _first(ranking: Sequence[str], k: int) -> Sequence[str]:
    if k < 1:
        raise ValueError(f"k is {k}; look at 1 or more")
    if len(set(ranking)) < len(ranking):
        twice = next(id_ for id_ in ranking if ranking.count(id_) > 1)
        raise ValueError(f"a ranking names each id once, and this one names {twice!r} again")
    return ranking[:k]
