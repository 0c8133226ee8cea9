"""What filters may name: the values that the documents have, known for each generation."""

from weakref import WeakKeyDictionary

from qa.filters import EVERYTHING, Filters, Unknown, unknown
from qa.web.engine import Knowledge


class HeldValues:
    """Looked through once for each knowledge base, at the first question with a filter."""

    def __init__(self) -> None:
        # Weak: what serves no more is not to be kept in memory for this.
        self._of: WeakKeyDictionary[Knowledge, Filters] = WeakKeyDictionary()

    def lacking(self, knowledge: Knowledge, asked: Filters) -> tuple[Unknown, ...]:
        """Values of these filters that no document has."""
        if asked == EVERYTHING:
            return ()
        held = self._of.get(knowledge)
        if held is None:
            held = self._of[knowledge] = Filters.of(knowledge.facets)
        return tuple(unknown(asked, held))
