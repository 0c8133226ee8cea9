"""What is being served: one generation, whole, and the few before it that links still lead to."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, Protocol, TypeVar

from qa.suggestions import Entries, TypeAhead, faq_questions

# Earlier generations that are kept for source views. Each may be as large as the one that serves,
# and a reader opens a link within minutes; a judgement.
KEPT = 2


class Corpus(Entries, Protocol):
    """What an engine answers from."""

    @property
    def generation(self) -> str:
        """The name of what was built."""

    @property
    def built(self) -> str:
        """When its sources were read, UTC in ISO 8601; empty where that is not known."""

    @property
    def degraded(self) -> str:
        """Why it is not the newest that there is; empty where it is."""


class Answering(Protocol):
    """An engine, as far as it matters here."""

    @property
    def knowledge(self) -> Corpus:
        """What it answers from."""


E = TypeVar("E", bound=Answering)
E_co = TypeVar("E_co", bound=Answering, covariant=True)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Snapshot(Generic[E_co]):
    """One generation with all that answers from it: whoever holds it sees no other."""

    engine: E_co
    type_ahead: TypeAhead

    @property
    def generation(self) -> str:
        """The name of what was built."""
        return self.engine.knowledge.generation


def snapshot(engine: E) -> Snapshot[E]:
    """Of this engine, with its type-ahead made."""
    return Snapshot(engine, TypeAhead(faq_questions(engine.knowledge)))


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why what is served is not what it should be: for everybody, and for the site's owner."""

    said: str
    detail: str


# What a trouble is about.
KB, REBUILD, SOURCES = "kb", "rebuild", "sources"

DAMAGED = "the knowledge base is damaged; the newest generation of it that is whole serves"
MISSING = "the knowledge base is not in its folder any more; what was read before serves"
UNUSED = "what is in the knowledge base's folder cannot be used; what was read before serves"
UNREBUILT = "the last rebuild failed; what was built before it serves"
AWAY = "the sources are not in their place any more; what was built of them serves"


class Live(Generic[E]):
    """The engine to ask, replaced as a whole while others ask. Safe to share between threads.

    A request takes `current` once and uses it to its end.
    """

    def __init__(self, engine: E) -> None:
        self.current = snapshot(engine)
        self._earlier: tuple[Snapshot[E], ...] = ()
        self._troubles: dict[str, Trouble] = {}
        self._told: list[Callable[[E], None]] = []
        self._swapping = Lock()

    def swap(self, engine: E) -> None:
        """Serve this one from now on. The one before stays within reach, unless it is that too."""
        fresh = snapshot(engine)
        with self._swapping:
            before = self.current
            kept = tuple(s for s in (before, *self._earlier) if s.generation != fresh.generation)
            # First within reach, then replaced: at no time is one that was just quoted out of it.
            self._earlier = kept[: KEPT + 1]
            self.current = fresh
            self._earlier = kept[:KEPT]
        for tell in self._told:
            tell(engine)

    def of(self, generation: str) -> Snapshot[E] | None:
        """The snapshot of that generation, if it serves or is among the last few that did."""
        held = (self.current, *self._earlier)
        return next((one for one in held if one.generation == generation), None)

    def on_swap(self, tell: Callable[[E], None]) -> None:
        """Have `tell` called with each engine that comes to serve."""
        self._told.append(tell)

    @property
    def trouble(self) -> Trouble | None:
        """What the site's owner has to look at; None where all is well."""
        if now := self._troubles.get(KB):
            return now
        if fallen_back := self.current.engine.knowledge.degraded:
            return Trouble(DAMAGED, fallen_back)
        return next(iter(self._troubles.values()), None)

    def note(self, about: str, trouble: Trouble | None) -> None:
        """Keep the trouble with one thing, in place of what it was; None for none."""
        troubles = {name: told for name, told in self._troubles.items() if name != about}
        self._troubles = {**troubles, about: trouble} if trouble else troubles
