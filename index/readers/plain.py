"""Plain text to pieces: headings, paragraphs, lists and tables as people type them."""

import re
from collections.abc import Iterator
from itertools import groupby

from index.readers.draft import Piece, row, visible

Line = tuple[int, str]  # its 1-based number in the file, its text

_HEADING_CHARS = 100  # the longest heading of the default knowledge base has 57
_WRAPPED_CHARS = range(50, 101)  # the widths at which editors and mailers break lines
_BULLET = re.compile(r"\s*[-*•]\s+(?=\S)")
_NUMBER = re.compile(r"\s*[0-9]{1,2}[.)]\s+(?=\S)")
_ENDS = tuple(".!?:;,…。！？؟।")
_QUOTES = "\"'“‘«»„)]"


def plain_pieces(text: str, first: int = 1, *, headings: bool = False) -> list[Piece]:
    """The blocks of `text`, whose first line is line `first` of its file.

    A line is a paragraph, unless lines were broken at one width: those between two blank lines are
    one. An item has no bullet, but its number. With `headings`, a short line that looks like a
    title and has text below it is a heading.
    """
    lines = enumerate(visible(text).split("\n"), first)
    pieces: list[Piece] = []
    for blank, group in groupby(lines, lambda line: not line[1].strip()):
        if not blank:
            pieces += _group(list(group))
    return _with_headings(pieces) if headings else pieces


def byline(line: str) -> str:
    """Who wrote it, where `line` is of the form `By Somebody`, else `""`."""
    name = line.strip().removeprefix("By ").strip()
    named = line.strip().startswith("By ") and len(name) <= 80 and name[:1].isupper()
    return name if named and not _ends(name) else ""


def _group(lines: list[Line]) -> list[Piece]:
    if _wrapped(lines):
        return [_joined(lines)]
    if title_like(lines[0][1]) and _wrapped(lines[1:]):
        return [Piece("paragraph", lines[0][1].strip(), line=lines[0][0]), _joined(lines[1:])]
    return _by_line(lines)


def _by_line(lines: list[Line]) -> list[Piece]:
    pieces: list[Piece] = []
    bullets = sum(bool(_BULLET.match(text)) for _, text in lines)
    for place, (number, text) in enumerate(lines):
        if _is_rule(text):
            continue
        if _is_row(text):
            header = place + 1 < len(lines) and _is_rule(lines[place + 1][1])
            pieces.append(row("header" if header else "row", _cells(text), number))
        elif (item := _item(text, alone=bullets == 1)) is not None:
            pieces.append(Piece("item", item, line=number))
        elif text[0] in " \t" and pieces and pieces[-1].kind == "item":
            begun = pieces.pop()
            pieces.append(Piece("item", f"{begun.text} {text.strip()}", line=begun.line))
        else:
            pieces.append(Piece("paragraph", text.strip(), line=number))
    return pieces


def _item(text: str, *, alone: bool) -> str | None:
    """What a list's line says; None if it is none. Of a dash `alone`, `- 5` may be a number."""
    if marker := _BULLET.match(text):
        said = text[marker.end() :].strip()
        return None if alone and said[0].isdigit() else said
    return text.strip() if _NUMBER.match(text) else None


def _joined(lines: list[Line]) -> Piece:
    return Piece("paragraph", " ".join(text.strip() for _, text in lines), line=lines[0][0])


def _wrapped(lines: list[Line]) -> bool:
    """Whether these lines are one paragraph, broken where the width ended."""
    texts = [text.strip() for _, text in lines]
    full = texts[:-1]
    if not full or any(map(_is_mark, texts)):
        return False
    lengths = [len(text) for text in full]
    alike = max(lengths) - min(lengths) <= 25 and all(n in _WRAPPED_CHARS for n in lengths)
    # Lines that mostly end where a sentence ends are sentences, one a line.
    ended = sum(map(_ends, full))
    return alike and len(texts[-1]) <= max(lengths) + 10 and 2 * ended < len(full) + 1


def _is_mark(text: str) -> bool:
    return bool(_is_row(text) or _BULLET.match(text) or _NUMBER.match(text))


def _is_row(text: str) -> bool:
    text = text.strip()
    return len(text) > 2 and text[0] == text[-1] == "|"


def _is_rule(text: str) -> bool:
    """A line of a table or page that only draws: `|---|---|`, `* * *`, `=====`."""
    marks = text.replace(" ", "").replace("\t", "")
    drawn = marks.strip("|:-=*_~#")
    return not drawn and ("-" in marks or len(marks) > 2)


def _cells(text: str) -> Iterator[str]:
    for cell in re.split(r"(?<!\\)\|", text.strip()[1:-1]):
        yield cell.replace("\\|", "|")


def _with_headings(pieces: list[Piece]) -> list[Piece]:
    """The pieces with every title that has text below it made a heading.

    Several titles in a row are a list of names or an address, not headings; but two at the start
    are the title and the first section.
    """
    result: list[Piece] = []
    for titles, run in groupby(pieces, lambda p: p.kind == "paragraph" and title_like(p.text)):
        group = list(run)
        last = len(result) + len(group) == len(pieces)
        single = len(group) == 1 or (len(group) == 2 and not result)
        if titles and single and not last:
            level = 2 if result else 1
            group = [_heading(piece, level + place) for place, piece in enumerate(group)]
        result += group
    return result


def _heading(piece: Piece, level: int) -> Piece:
    return Piece("heading", piece.text, level=level, line=piece.line)


def title_like(text: str) -> bool:
    """Whether a line looks like a heading: short, no sentence, nobody's name or address."""
    text = text.strip()
    start = text.lstrip(_QUOTES + "([")[:1]
    return (
        len(text) <= _HEADING_CHARS
        and (start.isdigit() or (start.isalpha() and not start.islower()))
        and not _ends(text)
        and not any(mark in text for mark in "@|")
        and not byline(text)
    )


def _ends(text: str) -> bool:
    return text.rstrip(_QUOTES + " ").endswith(_ENDS)
