"""The weights that were fitted: `fitted.json`, which `make fit` writes with how it came by them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("fitted.json")


@dataclass(frozen=True, slots=True)
class RankingWeights:
    """What each part of a hit's score counts, see `qa/ranking.py`."""

    meaning: float
    focus: float
    lexical: float
    coverage: float
    wording: float


@dataclass(frozen=True, slots=True)
class ConfidenceWeights:
    """The logistic function of `qa/confidence.py`, and the line from which it answers."""

    intercept: float
    similarity: float
    coverage: float
    unsupported: float
    answer_from: float


def _fitted(part: str) -> dict[str, Any]:
    weights: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))[part]["weights"]
    return weights


RANKING = RankingWeights(**_fitted("ranking"))
CONFIDENCE = ConfidenceWeights(**_fitted("confidence"))
