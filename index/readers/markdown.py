"""Markdown files: articles and FAQs, with the YAML head that many of them have."""

from collections import Counter
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.documents import BlockKind
from index.readers.draft import Piece, one_line, row
from index.readers.faq import add_page
from index.readers.fields import read_fields
from index.readers.frontmatter import is_draft, split_front_matter
from index.readers.harvest import Harvest
from index.readers.inline import shown
from index.readers.markup import html_pieces, too_deep
from index.readers.source import Reading, SourceFile

MAX_NESTING = 50  # lists in quotes in lists; the parser goes no deeper


def read_markdown(file: SourceFile) -> Reading:
    """An FAQ where headings are questions (`faq.add_page` says when), else one article.

    Front matter may name `title`, `publisher`, `date`, `url`, `language`, `tags`, `id` and `kind`
    (`faq` or `article`). A question's other wordings stand right below it, as `Also asked as: first
    | second` or as a list below `Also asked as:`. A heading's anchor is its `{#anchor}`, else the
    one that GitHub gives it. Of a file with `draft: true` nothing is read.
    """
    harvest = Harvest(file)
    (record, lines), text = split_front_matter(file.text, file)
    if is_draft(record):
        return Reading(ignored=(f"{file.name} (draft)",))
    harvest.page = read_fields(record, harvest.reporter(1, lines))
    tokens = _parsed(text)
    for line in _too_deep(tokens):
        harvest.problem(line, "nested too deep to read; take out some of the levels")
    add_page(harvest, _Walk(tokens).pieces)
    return harvest.reading


def markdown_pieces(text: str) -> list[Piece]:
    """The blocks of a text in Markdown; none where it nests deeper than can be read."""
    tokens = _parsed(text)
    return [] if _too_deep(tokens) else _Walk(tokens).pieces


def _parsed(text: str) -> list[Token]:
    return MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table").parse(text)


def _too_deep(tokens: Sequence[Token]) -> list[int]:
    """The lines where Markdown, at its first such place, or HTML nests deeper than can be read."""
    places = [(token, token.map[0] + 1) for token in tokens if token.map]
    markdown = [line for token, line in places if token.level >= MAX_NESTING - 1]
    html = [
        line for token, line in places if token.type == "html_block" and too_deep(token.content)
    ]
    return sorted({*markdown[:1], *html})


class _Walk:
    """Goes through the parser's tokens; the method of a token's name takes it."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.pieces: list[Piece] = []
        self._line = 1
        self._level = 0
        self._new_item = False
        self._cells: list[str] | None = None
        self._in_header = False
        self._slugs: Counter[str] = Counter()
        for token in tokens:
            self._line = token.map[0] + 1 if token.map else self._line
            if take := getattr(self, f"_{token.type}", None):
                take(token)

    def _heading_open(self, token: Token) -> None:
        self._level = int(token.tag[1:])

    def _heading_close(self, _: Token) -> None:
        self._level = 0

    def _list_item_open(self, _: Token) -> None:
        self._new_item = True

    def _list_item_close(self, _: Token) -> None:
        self._new_item = False

    def _thead_open(self, _: Token) -> None:
        self._in_header = True

    def _thead_close(self, _: Token) -> None:
        self._in_header = False

    def _tr_open(self, _: Token) -> None:
        self._cells = []

    def _tr_close(self, _: Token) -> None:
        self.pieces.append(
            row("header" if self._in_header else "row", self._cells or (), self._line)
        )
        self._cells = None

    def _inline(self, token: Token) -> None:
        text = shown(token.children or ())
        if self._cells is not None:
            self._cells.append(text)
        elif self._level:
            text, anchor = self._anchored(one_line(text))
            self.pieces.append(Piece("heading", text, self._level, anchor, self._line))
        else:
            self._add(text)

    def _fence(self, token: Token) -> None:
        self._add(token.content)

    _code_block = _fence

    def _html_block(self, token: Token) -> None:
        self.pieces += html_pieces(token.content, self._line)

    def _add(self, text: str) -> None:
        kind: BlockKind = "item" if self._new_item else "paragraph"
        self._new_item = False
        self.pieces.append(Piece(kind, text, line=self._line))

    def _anchored(self, heading: str) -> tuple[str, str]:
        """The heading without its `{#anchor}`, and that anchor or else GitHub's."""
        text, mark, anchor = heading.rpartition("{#")
        if mark and anchor.endswith("}") and not any(c in " {}" for c in anchor[:-1]):
            return text.strip(), anchor[:-1]
        kept = (c for c in heading.lower() if c.isalnum() or c in " -_")
        slug = "".join(kept).strip().replace(" ", "-")
        self._slugs[slug] += 1
        twin = self._slugs[slug] - 1
        return heading, f"{slug}-{twin}" if twin else slug
