"""What is seen of a line of Markdown: its text without marks, tags and hidden elements."""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from index.readers.markup import html_pieces

_BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)
_NAME = re.compile(r"<(/?)([a-z][a-z0-9-]*)", re.IGNORECASE)


def shown(tokens: Sequence[Token]) -> str:
    """The visible text of inline tokens; of a picture that is its description."""
    # Beside a `<br>` the source's own spaces and line ends are not seen.
    return re.sub(r" *\n *", "\n", "".join(map(_shown, _seen(tokens))))


def _shown(token: Token) -> str:
    if token.type == "image":
        return shown(token.children or ())
    if token.type == "html_inline":
        return "\n" if _BREAK.fullmatch(token.content) else ""
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    text = token.content if token.type in ("text", "code_inline") else ""
    return breaks.get(token.type, text)


def _seen(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens without those between a tag that hides and the end of its element.

    Where that end is missing only the tag is left out, for `<title>` in a sentence is often meant
    as it stands, and would hide all the rest.
    """
    ends = _ends(tokens)
    place = 0
    while place < len(tokens):
        tag = _tag(tokens[place])
        after = ends[tag] if tag and _hides(tokens[place].content, tag) else []
        closing = bisect(after, place)
        place = after[closing] if closing < len(after) else place
        yield tokens[place]
        place += 1


def _ends(tokens: Sequence[Token]) -> defaultdict[str, list[int]]:
    """Where the elements of each name end."""
    ends: defaultdict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(tokens):
        name = _NAME.match(token.content) if token.type == "html_inline" else None
        if name and name[1]:
            ends[name[2].lower()].append(place)
    return ends


def _tag(token: Token) -> str:
    name = _NAME.match(token.content) if token.type == "html_inline" else None
    return name[2].lower() if name and not name[1] else ""


def _hides(markup: str, tag: str) -> bool:
    return not html_pieces(f"{markup}x</{tag}>")
