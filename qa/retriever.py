"""Question to ranked passages, each with the parts of its score."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder import Encoder, Vectors
from index.knowledge import Knowledge
from index.lexical import Weights, share
from index.passages import Passage
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
        (ranked,) = self.rank_each([question])
        return self.hits(ranked, k)

    def rank_each(self, questions: Sequence[str]) -> Iterator["Ranked"]:
        """For each of these questions, which are encoded and searched together, its candidates."""
        queries = self._encoder.encode_queries(questions)
        nearest = [self._nearest(queries, part) for part in self._searched()]
        for number, question in enumerate(questions):
            yield self._ranked(question, queries[number], [rows[number] for rows in nearest])

    def hits(self, ranked: "Ranked", k: int) -> tuple[Hit, ...]:
        """The best `k` of a question's candidates with all that is known of them."""
        asked = self.knowledge.lexical.weigh(ranked.question)
        return tuple(self._hit(ranked, rank, asked) for rank in range(min(k, len(ranked.order))))

    def scored(self, ranked: "Ranked", k: int) -> list[tuple[Passage, float]]:
        """The best `k` of a question's candidates, each with its score alone."""
        best = ranked.order[:k]
        passages = (self.knowledge.passages[row] for row in ranked.rows[best])
        return list(zip(passages, map(float, ranked.scores[best]), strict=True))

    def _searched(self) -> list[tuple[VectorStore, Rows | None]]:
        """Each store with the passage row that owns each of its rows; None where they are one."""
        knowledge = self.knowledge
        return [
            (knowledge.passage_store, None),
            (knowledge.sentence_store, knowledge.sentence_owner),
            (knowledge.question_store, knowledge.question_owner),
        ]

    def _nearest(self, queries: Vectors, part: tuple[VectorStore, Rows | None]) -> Rows:
        """The passage rows of the nearest rows of a store, shape (len(queries), candidates)."""
        store, owner = part
        rows = store.search(queries, _CANDIDATES)[1]
        return rows if owner is None else owner[rows]

    def _ranked(self, question: str, query: Vectors, nearest: list[Rows]) -> "Ranked":
        lexical = self.knowledge.lexical
        bm25 = lexical.search(question)
        shared = np.argsort(-bm25, kind="stable")[:_CANDIDATES]
        rows = np.unique(np.concatenate([*nearest, shared[bm25[shared] > 0]]))
        parts = self._parts(rows, query, bm25, lexical.coverage(lexical.weigh(question)))
        scores = parts.weighted()
        return Ranked(question, rows, parts, scores, np.argsort(-scores, kind="stable"))

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

    def _hit(self, ranked: "Ranked", rank: int, asked: Weights) -> Hit:
        i = int(ranked.order[rank])
        row, parts = int(ranked.rows[i]), ranked.parts
        passage = self.knowledge.passages[row]
        question, text = None, ""
        if len(cosines := parts.questions.of(i)):
            nearest = int(cosines.argmax())
            text = self._questions[self.knowledge.first_question[row] + nearest]
            question = Match(float(cosines[nearest]), share(asked, text))
        return Hit(
            passage=passage,
            rank=rank + 1,
            score=float(ranked.scores[i]),
            dense=float(parts.dense[i]),
            sentences=tuple(
                Match(cosine, share(asked, passage.sentence(number)))
                for number, cosine in enumerate(parts.sentences.of(i).tolist())
            ),
            question=question,
            asked=text,
            lexical=float(parts.lexical[i]),
            coverage=float(parts.coverage[i]),
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question's candidates: passage `rows` with their `scores`; `order` lists them best first.

    `parts` is what the scores are made of. All but `order` are in the corpus's order.
    """

    question: str
    rows: Rows
    parts: "_Parts"
    scores: Scores
    order: Rows


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
    counts = first[rows + 1] - first[rows]
    ends = np.concatenate([[0], np.cumsum(counts)])
    owned = np.arange(ends[-1]) + np.repeat(first[rows] - ends[:-1], counts)
    return _Owned(_cosines(store.vectors(owned), query), ends)


def _cosines(vectors: Vectors, query: Vectors) -> Scores:
    """One cosine a row, equal for equal rows: `vectors @ query` may differ in their last bit."""
    cosines: Scores = np.einsum("ij,j->i", vectors, query)
    return cosines
