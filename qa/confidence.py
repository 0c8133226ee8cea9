"""How likely it is that the best passage answers the question, and where the line is drawn."""

import math
from dataclasses import astuple, dataclass

from qa.retriever import Hit


@dataclass(frozen=True, slots=True)
class Signals:
    """The parts of a hit that are absolute: none depends on what else was found."""

    dense: float
    focus: float
    coverage: float


# Logistic regression, fitted by `python -m benchmarks.confidence` on squad2, clapnq,
# hint3-curekart and mtrag, each set and each outcome weighing the same.
INTERCEPT = -5.32
WEIGHTS = Signals(dense=4.28, focus=3.84, coverage=1.35)
# Answer from here up; below, say that the sources don't. Chosen by the same command.
ANSWER_FROM = 0.5


def signals(hit: Hit) -> Signals:
    """What is known of `hit` as an answer to the question it was found for."""
    return Signals(hit.dense, hit.focus, hit.coverage)


def confidence(seen: Signals) -> float:
    """The probability, 0 to 1, that the passage behind `seen` answers the question."""
    weighted = sum(w * x for w, x in zip(astuple(WEIGHTS), astuple(seen), strict=True))
    return 1 / (1 + math.exp(-(INTERCEPT + weighted)))
