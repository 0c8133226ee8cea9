"""Which rows belong to which: what is known of all passages at once, in arrays."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from index.documents import Document
from index.passages import Passage
from index.store.base import Rows


class Facet(NamedTuple):
    """All of a document that a filter looks at (qa/filters.py)."""

    kind: str
    publisher: str
    language: str
    tags: tuple[str, ...]

    @classmethod
    def of(cls, document: Document) -> "Facet":
        """That of this document."""
        return cls(document.kind, document.publisher, document.language, document.tags)


class Outline(NamedTuple):
    """Row numbers of passages, and of what belongs to each.

    The sentences of passage r are the rows from `first_sentence[r]` to `first_sentence[r + 1]`, its
    FAQ questions those from `first_question[r]`; `document[r]` is the row of its document. Passages
    with the same number in `facet` pass the same filters; `facets` has the first row with each.
    """

    first_sentence: Rows
    first_question: Rows
    document: Rows
    facet: Rows
    facets: Rows

    @classmethod
    def of(cls, documents: Sequence[Document], passages: Sequence[Passage]) -> "Outline":
        """That of these passages of these documents."""
        rows = {document.id: row for row, document in enumerate(documents)}
        owner = [rows[passage.document_id] for passage in passages]
        numbers: dict[Facet, int] = {}
        facet = [numbers.setdefault(Facet.of(documents[row]), len(numbers)) for row in owner]
        return cls(
            firsts(len(passage.sentences) for passage in passages),
            firsts(len(documents[row].questions) for row in owner),
            np.array(owner, np.int64),
            np.array(facet, np.int64),
            np.unique(np.array(facet, np.int64), return_index=True)[1],
        )


def rows_of(first: Rows, owners: Rows) -> tuple[Rows, Rows]:
    """The rows of each of these, where those of r are the ones from `first[r]` to `first[r + 1]`.

    One owner's come after another's; and where each one's begin in them, one entry more for the
    end.
    """
    counts = first[owners + 1] - first[owners]
    begin = np.concatenate([[0], np.cumsum(counts)])
    return np.arange(begin[-1]) + np.repeat(first[owners] - begin[:-1], counts), begin


def check_parted(first: Rows, count: int, name: str) -> None:
    """Raise ValueError where `first` does not part so many, of that name, into rows."""
    if not len(first) or first[0] or first[-1] != count or (np.diff(first) < 0).any():
        raise ValueError(f"{count} {name} do not part into {len(first) - 1} rows")


def owner_of(first: Rows, rows: Rows) -> Rows:
    """Whose these rows are, where the rows of r are those from `first[r]` to `first[r + 1]`."""
    return np.searchsorted(first, rows, side="right") - 1


def firsts(counts: Iterable[int]) -> Rows:
    """Where the rows of each begin, which has so many of them; one entry more for the end."""
    return np.array([0, *accumulate(counts)], np.int64)
