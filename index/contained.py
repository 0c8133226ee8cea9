"""Which terms each of many short texts holds, in numbers: no text is read again for a question."""

from array import array
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from index.outline import check_parted, rows_of
from index.store.base import Rows


class Contained:
    """The distinct terms of row r are `terms` from `first[r]` to `first[r + 1]`."""

    def __init__(self, first: Rows, terms: NDArray[np.int32]) -> None:
        """Keep them. Raises ValueError where `first` does not part `terms` into rows."""
        check_parted(first, len(terms), "terms")
        self._first, self._terms = first, terms

    @classmethod
    def of(cls, rows: Iterable[Iterable[int]]) -> "Contained":
        """That of rows of terms, in which one may come again."""
        first, terms = array("q", [0]), array("i")
        for row in rows:
            terms.extend(dict.fromkeys(row))
            first.append(len(terms))
        return cls(np.array(first, np.int64), np.array(terms, np.int32))

    def __len__(self) -> int:
        return len(self._first) - 1

    def weights(self, asked: Mapping[int, float], rows: Rows) -> NDArray[np.float64]:
        """For each of these rows the weights of the terms asked for that it holds, added up."""
        places, begin = rows_of(self._first, rows)
        owner, terms = np.repeat(np.arange(len(rows)), np.diff(begin)), self._terms[places]
        weights = np.zeros(len(rows))
        for term, weight in asked.items():  # in the order asked: a sum of another may differ
            weights[owner[terms == term]] += weight  # no term stands twice in a row
        return weights

    def arrays(self) -> tuple[Rows, NDArray[np.int32]]:
        """All it holds."""
        return self._first, self._terms
