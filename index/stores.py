"""All stores of a knowledge base, each searched as its size asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.store.base import VectorStore
from index.store.choice import Search, chosen, measured_with
from index.store.rounded import RoundedStore
from index.tokens import TokenStore

if TYPE_CHECKING:
    from index.store.faiss import FaissStore


@dataclass(frozen=True, slots=True)
class Stores:
    """The vectors of passages, FAQ questions and sentences, and the tokens of the last two.

    `searches` says how passages and questions are searched. Sentences are not: they are read for
    the passages that are found.
    """

    passages: VectorStore
    questions: VectorStore
    sentences: RoundedStore
    tokens: Mapping[str, TokenStore]
    searches: Mapping[str, Search] = field(default_factory=dict)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the owner should know of how they are searched."""
        told = (how.notice(name) for name, how in self.searches.items())
        return tuple(filter(None, told))


def stores_of(
    passages: "FaissStore",
    questions: "FaissStore",
    sentences: RoundedStore,
    tokens: Mapping[str, TokenStore],
    most: int,
) -> Stores:
    """These stores, passages and questions with codes where there are more than `most` of them."""
    of_passages, of_questions = measured_with(questions, sentences)
    first, found = chosen(passages, of_passages, most)
    second, other = chosen(questions, of_questions, most)
    searches = {"passages": found, "questions": other}
    return Stores(first, second, sentences, tokens, searches)
