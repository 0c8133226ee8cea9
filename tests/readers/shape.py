"""How the tests read, and how they look at what was read."""

from pathlib import Path

from index.documents import Document
from index.errors import ReadError
from index.readers import READERS, Reading, SourceFile


def read(name: str, text: str) -> Reading:
    """What the reader of this suffix makes of `text`."""
    return read_bytes(name, text.encode())


def read_bytes(name: str, data: bytes) -> Reading:
    try:
        return READERS[Path(name).suffix](SourceFile(name, data))
    except ReadError as error:
        return Reading(problems=(error,))


def blocks(document: Document) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


def entries(reading: Reading) -> list[tuple[str, str, str]]:
    """Id, question and answer of each FAQ document."""
    return [(d.id, d.title, d.text) for d in reading.documents if d.kind == "faq"]


def problems(reading: Reading) -> list[str]:
    return [str(problem) for problem in reading.problems]
