"""Web pages: their questions, from JSON-LD, `<details>` and headings, and their main text."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.readers.draft import Entry, Piece, one_line
from index.readers.faq import add_page, same_question, split_entries, without_bare_headings
from index.readers.fields import iso_date, read_fields
from index.readers.harvest import Harvest
from index.readers.linked import REMEDY, linked_entries, linked_fields
from index.readers.markup import MAX_NESTING, Page, is_unseen, seen_text, too_deep
from index.readers.source import Reading, SourceFile


def read_html(file: SourceFile) -> Reading:
    """The page's FAQ entries and, as an article, the rest of its main text.

    An entry that stands in JSON-LD and on the page is read once, from the JSON-LD, with the anchor
    it has on the page. Lines are those of the script or `<details>`, as well as they can be told.
    """
    text = file.text
    if too_deep(text):
        raise file.problem(1, f"elements nest more than {MAX_NESTING} deep; simplify the page")
    harvest = Harvest(file)
    tree = LexborHTMLParser(text)
    blocks = _linked_data(tree, text, harvest)
    harvest.page = read_fields(_page_record(tree, blocks), harvest.reporter(1))
    page = Page(details=True).walk(*filter(None, [_main(tree)]))
    lines = _lines(r"<details\b", text)
    shown = [
        replace(entry, question=replace(entry.question, line=line))
        for entry, line in zip(page.entries, [*lines, *[1] * len(page.entries)], strict=False)
    ]
    linked = [entry for data, line in blocks for entry in linked_entries(data, line)]
    _add(harvest, linked, shown, page.pieces)
    return harvest.reading


def _add(
    harvest: Harvest, linked: Sequence[Entry], shown: Sequence[Entry], pieces: list[Piece]
) -> None:
    answers = {same_question(entry.question.text): _words(entry.answer) for entry in linked}
    twins = [p for p in pieces if p.kind == "heading" and same_question(p.text) in answers]
    headed, rest = split_entries(pieces, twins)
    anchors = {same_question(e.question.text): e.question.anchor for e in (*headed, *shown)}
    for entry in linked:
        anchor = anchors.get(same_question(entry.question.text), "")
        harvest.entry(replace(entry, question=replace(entry.question, anchor=anchor)), REMEDY)
    for entry in shown:
        if same_question(entry.question.text) not in answers:
            harvest.entry(entry, "add text after its summary or remove the details")
    for entry in headed:
        # Below the last question a page goes on to other matters, which the JSON-LD lacks.
        said = answers[same_question(entry.question.text)]
        rest += [piece for piece in entry.answer if one_line(piece.text) not in said]
    if linked or shown:
        rest = without_bare_headings(rest)
        # A lone heading, or the title, is what the entries stand under and no question of its own.
        lone = sum(piece.kind == "heading" for piece in rest) < 2
        harvest.page = replace(harvest.page, kind="article" if lone else "")
    if any(piece.kind != "heading" for piece in rest) or not (linked or shown):
        add_page(harvest, rest)


def _linked_data(tree: LexborHTMLParser, text: str, harvest: Harvest) -> list[tuple[object, int]]:
    """The JSON-LD blocks that can be read, each with its line."""
    scripts = tree.css('script[type="application/ld+json"]')
    lines = _lines(r"application/ld\+json", text)
    blocks: list[tuple[object, int]] = []
    for place, script in enumerate(scripts):
        line = lines[place] if place < len(lines) else 1
        try:
            blocks.append((json.loads(script.text()), line))
        except json.JSONDecodeError as error:
            reason = f"this JSON-LD is not JSON ({error.msg}); mend it or remove it"
            harvest.problem(line + error.lineno - 1, reason)
        except (RecursionError, ValueError):
            harvest.problem(line, "this JSON-LD nests too deep or has a number too long; mend it")
    return blocks


def _page_record(tree: LexborHTMLParser, blocks: Sequence[tuple[object, int]]) -> dict[str, object]:
    linked: dict[str, object] = {}
    for data, _ in blocks:
        linked = {**linked_fields(data), **linked}
    return {
        "title": _heading(tree) or _meta(tree, "og:title") or _shown(tree, "title"),
        "url": _address(tree),
        "publisher": _meta(tree, "og:site_name") or linked.get("publisher"),
        "date": _meta(tree, "article:published_time") or linked.get("date") or _day(tree),
        "language": _attribute(tree, "html", "lang"),
    }


def _address(tree: LexborHTMLParser) -> str:
    """The page's own address. A relative one is legal but says nothing without the site's."""
    found = _attribute(tree, 'link[rel="canonical"]', "href"), _meta(tree, "og:url")
    return next((url for url in found if url and not _is_relative(url)), "")


def _is_relative(url: str) -> bool:
    try:
        return not urlsplit(url).scheme
    except ValueError:
        return False


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """The element that holds the page's matter."""
    articles = tree.css("article")
    only = articles[0] if len(articles) == 1 else None
    seen = (main for main in tree.css("main") if not is_unseen(main))
    return next(seen, None) or tree.css_first('[role="main"]') or only or tree.body


def _heading(tree: LexborHTMLParser) -> str:
    """The page's one `<h1>`; of several none is its title."""
    headings = tree.css("h1")
    return seen_text(headings[0]) if len(headings) == 1 else ""


def _day(tree: LexborHTMLParser) -> str:
    """The first day among the page's times; hours and spans of time are none."""
    stamps = (node.attributes.get("datetime") or "" for node in tree.css("time[datetime]"))
    return next(filter(None, (iso_date(stamp.strip(), _ignore) for stamp in stamps)), "")


def _ignore(_: str) -> None:
    pass


def _meta(tree: LexborHTMLParser, name: str) -> str:
    found = (_attribute(tree, f'meta[{key}="{name}"]', "content") for key in ("property", "name"))
    return next(filter(None, found), "")


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str:
    node = tree.css_first(selector)
    return (node.attributes.get(name) or "").strip() if node else ""


def _shown(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    return seen_text(node) if node else ""


def _words(pieces: Sequence[Piece]) -> str:
    return one_line(" ".join(piece.text for piece in pieces))


def _lines(pattern: str, text: str) -> list[int]:
    """The 1-based line of each match, in one pass over the text."""
    lines: list[int] = []
    line, place = 1, 0
    for match in re.finditer(pattern, text, re.IGNORECASE):
        line += text.count("\n", place, match.start())
        place = match.start()
        lines.append(line)
    return lines
