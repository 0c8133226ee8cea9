"""The source view: a document as a page, the cited sentence marked. No script runs on it."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from index.documents import CELL, Block, Document
from index.passages import Passage
from qa.links import words_stamp
from qa.web.engine import Engine, Knowledge, Serving
from qa.web.markup import Span, cut, safe_link, source_link, spoken_date, spoken_moment
from qa.web.strings import FALLBACK, Strings, languages, preferred
from qa.web.sub_path import root_of

ASSETS = Path(__file__).with_name("assets")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {"Content-Security-Policy": POLICY, "Vary": "Accept-Language"}
_ENGLISH = languages()[FALLBACK]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, marked or not; `id` is set on the first marked piece of the view.

    `page` is that of the source, on the first marked piece of each.
    """

    text: str
    marked: bool
    id: str = ""
    page: int = 0


Line = list[Piece]


@dataclass(slots=True)
class Part:
    """What the template draws: a heading, a paragraph, a list of lines or a table of cells."""

    kind: str
    level: int = 0
    lines: list[Line] = field(default_factory=list)
    names: list[Line] = field(default_factory=list)
    rows: list[list[Line]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """What an address asks to see: a span of a passage, of which generation, and its stamp.

    `start` and `end` are as they came; a link made by hand may have only `passage`.
    """

    passage: str
    start: str = ""
    end: str = ""
    generation: str = ""
    stamp: str = ""

    def fits(self, passage: Passage) -> bool:
        """Whether the words are those that it was made for, as far as it says which."""
        left, right = _span(passage, self.start, self.end)
        words = passage.text[left - passage.start : right - passage.start]
        return not self.stamp or self.stamp == words_stamp(words)


@dataclass(frozen=True, slots=True)
class View:
    """What is shown: a document, what to mark in it, and what to say of its age.

    `notice` is `earlier` for one that has changed since, `changed` where the words of the link are
    not there any more; `now` leads from the first to the second.
    """

    document: Document
    span: Span | None
    built: str
    notice: str = ""
    now: str = ""


def source_routes(live: Serving) -> APIRouter:
    """`GET /source/{passage}?start=&end=`: the passage's document, that span of it marked.

    A link that names its generation (`g`) is shown what it was made from while that is remembered.
    """
    router = APIRouter()

    @router.get("/source/{passage_id:path}", response_class=HTMLResponse)
    def source(request: Request, passage_id: str) -> Response:
        root, asked = root_of(request.scope), request.query_params
        named = (asked.get(name, "") for name in ("start", "end", "g", "is"))
        try:
            view = find_view(live, Link(passage_id, *named))
        except KeyError:
            page = _templates().get_template("missing.html").render(root=root)
            return HTMLResponse(page, status_code=404, headers=_HEADERS)
        strings = preferred(request.headers.get("accept-language", ""))
        return HTMLResponse(render_view(view, root, strings), headers=_HEADERS)

    return router


def find_view(live: Serving, link: Link) -> View:
    """What to show for a link. Raises KeyError where its passage is neither held nor remembered."""
    now = live.current.engine
    named = live.of(link.generation) if link.generation else None
    if named and named.engine.knowledge is not now.knowledge:
        try:
            return _earlier(named.engine, now, link)
        except KeyError:
            pass  # another generation of that name
    passage = now.knowledge.passage(link.passage)
    known = not link.generation or named is not None or bool(link.stamp)
    same = known and link.fits(passage)
    document, built = now.knowledge.document(passage.document_id), now.knowledge.built
    if not same:
        return View(document, None, built, "changed")
    return View(document, _span(passage, link.start, link.end), built)


def _earlier(named: Engine, now: Engine, link: Link) -> View:
    """As the generation has it that the link names. Raises KeyError where that is not it."""
    passage = named.knowledge.passage(link.passage)
    if not link.fits(passage):
        raise KeyError(link.passage)
    document = named.knowledge.document(passage.document_id)
    span = _span(passage, link.start, link.end)
    if _held(now.knowledge, document.id) == document:
        return View(document, span, now.knowledge.built)
    there = _holds(now.knowledge, link.passage)
    onward = source_link(link.passage).removesuffix("#quote") if there else ""
    return View(document, span, named.knowledge.built, "earlier", onward)


def _held(knowledge: Knowledge, document: str) -> Document | None:
    try:
        return knowledge.document(document)
    except KeyError:
        return None


def _holds(knowledge: Knowledge, passage: str) -> bool:
    try:
        knowledge.passage(passage)
    except KeyError:
        return False
    return True


def render_view(view: View, root: str = "", said: Strings = _ENGLISH) -> str:
    """The whole document as HTML, what the view marks marked, on a site that begins at `root`.

    Around it the page speaks the language of `said`.
    """
    document = view.document
    before, _, after = said.as_of.partition("{}")
    page = document.page_at(view.span[0]) if view.span else 0
    return (
        _templates()
        .get_template("source.html")
        .render(
            root=root,
            said=said,
            document=document,
            language=document.language or said.code,
            parts=_Layout(document, view.span).parts(),
            notice=view.notice,
            now=view.now,
            before=before,
            after=after,
            as_of=view.built,
            as_of_spoken=spoken_moment(view.built),
            date=spoken_date(document.date),
            page=said.page.format(page) if page else "",
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

    def __init__(self, document: Document, span: Span | None) -> None:
        self._document = document
        self._spans = [span] if span else []
        self._found = False
        self._page = 0  # that was told last
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
        for left, right, inside in cut(start, end, self._spans):
            first = inside and not self._found
            self._found = self._found or inside
            text, page = self._document.text[left:right], self._new_page(left) if inside else 0
            line.append(Piece(text, inside, "quote" if first else "", page))
        return line

    def _new_page(self, place: int) -> int:
        """The page there; 0 where it is told already, or there are none."""
        before, self._page = self._page, self._document.page_at(place)
        return self._page if self._page != before else 0
