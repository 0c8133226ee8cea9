"""What an exported model needs beside its graph: how to read a text, how to make one vector."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.encoder import Role, Vectors, unit


@dataclass(frozen=True, slots=True)
class Recipe:
    """What sentence-transformers does before and after the graph. `longest` is in tokens."""

    longest: int
    padding: int
    pooling: Literal["mean", "cls"]
    dim: int
    query: str
    passage: str

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """The inverse of `to_json`."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """As kept beside the graph."""
        return json.dumps(asdict(self))

    def prompt(self, role: Role) -> str:
        """What stands before every text in this role."""
        return self.query if role == "query" else self.passage

    def pooled(self, hidden: Vectors) -> Vectors:
        """One vector of unit length, (dim,), from those of all tokens of a text, (t, dim)."""
        return unit(hidden[0] if self.pooling == "cls" else hidden.mean(axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """A text as the model reads it: ids (t,) and where each stands in the text, (t, 2)."""

    ids: NDArray[np.int64]
    spans: NDArray[np.int64]


class Reader:
    """Texts to tokens, by the model's own tokenizer. Safe to use from several threads."""

    def __init__(self, tokenizer: str, recipe: Recipe) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(recipe.longest)

    def read(self, texts: Sequence[str]) -> list[Tokens]:
        """The tokens of each text, with those that the model puts around it."""
        if len(texts) == 1:  # no thread but this one
            found = [self._tokenizer.encode(texts[0])]
        else:
            found = self._tokenizer.encode_batch(list(texts))
        return [
            Tokens(np.array(one.ids, np.int64), np.array(one.offsets, np.int64).reshape(-1, 2))
            for one in found
        ]


def padded(batch: Sequence[Tokens], padding: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ids of a batch and its mask, both (b, longest of the batch)."""
    shape = len(batch), max(len(tokens.ids) for tokens in batch)
    ids, mask = np.full(shape, padding, np.int64), np.zeros(shape, np.int64)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens.ids)] = tokens.ids
        mask[row, : len(tokens.ids)] = 1
    return ids, mask
