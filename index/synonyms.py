"""A site's own synonyms: which words of a text also answer to which words of a question."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FILE = "synonyms.txt"  # at the top of the folder of sources


@dataclass(frozen=True, slots=True)
class Group:
    """A question that says one of `asked` also means any of `meant`."""

    asked: tuple[str, ...]
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The groups of a synonyms file, as written there, in order."""

    groups: tuple[Group, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """All that a question may say of them."""
        return tuple(phrase for group in self.groups for phrase in group.asked)

    def to_list(self) -> list[list[list[str]]]:
        """A JSON-ready record; `from_list` gives the synonyms back."""
        return [[list(group.asked), list(group.meant)] for group in self.groups]

    @classmethod
    def from_list(cls, records: Iterable[Any]) -> "Synonyms":
        """The synonyms that `to_list` wrote."""
        return cls(tuple(Group(tuple(asked), tuple(meant)) for asked, meant in records))


NO_SYNONYMS = Synonyms()
