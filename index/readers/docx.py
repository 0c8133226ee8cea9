"""Word documents: their headings, paragraphs, lists and tables, with what was accepted of them."""

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from index.documents import BlockKind
from index.readers.archive import checked_archive
from index.readers.asked import MAX_QUESTION, as_question, with_questions
from index.readers.docx_styles import Styles
from index.readers.docx_text import Notes, boxes, children, shown, w
from index.readers.draft import Piece, one_line, row
from index.readers.faq import add_page, is_question
from index.readers.fields import Fields
from index.readers.harvest import Harvest
from index.readers.source import Reading, SourceFile

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_MAX_NESTING = 50  # tables in text boxes in tables


def read_docx(file: SourceFile) -> Reading:
    """An FAQ where headings or bold lines are questions, else one article.

    Text that was inserted while changes were tracked is in, deleted text is out, and text
    that is hidden itself (`w:vanish` on its run), not by a style. A footnote follows the paragraph
    it belongs to. A line of it is a paragraph, with those of tables.
    """
    harvest = Harvest(file)
    archive = checked_archive(file)
    try:
        document = _opened(archive)
        harvest.page = _about(document)
        pieces = _Walk(document).pieces
    except MemoryError:
        raise
    except Exception:  # parts missing or of another kind make it fail in many ways
        reason = "not a Word document that can be read; open it and save it as .docx"
        raise file.problem(0, reason) from None
    add_page(harvest, with_questions(pieces))
    return harvest.reading


def _opened(archive: IO[bytes]) -> "WordDocument":
    from docx import Document

    return Document(archive)


def _about(document: "WordDocument") -> Fields:
    """What the document says of itself; its date is the day it was last saved."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    package = document.part.package
    if package is None or not any(
        rel.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for rel in package.rels.values()
    ):
        return Fields()  # asked for properties that it lacks, it makes some up
    about = document.core_properties
    day = about.modified or about.created
    return Fields(
        title=one_line(about.title),
        date=day.date().isoformat() if day else "",
        language=one_line(about.language),
    )


class _Walk:
    """Goes through the body in order."""

    def __init__(self, document: "WordDocument") -> None:
        self.pieces: list[Piece] = []
        self._line = 0
        self._styles = Styles(document)
        self._notes = Notes(document)
        self._take(document.element.body, 0)
        if any(piece.level == 0 and piece.kind == "heading" for piece in self.pieces):
            self.pieces = [_below_title(piece) for piece in self.pieces]

    def _take(self, parent: Any, depth: int) -> None:
        for child in children(parent):
            if child.tag == w("p"):
                self._line += 1
                self._paragraph(child)
                for box in self._boxes(child, depth):
                    self._take(box, depth + 1)
            elif child.tag == w("tbl"):
                self._table(child, depth)

    def _paragraph(self, paragraph: Any) -> None:
        """A paragraph with the footnotes that it refers to."""
        text = shown(paragraph)
        if text.strip():
            self.pieces.append(self._piece(paragraph, text))
        for note in self._notes.of(paragraph):
            self.pieces.append(Piece("paragraph", note, line=self._line))

    def _boxes(self, paragraph: Any, depth: int) -> list[Any]:
        return boxes(paragraph) if depth < _MAX_NESTING else []

    def _piece(self, paragraph: Any, text: str) -> Piece:
        level = self._styles.level(paragraph)
        if level is not None:
            return Piece("heading", one_line(text), level, line=self._line)
        if len(text) <= MAX_QUESTION and is_question(text) and self._styles.bold(paragraph):
            return as_question(Piece("paragraph", one_line(text), line=self._line))
        kind: BlockKind = "item" if self._styles.in_list(paragraph) else "paragraph"
        return Piece(kind, text, line=self._line)

    def _table(self, table: Any, depth: int) -> None:
        rows = [child for child in children(table) if child.tag == w("tr")]
        cells = [[c for c in children(r) if c.tag == w("tc")] for r in rows]
        if sum(map(len, cells)) == 1 and depth < _MAX_NESTING:  # a box around some text
            self._take(cells[0][0], depth + 1)
            return
        above: list[str] = []
        for number, (line, in_line) in enumerate(zip(rows, cells, strict=True)):
            self._line += 1
            above = list(self._cells(in_line, above, depth))
            heads = number == 0 and len(rows) > 1 and self._styles.heads(table, line)
            self.pieces.append(row("header" if heads else "row", above, self._line))

    def _cells(self, cells: list[Any], above: list[str], depth: int) -> Iterator[str]:
        """The texts of a row. A cell that goes on from above says its text again."""
        place = 0
        for cell in cells:
            span, goes_on = _span(cell)
            again = above[place] if goes_on and place < len(above) else ""
            yield again or " ".join(self._texts(cell, depth))
            yield from [""] * (span - 1)
            place += span

    def _texts(self, parent: Any, depth: int) -> Iterator[str]:
        """All that `_take` would make pieces of, as it stands in a cell."""
        for child in children(parent):
            if child.tag == w("p"):
                yield shown(child)
                yield from self._notes.of(child)
                for box in self._boxes(child, depth):
                    yield from self._texts(box, depth + 1)
            elif depth < _MAX_NESTING:
                yield from self._texts(child, depth + 1)


def _span(cell: Any) -> tuple[int, bool]:
    """How many columns a cell takes, and whether it goes on from the row above."""
    span, merge = (cell.find(f"{w('tcPr')}/{w(name)}") for name in ("gridSpan", "vMerge"))
    width = span.get(w("val"), "") if span is not None else ""
    goes_on = merge is not None and merge.get(w("val"), "continue") == "continue"
    return min(int(width), 63) if width.isdecimal() and int(width) else 1, goes_on


def _below_title(piece: Piece) -> Piece:
    """With a title above them, headings stand one level lower."""
    if piece.kind != "heading":
        return piece
    return Piece("heading", piece.text, piece.level + 1, line=piece.line)
