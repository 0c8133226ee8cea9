"""Question to ranked passages, each with the parts of its score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Vectors
from index.knowledge import Knowledge
from index.passages import Passage
from index.store.base import Rows, VectorStore

# A weighted sum, where most peers fuse ranks: ranks lose to dense search alone on three of eight
# public sets and throw the absolute score away. Chosen with benchmarks/retrieval.py.
DENSE_WEIGHT = 0.5
FOCUS_WEIGHT = 0.5
LEXICAL_WEIGHT = 0.15
# How many rows each search hands on. All their parts are then computed exactly, so that these
# bound the work and not the ranking: deeper rows never reached the first ten on the public sets.
_CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. Every score is higher for better.

    `score` = 0.5 `dense` + 0.5 `focus` + 0.15 `lexical`. `dense` is the cosine of question and
    passage; `sentences` those of the passage's sentences; `question` that of the nearest question
    of an FAQ entry, whose text is `asked` (-1 and empty for an article); `lexical` is BM25 over the
    highest BM25 this question reached, 0 to 1.
    """

    passage: Passage
    rank: int
    score: float
    dense: float
    sentences: tuple[float, ...]
    question: float
    asked: str
    lexical: float

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
        lexical = bm25[rows] / max(float(bm25.max()), 1e-9)
        parts = self._parts(rows, query[0])
        scores = _weighted(parts, lexical)
        best = np.argsort(-scores, kind="stable")[:k]
        return tuple(
            self._hit(int(rows[i]), rank, float(scores[i]), parts, int(i), float(lexical[i]))
            for rank, i in enumerate(best, start=1)
        )

    def _candidates(self, query: Vectors, bm25: NDArray[np.float32]) -> Rows:
        """The passage rows that any of the searches put forward, ascending."""
        knowledge = self.knowledge
        nearest = [
            knowledge.passage_store.search(query, _CANDIDATES)[1][0],
            knowledge.sentence_owner[knowledge.sentence_store.search(query, _CANDIDATES)[1][0]],
            knowledge.question_owner[knowledge.question_store.search(query, _CANDIDATES)[1][0]],
        ]
        shared = np.argsort(-bm25, kind="stable")[:_CANDIDATES]
        return np.unique(np.concatenate([*nearest, shared[bm25[shared] > 0]]))

    def _parts(self, rows: Rows, query: Vectors) -> "_Parts":
        """The exact cosines of the query with each row's passage, sentences and questions."""
        knowledge = self.knowledge
        return _Parts(
            knowledge.passage_store.vectors(rows) @ query,
            _by_row(knowledge.sentence_store, knowledge.first_sentence, rows, query),
            _by_row(knowledge.question_store, self._first_question, rows, query),
        )

    def _hit(
        self, row: int, rank: int, score: float, parts: "_Parts", i: int, lexical: float
    ) -> Hit:
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
            lexical=lexical,
        )


@dataclass(frozen=True, slots=True)
class _Parts:
    """Cosines by candidate: one for the passage, one for each of its sentences and questions."""

    dense: NDArray[np.float32]
    sentences: list[NDArray[np.float32]]
    questions: list[NDArray[np.float32]]


def _weighted(parts: _Parts, lexical: NDArray[np.float32]) -> NDArray[np.float32]:
    focus = [
        max(sentences.max(), questions.max(initial=-1.0))
        for sentences, questions in zip(parts.sentences, parts.questions, strict=True)
    ]
    weighted: NDArray[np.float32] = (
        DENSE_WEIGHT * parts.dense
        + FOCUS_WEIGHT * np.array(focus, np.float32)
        + LEXICAL_WEIGHT * lexical
    )
    return weighted


def _by_row(
    store: VectorStore, first: Rows, rows: Rows, query: Vectors
) -> list[NDArray[np.float32]]:
    """For each passage row, the cosines of the rows that `first` says are its own in `store`."""
    owned = [np.arange(first[row], first[row + 1]) for row in rows]
    cosines = store.vectors(np.concatenate(owned)) @ query
    return np.split(cosines, np.cumsum([len(own) for own in owned])[:-1])
