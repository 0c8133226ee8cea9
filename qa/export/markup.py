"""A document's blocks as HTML, every character of the text escaped."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from index.documents import CELL, Block, Document
from qa.export.written import Part, block_texts, group_of


def marked_up(document: Document) -> str:
    """The answer in HTML: paragraphs, headings, lists and tables."""
    return "".join(_elements(block_texts(document)))


def text_in_html(text: str) -> str:
    """Text as it has to stand in HTML."""
    return escape(text, quote=False).replace("\n", "<br>")


def _elements(parts: Sequence[Part]) -> Iterator[str]:
    for kind, group in groupby(parts, group_of):
        if kind == "item":
            yield f"<ul>{''.join(f'<li>{text_in_html(text)}</li>' for _, text in group)}</ul>"
        elif kind == "table":
            yield f"<table>{''.join(_row(*part) for part in group)}</table>"
        else:
            yield from (_block(*part) for part in group)


def _block(block: Block, text: str) -> str:
    tag = f"h{min(max(block.level, 3), 6)}" if block.kind == "heading" else "p"
    return f"<{tag}>{text_in_html(text)}</{tag}>"


def _row(block: Block, text: str) -> str:
    tag = "th" if block.kind == "header" else "td"
    cells = (f"<{tag}>{text_in_html(cell)}</{tag}>" for cell in text.split(CELL))
    return f"<tr>{''.join(cells)}</tr>"
