"""How each store is searched, chosen by its size from what was measured.

One thread of the machine that the figures of docs/performance.md are from, 384 values a row: exact
search takes 10.4 ms over 100,000 rows, 70 ms over a million; a question's encoding takes 5 to 11.
Lists take .5 ms and 5.
"""

from dataclasses import asdict, dataclass
from math import isqrt
from typing import Any

import numpy as np

from index.store.base import Rows, Vectors, VectorStore
from index.store.rounded import RoundedStore

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

    `kind` is "exact" or "lists". For lists: how many there are
    and how many a search reads. `recall` is recall@10 against exact search, measured in the build
    on `asked` vectors of the corpus, its FAQ questions first and then its sentences; `refused` says
    why a large store is searched exactly, in spite of its `lists`.
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


def chosen(
    exact: VectorStore, asked: Vectors, most: int = EXACT, floor: float = RECALL_FLOOR
) -> tuple[VectorStore, Search]:
    """The store to search in place of `exact`, a FaissStore: itself up to `most` rows.

    `asked` are vectors to measure recall with. Where it stays below `floor` with as many lists read
    as still pay, exact search is kept.
    """
    from index.store.faiss import FaissStore
    from index.store.lists import ListStore

    if len(exact) <= most or not isinstance(exact, FaissStore):
        return exact, Search("exact", len(exact))
    store = ListStore(exact, 2 * isqrt(len(exact)))
    wanted = exact.search(asked, _DEPTH)[1]
    recall = round(_settled(store, asked, wanted), 4)
    measured = (len(exact), store.lists, store.probed, recall, len(asked))
    if recall >= floor:
        return store, Search("lists", *measured)
    why = (
        f"recall@10 is {recall} where {store.probed} of {store.lists} lists are read, below {floor}"
    )
    return exact, Search("exact", *measured, refused=why)


def _settled(store: Any, asked: Vectors, wanted: Rows) -> float:
    """Have the store read as few lists as reach the aim; the recall it has then."""
    most = max(1, int(store.lists * _MOST_PROBED))
    probed = min(_FIRST_PROBED, most)
    while True:
        store.probed = probed
        recall = recall_of(store.search(asked, _DEPTH)[1], wanted)
        if recall >= _AIM or probed == most:
            return recall
        probed = min(2 * probed, most)


def recall_of(found: Rows, wanted: Rows) -> float:
    """The share of the wanted rows that were found, over all questions; 1 where none is wanted."""
    pairs = zip(found.tolist(), wanted.tolist(), strict=True)
    shared = sum(len(set(some) & set(others)) for some, others in pairs)
    return shared / wanted.size if wanted.size else 1.0


def asked_of(questions: VectorStore, sentences: RoundedStore, most: int = _ASKED) -> Vectors:
    """Vectors of a corpus to measure recall with: FAQ questions, then sentences, spread evenly."""
    some = _spread(questions, most)
    return np.concatenate([some, _spread(sentences, most - len(some))])


def _spread(store: VectorStore | RoundedStore, most: int) -> Vectors:
    count = min(most, len(store))
    return store.vectors(np.linspace(0, len(store) - 1, count).astype(np.int64))
