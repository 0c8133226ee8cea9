"""Plain text files: articles, and FAQs whose entries a line of `-` or a label `Q:` opens."""

from collections.abc import Sequence
from dataclasses import replace

from index.readers.draft import Entry, Piece
from index.readers.faq import is_question, split_alternates
from index.readers.fields import read_fields
from index.readers.harvest import Harvest
from index.readers.labelled import labelled_entries, labelled_questions
from index.readers.plain import byline, plain_pieces, title_like
from index.readers.source import Reading, SourceFile

_REMEDY = "add text below it or remove the question"
_REMEDY_LABELLED = "add a line `A: …` below it or remove the question"
_HEAD = {"title", "publisher", "date", "url", "language", "tags"}


def read_text(file: SourceFile) -> Reading:
    """An FAQ where a line of only `-` or a label `Q:` opens every entry, else one article.

    The file may begin with lines like `Title: …`, `Publisher: …`, `Date: …`, `URL: …`, `Language:
    …`, `Tags: …`, closed by a blank line; they are no part of the text.
    """
    lines = file.text.split("\n")
    harvest = Harvest(file)
    first = _read_head(lines, harvest)
    starts = [n for n in range(first, len(lines)) if lines[n].strip() == "-"]
    dashed = _is_faq(lines, first, starts)
    asked = [first + n for n in labelled_questions(lines[first:])]
    # Farther below a `-` that opens an entry, a label is a part of the answer.
    if asked and not (dashed and asked[0] > starts[0] + 1):
        _read_above(lines, first, asked[0], harvest)
        for entry in labelled_entries(lines, asked, 1):
            harvest.entry(entry, _REMEDY_LABELLED)
    elif dashed:
        _read_above(lines, first, starts[0], harvest)
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            _read_entry(lines[start + 1 : end], start + 2, harvest)
    else:
        _read_article(lines[first:], first + 1, harvest)
    return harvest.reading


def _read_head(lines: Sequence[str], harvest: Harvest) -> int:
    """Read the file's head; gives the number of lines it takes, 0 without one."""
    record: dict[str, object] = {}
    for number, line in enumerate(lines):
        name, colon, value = line.partition(":")
        name = name.strip().casefold()
        if not line.strip():
            places = {field: place for place, field in enumerate(record, 1)}
            harvest.page = read_fields(record, harvest.reporter(1, places))
            return number
        # Only these names, and each once: `Topic: Returns` may well be the text's first line.
        if not colon or name not in _HEAD or name in record:
            return 0
        record[name] = value
    return 0


def _is_faq(lines: Sequence[str], first: int, starts: Sequence[int]) -> bool:
    """Whether the lines of `-` open entries; in an article they may only part its sections."""
    if not starts:
        return False
    before = "".join(lines[first : starts[0]]).strip()
    return not before or any(is_question(line) for line in _below(lines, starts))


def _read_above(lines: Sequence[str], first: int, end: int, harvest: Harvest) -> None:
    """Read what stands above the first entry as an article, unless it only names the file."""
    if not _is_title(lines[first:end]):
        _read_article(lines[first:end], first + 1, harvest)


def _is_title(lines: Sequence[str]) -> bool:
    """Whether this is one line that names the file, like `Our FAQ`, and says nothing else."""
    shown = [line for line in lines if line.strip()]
    return len(shown) == 1 and title_like(shown[0])


def _below(lines: Sequence[str], starts: Sequence[int]) -> list[str]:
    return [lines[start + 1] for start in starts if start + 1 < len(lines)]


def _read_entry(lines: Sequence[str], first: int, harvest: Harvest) -> None:
    asked = next((n for n, line in enumerate(lines) if line.strip()), None)
    if asked is None:
        return
    question = Piece("heading", lines[asked], line=first + asked)
    answer = plain_pieces("\n".join(lines[asked + 1 :]), first + asked + 1)
    alternates, answer = split_alternates(answer)
    harvest.entry(Entry(question, tuple(answer), alternates), _REMEDY)


def _read_article(lines: Sequence[str], first: int, harvest: Harvest) -> None:
    pieces = plain_pieces("\n".join(lines), first, headings=True)
    if not harvest.page.publisher:
        # The line of the author stands first, or second below the title.
        names = (byline(piece.text) for piece in pieces[:2])
        harvest.page = replace(harvest.page, publisher=next(filter(None, names), ""))
    harvest.article(pieces)
