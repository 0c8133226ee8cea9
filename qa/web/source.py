"""The source view: a document as a page, the cited sentence marked. No script runs on it."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from index.documents import CELL, Block, Document
from index.passages import Passage
from qa.web.engine import Engine
from qa.web.markup import Span, cut, safe_link, spoken_date
from qa.web.sub_path import root_of

ASSETS = Path(__file__).with_name("assets")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {"Content-Security-Policy": POLICY}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, marked or not; `id` is set on the first marked piece of the page."""

    text: str
    marked: bool
    id: str = ""


Line = list[Piece]


@dataclass(slots=True)
class Part:
    """What the template draws: a heading, a paragraph, a list of lines or a table of cells."""

    kind: str
    level: int = 0
    lines: list[Line] = field(default_factory=list)
    names: list[Line] = field(default_factory=list)
    rows: list[list[Line]] = field(default_factory=list)


def source_routes(engine: Engine) -> APIRouter:
    """`GET /source/{passage}?start=&end=`: the passage's document, that span of it marked."""
    router = APIRouter()

    @router.get("/source/{passage_id:path}", response_class=HTMLResponse)
    def source(request: Request, passage_id: str, start: str = "", end: str = "") -> Response:
        root = root_of(request.scope)
        try:
            passage = engine.knowledge.passage(passage_id)
        except KeyError:
            page = _templates().get_template("missing.html").render(root=root)
            return HTMLResponse(page, status_code=404, headers=_HEADERS)
        document = engine.knowledge.document(passage.document_id)
        return HTMLResponse(
            render_source(document, _span(passage, start, end), root), headers=_HEADERS
        )

    return router


def render_source(document: Document, span: Span, root: str = "") -> str:
    """The whole document as HTML, `document.text[span]` marked, on a site that begins at `root`."""
    return (
        _templates()
        .get_template("source.html")
        .render(
            root=root,
            document=document,
            parts=_Layout(document, span).parts(),
            date=spoken_date(document.date),
            page=document.page_at(span[0]),
            url=safe_link(document.url) if not document.url.startswith("/") else "",
        )
    )


def _span(passage: Passage, start: str, end: str) -> Span:
    """Where to mark in the document: the part asked for if it lies in the passage, or all of it."""
    if start.isdecimal() and end.isdecimal() and len(start + end) < 20:
        left, right = int(start), int(end)
        if left < right <= len(passage.text):
            return passage.start + left, passage.start + right
    return passage.start, passage.end


@cache
def _templates() -> Environment:
    # autoescape=True and no choice by file name: every template here is HTML.
    loader = FileSystemLoader(ASSETS)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)


class _Layout:
    """Blocks in order to the parts of a page: items gather in a list, rows in a table."""

    def __init__(self, document: Document, span: Span) -> None:
        self._document = document
        self._span = span
        self._found = False
        self._level = 1

    def parts(self) -> list[Part]:
        """What the template draws, in the document's order."""
        parts: list[Part] = []
        for block in self._document.blocks:
            if not self._repeats_title(block):
                self._place(block, parts)
        return parts

    def _repeats_title(self, block: Block) -> bool:
        """The page's own heading is the title, so an article that opens with it shows it once."""
        text = self._document.text[block.start : block.end]
        return block.kind == "heading" and block.start == 0 and text == self._document.title

    def _place(self, block: Block, parts: list[Part]) -> None:
        kind = {"item": "list", "header": "table", "row": "table"}.get(block.kind, block.kind)
        fresh = not parts or parts[-1].kind != kind or block.kind not in ("item", "row")
        if fresh:
            parts.append(Part(kind))
        part = parts[-1]
        if block.kind == "header":
            part.names = self._cells(block)
        elif block.kind == "row":
            part.rows.append(self._cells(block))
        else:
            part.lines.append(self._pieces(block.start, block.end))
        if block.kind == "heading":
            part.level = self._level = self._next_level(block.level)

    def _next_level(self, level: int) -> int:
        """Below the title and never two steps deeper at once, so that readers can walk headings."""
        return min(max(level, 2), self._level + 1, 6)

    def _cells(self, block: Block) -> list[Line]:
        cells, at = [], block.start
        for cell in self._document.text[block.start : block.end].split(CELL):
            cells.append(self._pieces(at, at + len(cell)))
            at += len(cell) + len(CELL)
        return cells

    def _pieces(self, start: int, end: int) -> Line:
        line = []
        for left, right, inside in cut(start, end, [self._span]):
            first = inside and not self._found
            self._found = self._found or inside
            text = self._document.text[left:right]
            line.append(Piece(text, inside, "quote" if first else ""))
        return line
