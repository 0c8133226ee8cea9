"""How likely it is that the best passage answers the question, and where the line is drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer_type import supported
from qa.hit import Hit
from qa.weights import CONFIDENCE, RANKING


@dataclass(frozen=True, slots=True)
class Signals:
    """What the decision rests on; absolute: none depends on what else was found.

    `similarity` sums the cosines that rank a hit, with the same weights; words in common are left
    out of it, for BM25 is relative. `coverage` is the most that any one sentence, or question, of
    the passage holds of the question's words, rare ones counting more. `unsupported` is 1 where the
    question asks for a kind of thing, as a number or a date, and the passage holds none; else 0.
    """

    similarity: float
    coverage: float
    unsupported: float = 0.0


# Hits that are looked at closely. The right document is among them for .96 of the answerable
# questions of benchmarks/retrieval.py (macro hit@5).
PASSAGES_READ = 5


@dataclass(frozen=True, slots=True)
class Calibration:
    """How confidence is scaled, and the line from which it answers.

    The log-odds above are multiplied by `slope`, more than 0, and moved by `intercept` (Platt
    1999), so calibrating never changes which passage is the surest. The defaults are what Citewell
    comes with; `citewell calibrate` fits others to a site's own questions.
    """

    slope: float = 1.0
    intercept: float = 0.0
    answer_from: float = CONFIDENCE.answer_from

    def __post_init__(self) -> None:
        numbers = (self.slope, self.intercept, self.answer_from)
        if not all(map(math.isfinite, numbers)) or self.slope <= 0 or not 0 < self.answer_from <= 1:
            raise ValueError(f"a slope above 0 and a line in 0..1 are needed, not {self}")


SHIPPED = Calibration()


def judged(question: str, hits: Sequence[Hit], scale: Calibration = SHIPPED) -> tuple[float, ...]:
    """The confidence in each of the first PASSAGES_READ hits for a question, in their order.

    The answer's confidence is the greatest: the best answer need not rank first.
    """
    return tuple(confidence(signals(question, hit), scale) for hit in hits[:PASSAGES_READ])


def signals(question: str, hit: Hit) -> Signals:
    """What is known of a hit as an answer to a question."""
    similarity = (
        RANKING.meaning * hit.meaning + RANKING.focus * hit.focus + RANKING.wording * hit.wording
    )
    coverage = max(match.coverage for match in hit.matches)
    return Signals(similarity, coverage, float(supported(question, hit) is False))


def confidence(seen: Signals, scale: Calibration = SHIPPED) -> float:
    """The probability, 0 to 1, that the passage behind `seen` answers the question."""
    odds = (
        CONFIDENCE.intercept
        + CONFIDENCE.similarity * seen.similarity
        + CONFIDENCE.coverage * seen.coverage
        + CONFIDENCE.unsupported * seen.unsupported
    )
    scaled = scale.slope * odds + scale.intercept
    likely = 1 / (1 + math.exp(-abs(scaled)))  # of a large negative number exp has no value
    return likely if scaled >= 0 else 1 - likely
