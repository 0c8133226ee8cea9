"""HTML to pieces: what a person sees of a page, block by block."""

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.readers.draft import Entry, Piece, one_line, row

MAX_NESTING = 2_000  # the parser's time grows with the square of it
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SUMMARY_LEVEL = 6
_SECTIONS = {"main", "article", "section"}
_SKIPPED = {
    *("script", "style", "template", "noscript", "head", "-comment", "nav", "aside", "footer"),
    *(
        "input",
        "select",
        "textarea",
        "datalist",
        "svg",
        "canvas",
        "audio",
        "video",
        "iframe",
        "object",
        "rp",
    ),
    *("dialog", "search", "progress", "meter", "noframes", "noembed"),
}
_CONTROLS = {"button", "label"}
_SKIPPED_ROLES = {
    *("navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog"),
}
_HIDING_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|(?:content-)?visibility\s*:\s*(?:hidden|collapse))\b",
    re.IGNORECASE,
)
_INLINE = {
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del"),
    *("dfn", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "rb", "rt", "ruby"),
    *("s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"),
    *("wbr", "nobr", "output", "picture", "slot"),
}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_UNNESTED = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
    *("track", "wbr", "p", "li", "dt", "dd", "option"),
}


class Page:
    """Walks visible elements in order: `pieces` holds their text, `entries` their `<details>`.

    With `details` every `<details>` with a `<summary>` is an entry, and its text is in no piece;
    without, its summary is a heading.
    """

    def __init__(self, *, details: bool, line: int = 1) -> None:
        self.pieces: list[Piece] = []
        self.entries: list[Entry] = []
        self._details = details
        self._line = line
        self._buffer: list[str] = []
        self._heading: tuple[int, str] | None = None
        self._new_item = False
        self._sections = 0
        self._forms = 0
        self._preformatted = 0

    def walk(self, *nodes: LexborNode) -> "Page":
        """Go through the nodes and all below them. A stack, since pages nest deeper than calls."""
        stack: list[LexborNode | str] = list(reversed(nodes))
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                self._leave(node)
            elif node.is_text_node:
                text = node.text_content or ""
                self._buffer.append(text if self._preformatted else text.replace("\n", " "))
            elif node.tag and not self._skips(node) and self._enter(node, node.tag):
                stack.append(node.tag)
                stack.extend(reversed(list(node.iter(include_text=True))))
        self._flush()
        return self

    def _skips(self, node: LexborNode) -> bool:
        banner = node.tag == "header" and not self._sections
        return is_unseen(node) or banner or self._is_control(node)

    def _is_control(self, node: LexborNode) -> bool:
        """Whether it belongs to a form. A button that names or unfolds a part of the page is text.

        A form itself is no reason to skip what it holds: many a site wraps its pages in one.
        """
        inside = self._forms > 0 and not self._heading
        return inside and node.tag in _CONTROLS and "aria-expanded" not in node.attributes

    def _enter(self, node: LexborNode, tag: str) -> bool:
        """Begin an element; False if that was all there is to do about it."""
        if tag == "br":
            self._buffer.append("\n")
        if tag in _INLINE or tag == "br":
            return True
        self._flush()
        if tag == "details" and self._details and self._take_details(node):
            return False
        if tag == "table" and _holds_data(node):
            self.pieces += _rows(node, self._line)
            return False
        self._sections += tag in _SECTIONS
        self._forms += tag == "form"
        self._preformatted += tag == "pre"
        self._new_item = tag == "li" or (self._new_item and tag in ("p", "div"))
        if tag in _HEADINGS or tag == "summary":
            self._heading = _HEADINGS.get(tag, _SUMMARY_LEVEL), anchor_of(node)
        return True

    def _leave(self, tag: str) -> None:
        if tag in _INLINE or tag == "br":
            return
        self._flush()
        self._sections -= tag in _SECTIONS
        self._forms -= tag == "form"
        self._preformatted -= tag == "pre"
        self._new_item = self._new_item and tag != "li"
        if tag in _HEADINGS or tag == "summary":
            self._heading = None

    def _flush(self) -> None:
        """End the block that the buffer holds; an empty line (`<br><br>`) ends one too."""
        text, self._buffer = "".join(self._buffer), []
        lines = [one_line(line) for line in text.split("\n")]
        for block in "\n".join(lines).strip().split("\n\n"):
            if block.strip():
                self.pieces.append(self._piece(block.strip()))
                self._new_item = False

    def _piece(self, text: str) -> Piece:
        if self._heading:
            level, anchor = self._heading
            return Piece("heading", one_line(text), level, anchor, self._line)
        return Piece("item" if self._new_item else "paragraph", text, line=self._line)

    def _take_details(self, node: LexborNode) -> bool:
        """Keep an entry apart; a `<details>` that holds others is only a section."""
        children = list(node.iter(include_text=True))
        summary = next((child for child in children if child.tag == "summary"), None)
        question = seen_text(summary) if summary else ""
        if not summary or not question or any(d.mem_id != node.mem_id for d in node.css("details")):
            return False
        rest = [child for child in children if child.mem_id != summary.mem_id]
        answer = Page(details=False).walk(*rest).pieces
        self.entries.append(
            Entry(Piece("heading", question, anchor=anchor_of(node)), tuple(answer))
        )
        return True


