"""Which documents a question is put to: by what they say of themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from difflib import get_close_matches

from index.outline import Facet

Values = tuple[str, ...]

_COMPARED = 200  # values, of which the nearest are looked for; that takes some 5 ms
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Filters:
    """Several values of one field: any of them; several fields: all of them; none: every document.

    Values are compared as they stand in the sources. One that no document has lets nothing through,
    so the question gets an abstention; `unknown` finds it beforehand.
    """

    kind: Values = ()
    publisher: Values = ()
    language: Values = ()
    tags: Values = ()

    def allows(self, facet: Facet) -> bool:
        """Whether answers may quote a document of these values."""
        alone = (
            (self.kind, facet.kind),
            (self.publisher, facet.publisher),
            (self.language, facet.language),
        )
        return all(not wanted or held in wanted for wanted, held in alone) and (
            not self.tags or any(tag in self.tags for tag in facet.tags)
        )

    @classmethod
    def of(cls, facets: Iterable[Facet]) -> "Filters":
        """Every value that one of these has, in order."""
        values: dict[str, set[str]] = {field.name: set() for field in fields(cls)}
        for facet in facets:
            values["kind"].add(facet.kind)
            values["publisher"].add(facet.publisher)
            values["language"].add(facet.language)
            values["tags"].update(facet.tags)
        return cls(**{name: tuple(sorted(held - {""})) for name, held in values.items()})


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value of a filter that no document has, and those that look most like it, or the first."""

    field: str
    value: str
    near: Values
    alike: bool

    def __str__(self) -> str:
        said = f"filters.{self.field}: no source has {self.value!r}; "
        if not self.near:
            return f"{said}none has any, so leave this filter out"
        named = ", ".join(map(repr, self.near))
        return said + (f"did you mean {named}?" if self.alike else f"some have {named}")


def unknown(asked: Filters, held: Filters) -> Iterator[Unknown]:
    """Of each filter the first value that is not among those that documents have.

    `kind` is not looked at: there are two, whether the documents are of both or not.
    """
    for name in ("publisher", "language", "tags"):
        values: Values = getattr(held, name)
        for value in getattr(asked, name):
            if value not in values:
                near = _near(value, values)
                yield Unknown(name, value, near or values[:_NEAR], bool(near))
                break


def _near(value: str, values: Values) -> Values:
    """Those that are spelled nearly so, whatever their capitals."""
    folded = {one.casefold(): one for one in reversed(values[:_COMPARED])}
    return tuple(folded[one] for one in get_close_matches(value.casefold(), folded, _NEAR))
