"""What an export comes to, and which of the documents it holds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.documents import Block, Document


@dataclass(frozen=True, slots=True)
class Written:
    """The text of an export, how many entries and articles it holds, and a note on each loss."""

    text: str
    entries: int
    articles: int
    left_out: tuple[str, ...] = ()


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
        what = "1 article" if articles == 1 else f"{articles:,} articles"
        left_out = (f"{what}: this format holds FAQ entries alone; use jsonl", *left_out)
    return Written(text, kept, 0, left_out)


def block_texts(document: Document) -> list[tuple[Block, str]]:
    """Each block with its text."""
    return [(block, document.text[block.start : block.end]) for block in document.blocks]