def html_pieces(markup: str, line: int = 1) -> list[Piece]:
    """The visible blocks of a fragment of HTML; none where it is `too_deep`: ask before."""
    # Without `<body>` a parser takes `<noscript>` and others for a part of the page's head.
    body = None if too_deep(markup) else LexborHTMLParser(f"<body>{markup}").body
    page = Page(details=False, line=line)
    return page.walk(*body.iter(include_text=True)).pieces if body else []


def seen_text(node: LexborNode) -> str:
    """The visible text of one element on one line."""
    parts: list[str] = []
    stack: list[LexborNode | str] = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, str):
            parts.append(inner)
        elif inner.is_text_node:
            parts.append(inner.text_content or "")
        elif not is_unseen(inner):
            edge = "" if inner.tag in _INLINE else " "
            parts.append(edge)
            stack.append(edge)
            stack.extend(reversed(list(inner.iter(include_text=True))))
    return one_line("".join(parts))


def is_unseen(node: LexborNode) -> bool:
    """Whether the element, with all it holds, is not shown or not part of the page's matter."""
    if node.tag in _SKIPPED:
        return True
    attributes = node.attributes
    hidden = "hidden" in attributes and attributes["hidden"] != "until-found"
    role = (attributes.get("role") or "").lower().split()[:1]
    return (
        hidden
        or "popover" in attributes
        or bool(_SKIPPED_ROLES.intersection(role))
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDING_STYLE.search(attributes.get("style") or ""))
    )


def anchor_of(node: LexborNode) -> str:
    """The fragment that leads to this element: its id, one within it, or its section's."""
    inner = node.css_first("[id]")
    around: LexborNode | None = node
    for _ in range(10):  # an id further out leads to a place too far away
        if around is None or (around.attributes.get("id") and around.tag != "body"):
            break
        if around is node and inner:
            around = inner
            break
        around = around.parent
    anchor = around.attributes.get("id") if around and around.tag != "body" else ""
    return "" if not anchor or any(c.isspace() for c in anchor) else anchor


def too_deep(markup: str) -> bool:
    """Whether elements may nest deeper than `MAX_NESTING`. Counts tags, before any parsing."""
    opened: Counter[str] = Counter()
    depth = 0
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        step = -1 if tag[1] else 1
        if name not in _UNNESTED and opened[name] + step >= 0:
            opened[name] += step
            depth += step
        if depth > MAX_NESTING:
            return True
    return False


def _holds_data(table: LexborNode) -> bool:
    """Whether the table is one, and not the frame of a page's layout."""
    inner = (t for t in table.css("table, h1, h2, h3, h4, h5, h6, details"))
    return not any(node.mem_id != table.mem_id for node in inner)


def _rows(table: LexborNode, line: int) -> Iterator[Piece]:
    for caption in table.css("caption"):
        yield Piece("paragraph", seen_text(caption), line=line)
    for line_of_cells in table.css("tr"):
        group = line_of_cells.parent
        if is_unseen(line_of_cells) or (group and is_unseen(group)):
            continue
        inner = (cell for cell in line_of_cells.iter() if cell.tag in ("td", "th"))
        cells = [cell for cell in inner if not is_unseen(cell)]
        heads = bool(cells) and all(cell.tag == "th" for cell in cells)
        yield row("header" if heads else "row", map(seen_text, cells), line)


def seen_text_of(markup: str) -> str:
    """The visible text of a fragment of HTML on one line."""
    return one_line(" ".join(piece.text for piece in html_pieces(markup)))
