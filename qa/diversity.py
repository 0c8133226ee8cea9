"""Telling the same thing once: texts that say what an earlier one has said are left out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from index.lexical import stems
from qa.names import names

# The share of their stems, by Jaccard, that near-identical texts have in common. Of the 3,737
# passages of six public sets (those of benchmarks.retrieval) 45 have the stems of an earlier one;
# of others, 9 are near-identical by .9, 14 by .85, 33 by .7. Those between are questions on
# different matters ("How can I cancel my order?", "… my pending order?") and boilerplate.
NEAR_IDENTICAL = 0.9
_NEGATIONS = frozenset({"no", "not", "never", "without"})

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _Said:
    """A text and its stems."""

    text: str
    stems: frozenset[str]

    def repeats(self, other: "_Said") -> bool:
        """Whether both have the same stems, or nearly and no number, name or "not" apart."""
        if len(self.stems & other.stems) < NEAR_IDENTICAL * len(self.stems | other.stems):
            return False
        apart = self.stems ^ other.stems
        return not apart or apart.isdisjoint(self.telling() | other.telling())

    def telling(self) -> frozenset[str]:
        """The stems by which one statement contradicts another. Slow, and seldom needed."""
        spans = (self.text[name.start : name.end] for name in names(self.text) if name.start)
        numbers = (stem for stem in self.stems if any(map(str.isdecimal, stem)))
        return _NEGATIONS.union(numbers, stems(" ".join(spans)))


def distinct(items: Iterable[Item], text: Callable[[Item], str]) -> Iterator[Item]:
    """The items in order, but none whose text nearly repeats that of one that was kept.

    Each is compared with all that were kept: for lists of tens, not of thousands.
    """
    kept: list[_Said] = []
    for item in items:
        said = _said(text(item))
        if not any(map(said.repeats, kept)):
            kept.append(said)
            yield item


@lru_cache(maxsize=2_000)  # stemming a passage takes .2 ms, and the same ones come up again
def _said(text: str) -> _Said:
    return _Said(text, frozenset(stems(text)))
