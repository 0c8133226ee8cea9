"""What the web needs of an answerer, and no more, so that tests can give it a small one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from index.outline import Facet
from index.passages import Passage
from qa.answer import Answer
from qa.evidence import MAX_QUOTES
from qa.filters import EVERYTHING, Filters
from qa.live import Corpus, Snapshot, Trouble


class Knowledge(Corpus, Protocol):
    """The passages and documents that answers are cut from."""

    @property
    def facets(self) -> Iterable[Facet]:
        """What filters tell apart in the documents with passages."""

    def passage(self, passage_id: str, /) -> Passage:
        """The passage of that id; KeyError for an unknown one."""


class Engine(Protocol):
    """Questions to answers."""

    @property
    def knowledge(self) -> Knowledge:
        """Where its quotes stand."""

    def answer(
        self,
        question: str,
        history: Sequence[Mapping[str, str]],
        /,
        *,
        filters: Filters = EVERYTHING,
        k: int = MAX_QUOTES,
    ) -> Answer:
        """What the sources say, after these turns; QuestionError for a question that is none.

        `filters` says which documents may be quoted, `k` how many passages at most.
        """

    def warm_up(self) -> None:
        """Make all that is made at the first question."""

    def examples(self, limit: int, /) -> tuple[str, ...]:
        """At most `limit` questions that the sources answer."""


class Serving(Protocol):
    """What the routes hold: `Live`, as far as they need it. A request takes `current` once."""

    @property
    def current(self) -> Snapshot[Engine]:
        """What answers now."""

    @property
    def trouble(self) -> Trouble | None:
        """Why that is not what it should be; None where it is."""

    def of(self, generation: str, /) -> Snapshot[Engine] | None:
        """What answers now, or did lately, by the name of its generation."""

    def on_swap(self, tell: Callable[[Engine], None], /) -> None:
        """Have `tell` called with each engine that comes to answer."""
