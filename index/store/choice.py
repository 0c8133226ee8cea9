"""How each store is searched, chosen by its size from what was measured.

One thread of the machine that the figures of docs/performance.md are from, 384 values a row: exact
search takes 10.4 ms over 100,000 rows, 70 ms over a million; a question's encoding takes 5 to 11.
Lists take .5 ms and 5.
"""

from dataclasses import asdict, dataclass
from math import isqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.store.base import Rows, Vectors, VectorStore
from index.store.rounded import RoundedStore

if TYPE_CHECKING:
    from index.store.faiss import FaissStore
    from index.store.lists import ListStore

# Rows of a store that are searched exactly, in about 5 ms: no more than the encoding of a question.
# More sentences than that make tokens be kept in a quarter of the bytes.
EXACT = 50_000
RECALL_FLOOR = 0.98  # of the ten exact nearest; below it a build keeps exact search, and says so
_AIM = 0.99
_DEPTH = 10
_ASKED = 256  # vectors that recall is measured with
_FIRST_PROBED = 8
# Past this share of the lists exact search, which reads rows in one sweep, costs about as much.
_MOST_PROBED = 1 / 4


@dataclass(frozen=True, slots=True)
class Search:
    """How a store is searched, as the manifest says it.

    `kind` is "exact" or "lists". For lists: how many there are and how many a search reads.
    `recall` is recall@10 against exact search, measured in the build on `asked` vectors of the
    corpus, FAQ questions and sentences; `refused` says why a large store is searched exactly, in
    spite of its `lists`.
    """

    kind: str
    rows: int
    lists: int = 0
    probed: int = 0
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
        return rows[~left_out].reshape(len(rows), -1)


def chosen(
    exact: "FaissStore", asked: Asked, most: int = EXACT, floor: float = RECALL_FLOOR
) -> tuple[VectorStore, Search]:
    """The store to search in place of `exact`: itself up to `most` rows.

    Where the recall of what is `asked` stays below `floor` with as many lists read as still pay,
    exact search is kept.
    """
    from index.store.lists import ListStore

    if len(exact) <= most:
        return exact, Search("exact", len(exact))
    store = ListStore(exact, 2 * isqrt(len(exact)))
    recall = round(_settled(store, asked, asked.nearest(exact)), 4)
    measured = (len(exact), store.lists, store.probed, recall, len(asked.vectors))
    if recall >= floor:
        return store, Search("lists", *measured)
    why = (
        f"recall@10 is {recall} where {store.probed} of {store.lists} lists are read, below {floor}"
    )
    return exact, Search("exact", *measured, refused=why)


def _settled(store: "ListStore", asked: Asked, wanted: Rows) -> float:
    """Have the store read as few lists as reach the aim; the recall it has then."""
    most = max(1, int(store.lists * _MOST_PROBED))
    probed = min(_FIRST_PROBED, most)
    while True:
        store.probed = probed
        recall = recall_of(asked.nearest(store), wanted)
        if recall >= _AIM or probed == most:
            return recall
        probed = min(2 * probed, most)


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
