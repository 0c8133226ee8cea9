"""Question to ranked passages, each with the parts of its score."""

from dataclasses import dataclass

import numpy as np

from index.encoder import Encoder, Vectors
from index.knowledge import Knowledge
from index.passages import Passage
from index.store.base import Rows, Scores, VectorStore

# A weighted sum, where most peers fuse ranks: ranks lose to dense search alone on three of eight
# public sets and throw the absolute score away. Chosen with benchmarks/retrieval.py.
MEANING_WEIGHT = 0.5
FOCUS_WEIGHT = 0.5
LEXICAL_WEIGHT = 0.15
COVERAGE_WEIGHT = 0.1
# Two questions this near ask the same. Of those that near a stored one, 255 of 255 were right on
# stackfaq and 88 of 89 on hint3-curekart, where 4 of 532 that have no answer came as near.
SAME_QUESTION = 0.85
# How many rows each search hands on. All their parts are then computed exactly, so that these
# bound the work and not the ranking: deeper rows never reached the first ten on the public sets.
_CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. Every score is higher for better.

    `score` = 0.5 `meaning` + 0.5 `focus` + 0.15 `lexical` + 0.1 `coverage`. `dense` is the cosine
    of question and passage; `sentences` those of the passage's sentences; `question` that of the
    nearest question of an FAQ entry, whose text is `asked` (-1 and empty for an article); `lexical`
    is BM25 over the highest BM25 this question reached, 0 to 1; `coverage` the share of the
    question's words that the passage and its context hold, rare ones counting more, 0 to 1.
    """

    passage: Passage
    rank: int
    score: float
    dense: float
    sentences: tuple[float, ...]
    question: float
    asked: str
    lexical: float
    coverage: float

    @property
    def meaning(self) -> float:
        """The cosine of the passage or, where an FAQ entry is asked for in so many words, of that.

        An alternate question may lie far from its entry's answer and still ask for it.
        """
        asked = self.question if self.question >= SAME_QUESTION else -1.0
        return max(self.dense, asked)

    @property
    def focus(self) -> float:
        """The best cosine over the passage's sentences and, for an FAQ entry, its questions."""
        return max(*self.sentences, self.question)


class Retriever:
    """Finds the passages of one knowledge base that fit a question best."""

    def __init__(self, knowledge: Knowledge, encoder: Encoder) -> None:
        self.knowledge = knowledge
        self._encoder = encoder
        self._questions = knowledge.questions
        self._first_question = np.searchsorted(
            knowledge.question_owner, np.arange(len(knowledge.passages) + 1)
        )

    def retrieve(self, question: str, k: int = 10) -> tuple[Hit, ...]:
        """The best `k` passages or fewer, best first; equal scores keep the corpus's order."""
        query = self._encoder.encode_queries([question])
        bm25 = self.knowledge.lexical.search(question)
        rows = self._candidates(query, bm25)
        parts = self._parts(rows, query[0], bm25, self.knowledge.lexical.coverage(question))
        scores = _weighted(parts)
        best = np.argsort(-scores, kind="stable")[:k]
        return tuple(
            self._hit(int(rows[i]), rank, float(scores[i]), parts, int(i))
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
            _by_row(knowledge.sentence_store, knowledge.first_sentence, rows, query),
            _by_row(knowledge.question_store, self._first_question, rows, query),
            bm25[rows] / max(float(bm25.max()), 1e-9),
            coverage[rows],
        )

    def _hit(self, row: int, rank: int, score: float, parts: "_Parts", i: int) -> Hit:
        questions = parts.questions[i]
        nearest = int(questions.argmax()) if len(questions) else -1
        return Hit(
            passage=self.knowledge.passages[row],
            rank=rank,
            score=score,
            dense=float(parts.dense[i]),
            sentences=tuple(parts.sentences[i].tolist()),
            question=float(questions[nearest]) if len(questions) else -1.0,
            asked=self._questions[self._first_question[row] + nearest] if len(questions) else "",
            lexical=float(parts.lexical[i]),
            coverage=float(parts.coverage[i]),
        )


@dataclass(frozen=True, slots=True)
class _Parts:
    """By candidate: cosines of passage, each sentence and each question; BM25 share; coverage."""

    dense: Scores
    sentences: list[Scores]
    questions: list[Scores]
    lexical: Scores
    coverage: Scores


def _weighted(parts: _Parts) -> Scores:
    """The score of each candidate, as `Hit` has it."""
    question = np.array([cosines.max(initial=-1.0) for cosines in parts.questions], np.float32)
    sentence = np.array([cosines.max() for cosines in parts.sentences], np.float32)
    asked = np.where(question >= SAME_QUESTION, question, -1.0)
    weighted: Scores = (
        MEANING_WEIGHT * np.maximum(parts.dense, asked)
        + FOCUS_WEIGHT * np.maximum(sentence, question)
        + LEXICAL_WEIGHT * parts.lexical
        + COVERAGE_WEIGHT * parts.coverage
    )
    return weighted


def _by_row(store: VectorStore, first: Rows, rows: Rows, query: Vectors) -> list[Scores]:
    """For each passage row, the cosines of the rows that `first` says are its own in `store`."""
    owned = [np.arange(first[row], first[row + 1]) for row in rows]
    cosines = _cosines(store.vectors(np.concatenate(owned)), query)
    return np.split(cosines, np.cumsum([len(own) for own in owned])[:-1])


def _cosines(vectors: Vectors, query: Vectors) -> Scores:
    """One cosine a row, equal for equal rows: `vectors @ query` may differ in their last bit."""
    cosines: Scores = (vectors * query).sum(axis=1)
    return cosines
