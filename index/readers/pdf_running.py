"""What runs along the pages of a document, above and below its text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from index.readers.pdf_lines import Line

_AT_EDGE = 2  # lines at the top and as many at the bottom
_FEW = 4  # pages: on fewer, lines may count along that are text, as "Step 1" and "Step 2"
_WORD = r"\b(?:pages?|pp?|pg|seiten?|s|p[aá]ginas?|p[aá]gs?|p[aá]g)\b\.?\s*"  # en de fr es it pt nl
_OF = r"\s*(?:/|of|von|sur|de|di|van)\s*(\d{1,4})"
_PAGE_NUMBER = re.compile(rf"(?:{_WORD})?[-–\s]*(\d{{1,4}})(?:{_OF})?[-–\s]*", re.IGNORECASE)
_ENDS_IN_WORD = re.compile(rf"{_WORD}\Z", re.IGNORECASE)
_OF_ALL = re.compile(_OF, re.IGNORECASE)


def without_running_lines(lines: Sequence[Line], pages: int, body: float) -> list[Line]:
    """The lines without those that stand at one height of most pages, and without page numbers.

    A number in them may count with the pages, where they say that it is a page's or the pages are
    not few. Only letters up to about the size of the text run
    along; a heading above each page is text.
    """
    edges = [line for line in _edges(lines) if line.size <= 1.15 * body]
    seen: Counter[tuple[str, int]] = Counter()
    for line in edges:
        seen.update(set(_keys(line, pages)))
    running = {
        id(line)
        for line in edges
        if (pages > 1 and any(seen[key] > pages / 2 for key in _keys(line, pages)))
        or _is_number(line)
    }
    return [line for line in lines if id(line) not in running]


def _edges(lines: Sequence[Line]) -> Iterator[Line]:
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    for page in by_page.values():
        page.sort(key=lambda line: -line.y)
        yield from page if len(page) <= 2 * _AT_EDGE else page[:_AT_EDGE] + page[-_AT_EDGE:]


def _keys(line: Line, pages: int) -> Iterator[tuple[str, int]]:
    """The line's text and height, as it is and with one number less the page's."""
    height = round(line.y / 4)
    texts = {line.text}
    for number in re.finditer(r"\d{1,4}", line.text):
        if pages < _FEW and not _says_page(line.text, number, pages):
            continue
        counted = int(number[0]) - line.page
        texts.add(f"{line.text[: number.start()]}\0{counted}{line.text[number.end() :]}")
    for text in texts:
        yield text, height


def _says_page(text: str, number: re.Match[str], pages: int) -> bool:
    """Whether the words beside the number make it that of a page: `page 2`, `2 of 3`."""
    after = _OF_ALL.match(text, number.end())
    all_pages = bool(after) and int(after[1]) == pages  # type: ignore[index]
    return all_pages or bool(_ENDS_IN_WORD.search(text[: number.start()]))


def _is_number(line: Line) -> bool:
    """Whether it says which page this is, and nothing else."""
    number = _PAGE_NUMBER.fullmatch(line.text)
    return bool(number) and int(number[1]) == line.page  # type: ignore[index]
