"""The text of a document while a reader writes it, block by block."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.documents import CELL, Block, BlockKind

_TIGHT = {"item", "row"}  # lists and tables keep their lines together

# What no reader of a page sees: soft hyphens, zero-width spaces, controls, marks of direction, tags
# that can spell a hidden message. The zero-width joiners stay, for they change the letters beside
# them (Persian, Hindi, emoji). Half characters, which JSON can spell, could never be written to a
# file again.
_UNSEEN = (
    *(0xAD, 0x034F, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x3164, 0xFEFF, 0xFFA0),
    *(*range(9), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0)),
    *(*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFFF9, 0xFFFC)),
    *range(0xE0000, 0xE0080),
)
_SPACES = (
    *(0x0B, 0x0C, 0x0D, *range(0x1C, 0x20), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)),
    *(0x2028, 0x2029, 0x202F, 0x205F, 0x3000),
)
# One letter for a printer, several for a reader; models do not know them and nobody types them.
_LIGATURES = dict(enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"), start=0xFB00))
# Where programs put the 256 places of a symbol font. Which font, a plain text does not say: these
# are what Word writes itself, bullets of Symbol (B7) and Wingdings, its arrow and its smile; that
# another sign is lost is shown by a mark.
_SYMBOLS = {
    **dict.fromkeys(range(0xF000, 0xF100), "\ufffd"),
    **dict.fromkeys((0xF06C, 0xF06E, 0xF09F, 0xF0A7, 0xF0B7), "•"),
    **dict.fromkeys((0xF06F, 0xF071, 0xF0A8), "☐"),
    0xF04A: "☺",
    0xF076: "❖",
    0xF0D8: "➢",
    0xF0E0: "→",
    0xF0FB: "✗",
    0xF0FC: "✓",
    0xF0FE: "☑",
}
_VISIBLE: dict[int, str | None] = {
    **dict.fromkeys(_UNSEEN),
    **dict.fromkeys(_SPACES, " "),
    **_LIGATURES,
    **_SYMBOLS,
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


def visible(text: str) -> str:
    """`text` as it looks on a page: nothing unseen in it, every kind of space a plain one, every
    ligature its letters, every sign of a symbol font the sign, as far as it is known.
    """
    return text.translate(_VISIBLE)


def one_line(text: str) -> str:
    """`visible(text)` on one line, single spaces between words."""
    return " ".join(visible(text).split())


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of visible text before it has its place in a document.

    `line` is its 1-based line, `page` its 1-based page, 0 where there are none.
    """

    kind: BlockKind
    text: str
    level: int = 0
    anchor: str = ""
    line: int = 1
    page: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One question and the pieces that answer it, as found in a file."""

    question: Piece
    answer: tuple[Piece, ...]
    alternates: tuple[str, ...] = ()


def row(kind: BlockKind, cells: Iterable[str], line: int = 1) -> Piece:
    """A table's header or row as a piece; without text in any cell it is blank.

    Empty cells keep their place, so that splitting at `CELL` gives every cell its column.
    """
    # A cell's own `CELL` would shift the cells after it into their neighbours' columns.
    tidy = [one_line(cell).replace(CELL, "|") for cell in cells]
    return Piece(kind, CELL.join(tidy) if any(tidy) else "", line=line)


class Draft:
    """Collects blocks of visible text and keeps each one's place in the whole."""

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []
        for piece in pieces:
            self.add(piece)

    @property
    def text(self) -> str:
        """All blocks so far, parted by blank lines (items and rows by line ends)."""
        return "".join(self._parts)

    def add(self, piece: Piece) -> None:
        """Append one block; a blank piece adds nothing."""
        text = visible(piece.text)
        if not text.strip():
            return
        if piece.kind not in ("header", "row"):
            text = text.strip()
        if self._parts:
            tight = piece.kind in _TIGHT and self.blocks[-1].kind != "heading"
            self._write("\n" if tight else "\n\n")
        start = self._length
        self._write(text)
        self.blocks.append(
            Block(piece.kind, start, self._length, piece.level, piece.anchor, piece.page)
        )

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
