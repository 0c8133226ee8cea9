"""How likely it is that the best passage answers the question, and where the line is drawn."""

import math
from dataclasses import astuple, dataclass

from index.lexical import LexicalStore
from qa.evidence import coverage
from qa.retriever import Hit


@dataclass(frozen=True, slots=True)
class Signals:
    """Absolute measures of one question and its best hit; none depends on the other hits.

    `dense` and `focus` are cosines as in `Hit`; `coverage` is the share of the question's words,
    weighed by rarity, that the passage and its context hold.
    """

    dense: float
    focus: float
    coverage: float


# Logistic regression, fitted by `python -m benchmarks.confidence` on squad2, clapnq,
# hint3-curekart and mtrag, each set and each outcome weighing the same.
INTERCEPT = -6.0
WEIGHTS = Signals(dense=4.0, focus=5.0, coverage=2.0)
# Answer from here up; below, say that the sources don't. Chosen by the same command.
ANSWER_FROM = 0.5


def signals(question: str, hit: Hit, lexical: LexicalStore) -> Signals:
    """What is known of `hit` as an answer to `question`."""
    return Signals(hit.dense, hit.focus, coverage(question, hit.passage.encoded_text, lexical))


def confidence(seen: Signals) -> float:
    """The probability, 0 to 1, that the passage behind `seen` answers the question."""
    weighted = sum(w * x for w, x in zip(astuple(WEIGHTS), astuple(seen), strict=True))
    return 1 / (1 + math.exp(-(INTERCEPT + weighted)))
