"""What a candidate's score is made of, and how its parts weigh.

A weighted sum, where most peers fuse ranks: ranks lose to dense search alone on three of eight
public sets and throw the absolute score away. `python -m benchmarks.ranking` fits the weights.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from index.outline import rows_of
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
        starts = self.first[:-1]
        owning = starts < self.first[1:]
        best = np.full(len(starts), -1.0, np.float32)
        if owning.any():
            best[owning] = np.maximum.reduceat(self.values, starts[owning])
        return best

    def each(self) -> list[list[float]]:
        """The values of every candidate's rows."""
        values, first = self.values.tolist(), self.first.tolist()
        return [values[start:end] for start, end in pairwise(first)]


def owned(values: Callable[[Rows], Scores], first: Rows, rows: Rows) -> Owned:
    """The values of the rows that, by `first`, belong to each of these passage rows."""
    places, begin = rows_of(first, rows)
    return Owned(values(places), begin)


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


Measures = tuple[list[float], list[float]]  # of one candidate's rows: means, least


class Worded(NamedTuple):
    """How one candidate's sentences and questions are worded."""

    sentences: Measures
    questions: Measures


@dataclass(frozen=True, slots=True)
class Wording:
    """How rows meet the question token by token, each by its nearest: their mean, and the least."""

    means: Owned
    least: Owned

    @classmethod
    def of(cls, nearest: Owned) -> "Wording":
        """From the nearest to each token, where its values are (rows, t)."""
        values, first = nearest.values, nearest.first
        return cls(Owned(values.mean(axis=1), first), Owned(values.min(axis=1), first))

    def each(self) -> Iterator[Measures]:
        """Those of every candidate."""
        return zip(self.means.each(), self.least.each(), strict=True)


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of the candidates' sentences and questions."""

    sentences: Wording
    questions: Wording

    def best(self) -> Scores:
        """Each candidate's best wording, as `Hit` has it."""
        best: Scores = np.maximum(self.sentences.means.best(), self.questions.means.best())
        return best

    def each(self) -> list[Worded]:
        """Those of every candidate."""
        return [*map(Worded, self.sentences.each(), self.questions.each())]
