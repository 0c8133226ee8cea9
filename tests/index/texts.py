"""Documents written by hand, and documents of any shape and script."""

from typing import Any

from hypothesis import strategies as st

from index.documents import Block, BlockKind, Document, DocumentKind

Part = tuple[BlockKind, str] | tuple[BlockKind, str, int]  # kind, text and a heading's level


def document(kind: DocumentKind, *parts: Part, gap: str = "\n\n", **more: Any) -> Document:
    """A document of these blocks, parted by `gap`."""
    text = ""
    blocks: list[Block] = []
    for part in parts:
        text += gap if blocks else ""
        level = part[2] if len(part) == 3 else 0
        blocks.append(Block(part[0], len(text), len(text) + len(part[1]), level))
        text += part[1]
    fields = {"id": "d", "title": "T", "source": "d.md"} | more
    return Document(kind=kind, text=text, blocks=tuple(blocks), **fields)


def article(*parts: Part, **more: Any) -> Document:
    """An article of these blocks."""
    return document("article", *parts, **more)


def faq(question: str, *paragraphs: str, **more: Any) -> Document:
    """An FAQ entry with an answer of these paragraphs."""
    return document("faq", *(("paragraph", p) for p in paragraphs), title=question, **more)


_SCRIPTS = st.sampled_from(list("aZ.!? \n\t\u3000é。！中カ한यह्ि।عة؟😀1|-'\"(e\u0301\u200d"))
# Half characters never pass the readers, and no file could hold them.
_ANY = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(_SCRIPTS | _ANY, max_size=60)
# Repeated, so that some are longer than a passage may be.
_BLOCK_TEXTS = st.builds(
    lambda text, times: text * times, TEXTS, st.sampled_from([1, 1, 1, 7, 80, 300])
).filter(str.strip)
_KINDS = st.sampled_from(["heading", "paragraph", "paragraph", "item", "header", "row"])
PARTS = st.lists(st.tuples(_KINDS, _BLOCK_TEXTS, st.integers(1, 3)), min_size=1, max_size=8)
DOCUMENTS = st.builds(
    lambda kind, parts, gap: document(kind, *parts, gap=gap),
    st.sampled_from(["faq", "article", "article"]),
    PARTS,
    st.sampled_from(["\n\n", "\n", ""]),
)
