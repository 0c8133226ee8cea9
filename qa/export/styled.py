"""A document's blocks as Markdown that shows, and reads back as, the very same text."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from index.documents import CELL, Block, Document
from qa.export.written import Part, block_texts, group_of

_MARKS = re.compile(r"[\\`*<>\[\]|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_OPENERS = re.compile(r"(?m)^([#+\-=~:])")  # what opens a block at the start of a line
_NUMBERS = re.compile(r"(?m)^(\d{1,9})([.)])")
_EDGES = re.compile(r"(?m)^\s|\s$|\t|\n\n")  # white space that a paragraph would lose
_TICKS = re.compile(r"`+")


def styled(document: Document, *, headings: bool = True, code: bool = True) -> str:
    """The answer in Markdown. Without `headings`, those within it are bold paragraphs.

    A paragraph whose white space Markdown would lose is code, or without `code` loses it.
    """
    parts = block_texts(document)
    if not code:
        parts = [(b, _tidy(text) if b.kind in ("paragraph", "item") else text) for b, text in parts]
    return "\n\n".join(_chunks(parts, headings))


def heading(text: str, level: int) -> str:
    """A heading that shows this text."""
    return f"{'#' * level} {_inline(text).replace('#', chr(92) + '#')}"


def escaped(text: str) -> str:
    """Text whose characters all stand for themselves in Markdown."""
    return _NUMBERS.sub(r"\1\\\2", _OPENERS.sub(r"\\\1", _inline(text)))


def _inline(text: str) -> str:
    return _MARKS.sub(lambda mark: "\\" + mark[0], text)


def _tidy(text: str) -> str:
    """The lines that hold something, each without white space around it; no tabs."""
    lines = (line.strip() for line in text.replace("\t", " ").split("\n"))
    return "\n".join(filter(None, lines))


def _chunks(parts: Sequence[Part], headings: bool) -> Iterator[str]:
    for kind, group in groupby(parts, group_of):
        if kind == "item":
            yield "\n".join("- " + _paragraph(text).replace("\n", "\n  ") for _, text in group)
        elif kind == "table":
            yield from _tables(list(group))
        else:
            yield from (_single(*part, headings) for part in group)


def _single(block: Block, text: str, headings: bool) -> str:
    if block.kind != "heading":
        return _paragraph(text)
    level = min(max(block.level, 1), 6)
    return heading(text, level) if headings else f"**{_inline(text)}**"


def _paragraph(text: str) -> str:
    """A paragraph, its line ends kept; as code where white space in it would be lost."""
    if not _EDGES.search(text):
        return escaped(text).replace("\n", "  \n")
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _tables(parts: Sequence[Part]) -> Iterator[str]:
    """A table for each header, and for each run of rows that are equally wide."""
    rows = [(block.kind == "header", text.split(CELL)) for block, text in parts]
    lines: list[str] = []
    width = 0
    for heads, cells in rows:
        if heads or len(cells) != width:
            if lines:
                yield "\n".join(lines)
            width = len(cells)
            lines = [_line(cells if heads else [""] * width), _line(["---"] * width, raw=True)]
        if not heads:
            lines.append(_line(cells))
    yield "\n".join(lines)


def _line(cells: Sequence[str], *, raw: bool = False) -> str:
    shown = cells if raw else [_inline(cell).replace("\n", " ") for cell in cells]
    return f"| {' | '.join(shown)} |"
