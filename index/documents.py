"""Documents: what the readers make of the files, and what every quote is cut from."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

CELL = " | "  # stands between the cells of a table's row

DocumentKind = Literal["faq", "article"]
BlockKind = Literal["heading", "paragraph", "item", "header", "row"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document as its reader sees it: `document.text[start:end]`.

    A `header` is a table's line of column names and a `row` one of its lines, cells joined by
    ` | `. `level` is the depth of a heading, 1 the outermost; `anchor` its fragment on the source's
    page, without `#`. `page` is the 1-based page that it begins on, 0 where there are none.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    anchor: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One FAQ entry (title = question, text = answer) or one article, as plain text.

    `text` is what a reader of the source sees, nothing added; `blocks` cover all of it but white
    space, in order, without overlap. `source` is the file's path inside its folder and `line` the
    1-based line where the document begins: a page of a PDF, a paragraph of a text document, a row
    of a spreadsheet. `date` is ISO 8601, as exact as it is known (2025,
    2025-10, 2025-10-19), or empty.
    """

    id: str
    kind: DocumentKind
    title: str
    text: str
    source: str
    blocks: tuple[Block, ...]
    line: int = 1
    alternates: tuple[str, ...] = ()
    publisher: str = ""
    url: str = ""
    date: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id or not self.id.isprintable():
            raise ValueError(f"a document's id is printable text, not {self.id!r}")
        if self.kind not in get_args(DocumentKind):
            raise ValueError(f"a document is an faq or an article, not {self.kind!r}")
        if not self.text.strip():
            raise ValueError(f"{self.id}: a document has text")
        self._check_blocks()

    def _check_blocks(self) -> None:
        end = 0
        for block in self.blocks:
            if not end <= block.start < block.end <= len(self.text):
                raise ValueError(f"{self.id}: block {block.start}:{block.end} overlaps or is empty")
            if self.text[end : block.start].strip():
                raise ValueError(f"{self.id}: text before {block.start} stands in no block")
            end = block.end
        if self.text[end:].strip():
            raise ValueError(f"{self.id}: text after {end} stands in no block")

    @property
    def questions(self) -> tuple[str, ...]:
        """What an FAQ entry is asked by: its question and the alternates. Empty for an article."""
        return (self.title, *self.alternates) if self.kind == "faq" else ()

    def page_at(self, place: int) -> int:
        """The page of the block that holds `text[place]`, 0 where the document has none."""
        after = bisect_right(self.blocks, place, key=lambda block: block.start)
        return self.blocks[after - 1].page if after else 0

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready record; `from_dict` gives the document back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> "Document":
        """The document that `to_dict` wrote."""
        fields = dict(record)
        fields["blocks"] = tuple(Block(**block) for block in fields["blocks"])
        fields["alternates"] = tuple(fields["alternates"])
        fields["tags"] = tuple(fields["tags"])
        return cls(**fields)


def is_web_address(url: str) -> bool:
    """Whether `url` is absolute http or https with a host, the only kinds that are ever linked."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
