"""How each store is searched, chosen by its size from what was measured.

One thread, 384 values a row: exact search took 230 ms over a million rows, codes 13 with 500 rows
re-scored, on a machine where encoding a question took 11. Training and making the codes took 7 s.
"""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.store.base import Rows, Vectors, VectorStore
from index.store.rounded import RoundedStore

if TYPE_CHECKING:
    from index.store.coded import CodedStore
    from index.store.faiss import FaissStore

# Rows of a store that are searched exactly, in 2 ms: a fifth of the encoding of a question. From
# there on codes are faster, and the tokens of so many passages are kept in a quarter of the bytes.
EXACT = 10_000
RECALL_FLOOR = 0.98  # of the ten exact nearest; below it a build keeps exact search, and says so
_AIM = 0.99
_DEPTH = 10
_ASKED = 256  # vectors that recall is measured with
# Rows that codes have re-scored. Of a million made ones 500 gave a recall of 1.000, 200 of .991 (of
# .83 with codes half as long); 8,000 would take as long as reading the codes.
_FIRST_RESCORED = 250
_MOST_RESCORED = 8_000


@dataclass(frozen=True, slots=True)
class Search:
    """How a store is searched, as the manifest says it.

    `kind` is "exact" or "codes", of which the best `rescored` are scored exactly. `recall` is
    recall@10 against exact search, measured in the build on `asked` vectors of the corpus, FAQ
    questions and sentences; `refused` says why a large store is searched exactly.
    """

    kind: str
    rows: int
    rescored: int = 0
    recall: float = 1.0
    asked: int = 0
    refused: str = ""

    def notice(self, name: str) -> str:
        """What the owner should know of how these rows, of that name, are searched; or nothing."""
        if self.refused:
            return f"{self.rows:,} {name} are searched one by one, which takes long: {self.refused}"
        return ""

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready record."""
        return asdict(self)


class Asked(NamedTuple):
    """Vectors that recall is measured with; `own` is the row of the store that each is, or -1."""

    vectors: Vectors
    own: Rows

    @classmethod
    def of_others(cls, vectors: Vectors) -> "Asked":
        """Of vectors that are no rows of the store."""
        return cls(vectors, np.full(len(vectors), -1, np.int64))

    def nearest(self, store: VectorStore) -> Rows:
        """The nearest rows of each. Its own, which any search finds, does not count as found."""
        if (self.own < 0).all():
            return store.search(self.vectors, _DEPTH)[1]
        rows = store.search(self.vectors, _DEPTH + 1)[1]
        left_out = rows == self.own[:, None]
        left_out[~left_out.any(axis=1), -1] = True
        kept: Rows = rows[~left_out].reshape(len(rows), -1)
        return kept


def chosen(
    exact: "FaissStore", asked: Asked, most: int = EXACT, floor: float = RECALL_FLOOR
) -> tuple[VectorStore, Search]:
    """The store to search in place of `exact`: itself up to `most` rows.

    Where the recall of what is `asked` stays below `floor` with as many rows re-scored as still
    pay, exact search is kept.
    """
    from index.store.coded import CodedStore

    if len(exact) <= most:
        return exact, Search("exact", len(exact))
    store = CodedStore(exact, _FIRST_RESCORED)
    recall = round(_settled(store, asked, asked.nearest(exact)), 4)
    measured = (len(exact), store.rescored, recall, len(asked.vectors))
    if recall >= floor:
        return store, Search("codes", *measured)
    why = f"recall@10 is {recall} where {store.rescored:,} are scored exactly, below {floor}"
    return exact, Search("exact", *measured, refused=why)


def _settled(store: "CodedStore", asked: Asked, wanted: Rows) -> float:
    """Have the store re-score as few rows as reach the aim; the recall it has then."""
    while True:
        recall = recall_of(asked.nearest(store), wanted)
        if recall >= _AIM or store.rescored >= _MOST_RESCORED:
            return recall
        store.rescored *= 2


def recall_of(found: Rows, wanted: Rows) -> float:
    """The share of the wanted rows that were found, over all questions; 1 where none is wanted."""
    pairs = zip(found.tolist(), wanted.tolist(), strict=True)
    shared = sum(len(set(some) & set(others)) for some, others in pairs)
    return shared / wanted.size if wanted.size else 1.0


def measured_with(
    questions: VectorStore, sentences: RoundedStore, most: int = _ASKED
) -> tuple[Asked, Asked]:
    """What a corpus's passages, and its FAQ questions, are asked to measure recall.

    Both are asked the same: FAQ questions and sentences, spread evenly, half of each; where one has
    fewer, more of the other.
    """
    half = most // 2
    some = _spread(questions, max(half, most - len(sentences)))
    others = _spread(sentences, most - len(some))
    vectors = np.concatenate([questions.vectors(some), sentences.vectors(others)])
    own = np.concatenate([some, np.full(len(others), -1)])
    return Asked.of_others(vectors), Asked(vectors, own)


def _spread(store: VectorStore | RoundedStore, most: int) -> Rows:
    """At most so many of its rows, all different."""
    count = min(most, len(store))
    return np.linspace(0, len(store) - 1, count).astype(np.int64)
