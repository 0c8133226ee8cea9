"""What runs along the pages of a document, above and below its text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from index.readers.pdf_lines import Line

_AT_EDGE = 2  # lines at the top and as many at the bottom
_PAGE_NUMBER = re.compile(r"(?:\w{1,6}\.?\s)?[-–\s]*(\d{1,4})[-–\s]*(?:(?:/|\w{1,3})\s?\d{1,4})?")


def without_running_lines(lines: Sequence[Line], pages: int, body: float) -> list[Line]:
    """The lines without those that stand at one height of most pages, and without page numbers.

    A number in them may count with the pages. Only letters up to about the size of the text run
    along; a heading above each page is text.
    """
    edges = [line for line in _edges(lines) if line.size <= 1.15 * body]
    seen: Counter[tuple[str, int]] = Counter()
    for line in edges:
        seen.update(set(_keys(line)))
    running = {
        id(line)
        for line in edges
        if (pages > 1 and any(seen[key] > pages / 2 for key in _keys(line))) or _is_number(line)
    }
    return [line for line in lines if id(line) not in running]


def _edges(lines: Sequence[Line]) -> Iterator[Line]:
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    for page in by_page.values():
        page.sort(key=lambda line: -line.y)
        yield from page if len(page) <= 2 * _AT_EDGE else page[:_AT_EDGE] + page[-_AT_EDGE:]


def _keys(line: Line) -> Iterator[tuple[str, int]]:
    """The line's text and height, as it is and with one number less the page's."""
    height = round(line.y / 4)
    texts = {line.text}
    for number in re.finditer(r"\d{1,4}", line.text):
        counted = int(number[0]) - line.page
        texts.add(f"{line.text[: number.start()]}\0{counted}{line.text[number.end() :]}")
    for text in texts:
        yield text, height


def _is_number(line: Line) -> bool:
    """Whether it says which page this is, and nothing else."""
    number = _PAGE_NUMBER.fullmatch(line.text)
    return bool(number) and int(number[1]) == line.page  # type: ignore[index]
