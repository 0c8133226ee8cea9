"""Question to ranked passages, each with the parts of its score."""

from dataclasses import dataclass

import numpy as np

from index.encoder import Encoder, Vectors
from index.knowledge import Knowledge
from index.lexical import Weights, share
from index.store.base import Rows, Scores, VectorStore
from qa.hit import SAME_QUESTION, Hit, Match

# A weighted sum, where most peers fuse ranks: ranks lose to dense search alone on three of eight
# public sets and throw the absolute score away. Chosen with benchmarks/retrieval.py.
MEANING_WEIGHT = 0.5
FOCUS_WEIGHT = 0.5
LEXICAL_WEIGHT = 0.15
COVERAGE_WEIGHT = 0.1
# How many rows each search hands on; their scores are then computed exactly. For all of 1,030
# questions of six public sets the first ten were those of scoring every passage.
_CANDIDATES = 100


class Retriever:
    """Finds the passages of one knowledge base that fit a question best."""

    def __init__(self, knowledge: Knowledge, encoder: Encoder) -> None:
        self.knowledge = knowledge
        self._encoder = encoder
        self._questions = knowledge.questions

    def retrieve(self, question: str, k: int = 10) -> tuple[Hit, ...]:
        """The best `k` passages or fewer, best first; equal scores keep the corpus's order."""
        query = self._encoder.encode_queries([question])
        bm25 = self.knowledge.lexical.search(question)
        asked = self.knowledge.lexical.weigh(question)
        rows = self._candidates(query, bm25)
        parts = self._parts(rows, query[0], bm25, self.knowledge.lexical.coverage(asked))
        scores = parts.weighted()
        best = np.argsort(-scores, kind="stable")[:k]
        return tuple(
            self._hit(int(rows[i]), rank, float(scores[i]), parts, int(i), asked)
            for rank, i in enumerate(best, start=1)
        )

    def _candidates(self, query: Vectors, bm25: Scores) -> Rows:
        """The passage rows that any of the searches put forward, ascending."""
        knowledge = self.knowledge
        nearest = [
            knowledge.passage_store.search(query, _CANDIDATES)[1][0],
            knowledge.sentence_owner[knowledge.sentence_store.search(query, _CANDIDATES)[1][0]],
            knowledge.question_owner[knowledge.question_store.search(query, _CANDIDATES)[1][0]],
        ]
        shared = np.argsort(-bm25, kind="stable")[:_CANDIDATES]
        return np.unique(np.concatenate([*nearest, shared[bm25[shared] > 0]]))

    def _parts(self, rows: Rows, query: Vectors, bm25: Scores, coverage: Scores) -> "_Parts":
        """All that a score is made of, for these rows alone."""
        knowledge = self.knowledge
        return _Parts(
            _cosines(knowledge.passage_store.vectors(rows), query),
            _owned(knowledge.sentence_store, knowledge.first_sentence, rows, query),
            _owned(knowledge.question_store, knowledge.first_question, rows, query),
            bm25[rows] / max(float(bm25.max()), 1e-9),
            coverage[rows],
        )

    def _hit(
        self, row: int, rank: int, score: float, parts: "_Parts", i: int, asked: Weights
    ) -> Hit:
        passage = self.knowledge.passages[row]
        question, text = None, ""
        if len(cosines := parts.questions.of(i)):
            nearest = int(cosines.argmax())
            text = self._questions[self.knowledge.first_question[row] + nearest]
            question = Match(float(cosines[nearest]), share(asked, text))
        return Hit(
            passage=passage,
            rank=rank,
            score=score,
            dense=float(parts.dense[i]),
            sentences=tuple(
                Match(float(cosine), share(asked, passage.sentence(number)))
                for number, cosine in enumerate(parts.sentences.of(i))
            ),
            question=question,
            asked=text,
            lexical=float(parts.lexical[i]),
            coverage=float(parts.coverage[i]),
        )


@dataclass(frozen=True, slots=True)
class _Owned:
    """Cosines of rows that candidates own: the i-th those from `first[i]` to `first[i + 1]`."""

    cosines: Scores
    first: Rows

    def of(self, i: int) -> Scores:
        return self.cosines[self.first[i] : self.first[i + 1]]

    def best(self) -> Scores:
        """Each candidate's greatest, -1 for one that owns none."""
        counts = np.diff(self.first)
        best = np.full(len(counts), -1.0, np.float32)
        np.maximum.at(best, np.repeat(np.arange(len(counts)), counts), self.cosines)
        return best


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the score of each candidate is made of, as `Hit` has it."""

    dense: Scores
    sentences: _Owned
    questions: _Owned
    lexical: Scores
    coverage: Scores

    def weighted(self) -> Scores:
        """The score of each candidate."""
        question = self.questions.best()
        asked = np.where(question >= SAME_QUESTION, question, -1.0)
        weighted: Scores = (
            MEANING_WEIGHT * np.maximum(self.dense, asked)
            + FOCUS_WEIGHT * np.maximum(self.sentences.best(), question)
            + LEXICAL_WEIGHT * self.lexical
            + COVERAGE_WEIGHT * self.coverage
        )
        return weighted


def _owned(store: VectorStore, first: Rows, rows: Rows, query: Vectors) -> _Owned:
    """The cosines of the rows that, by `first`, belong to each of these passage rows."""
    owned = [np.arange(first[row], first[row + 1]) for row in rows]
    ends = np.cumsum([0, *map(len, owned)])
    return _Owned(_cosines(store.vectors(np.concatenate(owned)), query), ends)


def _cosines(vectors: Vectors, query: Vectors) -> Scores:
    """One cosine a row, equal for equal rows: `vectors @ query` may differ in their last bit."""
    cosines: Scores = (vectors * query).sum(axis=1)
    return cosines
