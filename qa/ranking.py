"""What a candidate's score is made of, and how its parts weigh.

A weighted sum, where most peers fuse ranks: ranks lose to dense search alone on three of eight
public sets and throw the absolute score away. `python -m benchmarks.ranking` fits the weights.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from index.store.base import Rows, Scores
from qa.hit import SAME_QUESTION
from qa.weights import RANKING


@dataclass(frozen=True, slots=True)
class Owned:
    """Values of rows that candidates own: the i-th those from `first[i]` to `first[i + 1]`."""

    values: Scores
    first: Rows

    def of(self, i: int) -> Scores:
        """The values of the i-th candidate's rows."""
        return self.values[self.first[i] : self.first[i + 1]]

    def best(self) -> Scores:
        """Each candidate's greatest, -1 for one that owns none."""
        counts = np.diff(self.first)
        best = np.full(len(counts), -1.0, np.float32)
        np.maximum.at(best, np.repeat(np.arange(len(counts)), counts), self.values)
        return best

    def means(self) -> "Owned":
        """The mean of each row's own values, where `values` is (rows, t)."""
        return Owned(self.values.mean(axis=1), self.first)


def owned(values: Callable[[Rows], Scores], first: Rows, rows: Rows) -> Owned:
    """The values of the rows that, by `first`, belong to each of these passage rows."""
    counts = first[rows + 1] - first[rows]
    ends = np.concatenate([[0], np.cumsum(counts)])
    return Owned(values(np.arange(ends[-1]) + np.repeat(first[rows] - ends[:-1], counts)), ends)


@dataclass(frozen=True, slots=True)
class Parts:
    """All but its wording that the score of each candidate is made of, as `Hit` has it."""

    dense: Scores
    sentences: Owned
    questions: Owned
    lexical: Scores
    coverage: Scores

    def weighted(self) -> Scores:
        """The score of each candidate, as far as these parts go."""
        question = self.questions.best()
        asked = np.where(question >= SAME_QUESTION, question, -1.0)
        weighted: Scores = (
            RANKING.meaning * np.maximum(self.dense, asked)
            + RANKING.focus * np.maximum(self.sentences.best(), question)
            + RANKING.lexical * self.lexical
            + RANKING.coverage * self.coverage
        )
        return weighted


@dataclass(frozen=True, slots=True)
class Words:
    """How each token of the question is met, by its nearest in each row: values are (rows, t)."""

    sentences: Owned
    questions: Owned

    def at(self, i: int) -> tuple[Scores, Scores]:
        """Those of the i-th candidate's sentences and questions."""
        return self.sentences.of(i), self.questions.of(i)

    def best(self) -> Scores:
        """Each candidate's best wording, as `Hit` has it."""
        best: Scores = np.maximum(self.sentences.means().best(), self.questions.means().best())
        return best
