"""Lines of a PDF to headings, paragraphs, items and rows, as far as their places tell."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.documents import BlockKind
from index.readers.asked import MAX_QUESTION, as_question, is_labelled
from index.readers.draft import Piece, row
from index.readers.faq import is_question
from index.readers.hyphens import Hyphens
from index.readers.pdf_lines import Line
from index.readers.pdf_running import without_running_lines

_LARGER = 1.1  # times the size of most letters: a heading
_GAP = 1.3  # times the usual distance of two lines: a new block
_INDENT = 0.8  # of the size of a letter
_FEW = 3  # lines that do not tell how wide a column is
_MAX_HEADING = 250  # characters; a longer one is text in large letters
_BULLET = re.compile(r"[•◦▪▸‣●○■□✓–*-]\s*(?=\S)")
_NUMBER = re.compile(r"\(?[0-9]{1,2}[.)]\s+(?=\S)")
_ENDS = tuple(".!?:。！？؟।…")
_QUOTES = "\"'”’»)]"


def pieces_of(lines: Sequence[Line], pages: int) -> list[Piece]:
    """The blocks, each with the page it begins on; what runs along all pages is left out."""
    body = _usual(Counter(line.size for line in lines for _ in line.text))
    lines = without_running_lines(lines, pages, body)
    return _Pieces(lines, body).pieces if lines else []


class _Pieces:
    def __init__(self, lines: Sequence[Line], body: float) -> None:
        self._body = body
        self._hyphens = Hyphens([line.text for line in lines])
        self._levels = _levels(lines, body)
        self._leading = _leadings(lines)
        self._widths = _widths(lines)
        self.pieces = [piece for block in self._blocks(lines) for piece in self._made(block)]

    def _blocks(self, lines: Sequence[Line]) -> Iterator[list[Line]]:
        block: list[Line] = []
        for line in lines:
            if block and self._begins(block, line):
                yield block
                block = []
            block.append(line)
        if block:
            yield block

    def _begins(self, block: list[Line], line: Line) -> bool:
        """Whether a new block begins with this line."""
        last = block[-1]
        if _is_row(line) and _is_row(last) and _aligned([last, line]):
            return False
        if line.size != last.size or (line.bold != last.bold and self._alone(block)):
            return abs(line.size - last.size) > 0.5 or line.bold != last.bold
        if is_labelled(line.text) or _BULLET.match(line.text):
            return True
        if _NUMBER.match(line.text) and _ended(last):
            return True
        if line.page != last.page or line.y > last.y + last.size:  # the next page or column
            return _ended(last) or self._level(last) > 0
        if last.y - line.y > _GAP * self._leading[line.size]:
            return True
        return self._level(line) == 0 and (
            self._indented(block, line) or self._broke_off(last, line)
        )

    def _alone(self, block: Sequence[Line]) -> bool:
        return all(line.bold == block[0].bold for line in block)

    def _indented(self, block: Sequence[Line], line: Line) -> bool:
        hangs = len(block) == 1 and _is_item(block[0])
        step = line.x - block[-1].x
        return (step > _INDENT * line.size and not hangs) or (
            _is_item(block[0]) and step < -_INDENT * line.size and len(block) > 1
        )

    def _broke_off(self, last: Line, line: Line) -> bool:
        """Whether the line before ended although the next word had room on it."""
        here, anywhere = (self._widths[page, round(last.x), last.size] for page in (last.page, 0))
        room = 0.85 * max(here if len(here) > _FEW else anywhere)
        first = line.text.partition(" ")[0]
        return _ended(last) and len(last.text) + 1 + len(first) <= room

    def _made(self, block: Sequence[Line]) -> Iterator[Piece]:
        rows = [_is_row(line) for line in block]
        if len(block) > 1 and all(rows) and _aligned(block):
            yield from _table(block)
            return
        text = self._hyphens.joined(line.text for line in block)
        first, level = block[0], self._level(block[0])
        if level and len(text) <= _MAX_HEADING:
            yield Piece("heading", text, level, line=first.page, page=first.page)
        elif mark := _BULLET.match(text):
            yield Piece("item", text[mark.end() :], line=first.page, page=first.page)
        else:
            kind: BlockKind = "item" if _NUMBER.match(text) and not first.bold else "paragraph"
            piece = Piece(kind, text, line=first.page, page=first.page)
            yield as_question(piece) if self._asks_in_bold(block, text) else piece

    def _asks_in_bold(self, block: Sequence[Line], text: str) -> bool:
        return all(b.bold for b in block) and is_question(text) and len(text) <= MAX_QUESTION

    def _level(self, line: Line) -> int:
        return self._levels.get(line.size, 0)


def _levels(lines: Sequence[Line], body: float) -> dict[float, int]:
    """Each size of headings with its level; none where large letters are no exception."""
    large = Counter(line.size for line in lines if line.size > _LARGER * body for _ in line.text)
    if 3 * large.total() > sum(len(line.text) for line in lines):
        return {}
    return {size: level for level, size in enumerate(sorted(large, reverse=True), 1)}


def _leadings(lines: Sequence[Line]) -> dict[float, float]:
    """The usual distance from line to line within a sentence, for each size."""
    steps: dict[float, Counter[float]] = {line.size: Counter() for line in lines}
    for above, below in pairwise(lines):
        step = above.y - below.y
        same = above.page == below.page and above.size == below.size and not _ended(above)
        if same and 0 < step < 3 * above.size:
            steps[above.size][round(step)] += 1
    return {size: _usual(count) or 1.5 * size for size, count in steps.items()}


def _widths(lines: Sequence[Line]) -> dict[tuple[int, int, float], list[int]]:
    """How long the lines are that begin at one place in one size: on each page, and on all (0)."""
    widths: dict[tuple[int, int, float], list[int]] = defaultdict(list)
    for line in lines:
        for page in (line.page, 0):
            widths[page, round(line.x), line.size].append(len(line.text))
    return widths


def _usual(counts: Counter[float]) -> float:
    """What was counted most often; of several the smallest."""
    return min(counts, key=lambda value: (-counts[value], value)) if counts else 0.0


def _ended(line: Line) -> bool:
    return line.text.rstrip(_QUOTES + " ").endswith(_ENDS)


def _is_item(line: Line) -> bool:
    return bool(_BULLET.match(line.text) or _NUMBER.match(line.text))


def _is_row(line: Line) -> bool:
    return len(line.columns) > 1 and not _is_item(line)


def _aligned(lines: Sequence[Line]) -> bool:
    """Whether the cells of these lines stand below each other."""
    places = {round(x) for x in max((line.columns for line in lines), key=len)}
    near = places | {x - 1 for x in places} | {x + 1 for x in places}
    return all(round(x) in near for line in lines for x in line.columns)


def _table(lines: Sequence[Line]) -> Iterator[Piece]:
    columns = max((line.columns for line in lines), key=len)
    heads = lines[0].bold and not lines[1].bold
    for number, line in enumerate(lines):
        cells = {
            min(range(len(columns)), key=lambda i: abs(columns[i] - x)): cell
            for x, cell in zip(line.columns, line.cells, strict=True)
        }
        made = row(
            "header" if heads and not number else "row",
            (cells.get(i, "") for i in range(len(columns))),
            line.page,
        )
        yield Piece(made.kind, made.text, line=line.page, page=line.page)
