"""What a generation has of what a build needs: vectors by text, tokens by reading."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import islice

import numpy as np

from index.encoder import Vectors
from index.knowledge import Knowledge
from index.passages import Passage
from index.store.base import VectorStore
from index.store.rounded import RoundedStore
from index.token_readings import TokenReading
from index.tokens import Codes, TokenStore

# Vectors that are read together: they are asked for in the order of their rows, most of them.
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Known:
    """What one encoder has given before: vectors by text, tokens by reading and span.

    `is_packed` says that tokens are rounded as a large knowledge base keeps them, to two bits a
    value.
    """

    passages: Mapping[str, Vectors] = field(default_factory=dict)
    questions: Mapping[str, Vectors] = field(default_factory=dict)
    sentences: Mapping[str, Vectors] = field(default_factory=dict)
    tokens: Mapping[TokenReading, tuple[Codes, ...]] = field(default_factory=dict)
    is_packed: bool = False


def known_vectors(knowledge: Knowledge) -> Known:
    """All that this generation has vectors and tokens for; they are read when asked for."""
    passages = [*map(TokenReading.of, knowledge.passages)]
    questions = [*map(TokenReading.of_question, knowledge.questions)]
    tokens = _known_tokens(passages, knowledge.sentence_tokens)
    return Known(
        _ByText([reading.whole for reading in passages], knowledge.passage_store),
        _ByText(knowledge.questions, knowledge.question_store),
        _ByText(sentences_of(knowledge.passages), knowledge.sentence_store),
        tokens | _known_tokens(questions, knowledge.question_tokens),
        knowledge.sentence_tokens.is_packed,
    )


class _ByText(Mapping[str, Vectors]):
    """The rows of a store by text."""

    def __init__(self, texts: Sequence[str], store: VectorStore | RoundedStore) -> None:
        self._rows = {text: row for row, text in enumerate(texts)}
        self._read = lru_cache(maxsize=64)(partial(_some, store))

    def __getitem__(self, text: str) -> Vectors:
        row = self._rows[text]
        vector: Vectors = self._read(row // _AT_ONCE)[row % _AT_ONCE]
        return vector

    def __contains__(self, text: object) -> bool:
        return text in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _some(store: VectorStore | RoundedStore, number: int) -> Vectors:
    start = number * _AT_ONCE
    return store.vectors(np.arange(start, min(start + _AT_ONCE, len(store))))


def _known_tokens(
    readings: Sequence[TokenReading], store: TokenStore
) -> dict[TokenReading, tuple[Codes, ...]]:
    rows = map(store.row, range(len(store)))
    return {reading: tuple(islice(rows, len(reading.spans))) for reading in readings}


def sentences_of(passages: Sequence[Passage]) -> list[str]:
    """All sentences of these passages, in order."""
    return [p.sentence(number) for p in passages for number in range(len(p.sentences))]
