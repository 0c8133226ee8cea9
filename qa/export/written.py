"""What an export comes to, and which of the documents it holds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.documents import Block, Document
from qa.terminal import count


@dataclass(frozen=True, slots=True)
class Written:
    """The text of an export, how many entries and articles it holds, and a note on each loss."""

    text: str
    entries: int
    articles: int
    left_out: tuple[str, ...] = ()


Part = tuple[Block, str]
"""A block with its text."""

Writer = Callable[[Sequence[Document]], Written]


def faq_entries(documents: Iterable[Document]) -> list[Document]:
    """The documents that have a question."""
    return [document for document in documents if document.kind == "faq"]


def of_entries(
    text: str, kept: int, documents: Sequence[Document], left_out: tuple[str, ...] = ()
) -> Written:
    """An export that holds `kept` FAQ entries; that articles are left out is noted."""
    articles = sum(document.kind == "article" for document in documents)
    if articles:
        what = count(articles, "article", "articles")
        left_out = (f"{what}: this format holds FAQ entries alone; use jsonl", *left_out)
    return Written(text, kept, 0, left_out)


def block_texts(document: Document) -> list[Part]:
    """Each block with its text."""
    return [(block, document.text[block.start : block.end]) for block in document.blocks]


def group_of(part: Part) -> str:
    """What parts of this kind make together: a `table` of headers and rows, else the kind."""
    kind = part[0].kind
    return "table" if kind in ("header", "row") else kind
