"""Links that open at the quoted sentence."""

import hashlib
from urllib.parse import quote

from index.documents import CELL, Document, is_web_address
from index.passages import Passage

_WHOLE_WORDS = 12  # a longer quote is named by its first and last words
_EDGE_WORDS = 5


def citation_link(
    document: Document, passage: Passage, start: int, end: int, generation: str = ""
) -> str:
    """Where a reader sees `passage.text[start:end]` in its place.

    On the source's own page a text fragment (WICG, Scroll to Text Fragment) after the heading's
    anchor, or the page of a PDF, whose viewers know no other place; where the source has no
    address, our source view, as a path that begins `/source/`. That one names the generation and
    the words, so that it never shows others in their place.
    """
    if not is_web_address(document.url):
        place = f"/source/{quote(passage.id, safe='')}?start={start}&end={end}"
        stamp = f"&g={generation}&is={words_stamp(passage.text[start:end])}" if generation else ""
        return f"{place}{stamp}#quote"
    page, _, fragment = document.url.partition("#")
    if number := document.page_at(passage.start + start):
        return f"{page}#page={number}"
    anchor = quote(passage.anchor, safe="") or fragment.partition(":~:")[0]
    return f"{page}#{anchor}:~:text={_text_directive(passage.text[start:end])}"


def words_stamp(text: str) -> str:
    """Eight hexadecimal digits of its SHA-256: whether a link still leads to the same words."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:8]


def _text_directive(text: str) -> str:
    """`text` whole, or `first,last` words of a long one or of one that spans lines or cells."""
    pieces = [part for line in text.splitlines() for part in line.split(CELL) if part.strip()]
    first, last = pieces[0].split(), pieces[-1].split()
    if len(pieces) == 1 and len(first) <= _WHOLE_WORDS:
        return _encoded(first)
    return f"{_encoded(first[:_EDGE_WORDS])},{_encoded(last[-_EDGE_WORDS:])}"


def _encoded(some_words: list[str]) -> str:
    """Percent-encoded, the directive's own marks `-` and `,` and `&` among them."""
    return quote(" ".join(some_words), safe="").replace("-", "%2D")
