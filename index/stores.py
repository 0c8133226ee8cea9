"""All stores of a knowledge base, each searched as its size asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from index.store.base import VectorStore
from index.store.choice import Search, asked_of, chosen
from index.tokens import TokenStore


@dataclass(frozen=True, slots=True)
class Stores:
    """The vectors of passages, sentences and questions, and the tokens of the last two.

    `searches` says how the vectors of each are searched.
    """

    dense: dict[str, VectorStore]
    tokens: dict[str, TokenStore]
    searches: dict[str, Search] = field(default_factory=dict)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the owner should know of how they are searched."""
        told = (how.notice(name) for name, how in self.searches.items())
        return tuple(filter(None, told))


def stores_of(exact: Mapping[str, VectorStore], tokens: dict[str, TokenStore], most: int) -> Stores:
    """The stores of passages, sentences and questions, each searched as its size asks for.

    Up to `most` rows each is searched exactly.
    """
    asked = asked_of(exact["questions"], exact["sentences"])
    few = len(exact["sentences"]) <= most
    found = {
        "passages": chosen(exact["passages"], asked, most),
        "sentences": (
            exact["sentences"],
            Search("exact" if few else "none", len(exact["sentences"])),
        ),
        "questions": chosen(exact["questions"], asked, most),
    }
    dense = {name: store for name, (store, _) in found.items()}
    return Stores(dense, tokens, {name: how for name, (_, how) in found.items()})
