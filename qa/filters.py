"""Which documents a question is put to: by what they say of themselves."""

from dataclasses import dataclass

from index.documents import Document

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Several values of one field: any of them; several fields: all of them; none: every document.

    Values are compared as they stand in the sources. One that no document has lets nothing through,
    so the question gets an abstention.
    """

    kind: Values = ()
    publisher: Values = ()
    language: Values = ()
    tags: Values = ()

    def allows(self, document: Document) -> bool:
        """Whether answers may quote this document."""
        alone = (
            (self.kind, document.kind),
            (self.publisher, document.publisher),
            (self.language, document.language),
        )
        return all(not wanted or held in wanted for wanted, held in alone) and (
            not self.tags or any(tag in self.tags for tag in document.tags)
        )


EVERYTHING = Filters()
