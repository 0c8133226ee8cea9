"""A file as its reader gets it, and what the reader hands back."""

import codecs
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module

from index.documents import Document
from index.errors import ReadError
from index.synonyms import Synonyms


@dataclass(frozen=True, slots=True)
class Content:
    """Which bytes a reader was given: the file's name, their number and their SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: documents, what went wrong, and what was left alone: files
    that no reader knows, links to folders, knowledge bases (`kb/`), drafts (`a.md (draft)`).

    All three in the order of the files and the lines within them. A problem never hides the
    entries beside it; whether problems are fatal is the caller's choice. `files` has every file
    whose bytes were read, whatever came of it. `synonyms` is None where no file of them was read.
    """

    documents: tuple[Document, ...] = ()
    problems: tuple[ReadError, ...] = ()
    ignored: tuple[str, ...] = ()
    files: tuple[Content, ...] = field(default=(), compare=False)
    synonyms: Synonyms | None = None

    @classmethod
    def joined(cls, readings: Iterable["Reading"]) -> "Reading":
        """One reading with all that these hold, in their order."""
        parts = tuple(readings)
        return cls(
            tuple(document for part in parts for document in part.documents),
            tuple(problem for part in parts for problem in part.problems),
            tuple(name for part in parts for name in part.ignored),
            tuple(file for part in parts for file in part.files),
            next((part.synonyms for part in parts if part.synonyms), None),
        )


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's content; `name` is its posix path inside the folder, always printable."""

    name: str
    data: bytes

    @property
    def text(self) -> str:
        """The content as text, without byte order mark, every line end a line feed.

        Raises ReadError for what is not text in UTF-8.
        """
        if self.data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise self.problem(1, "saved as UTF-16; save the file as UTF-8")
        if (place := self.data.find(b"\0")) >= 0:
            reason = "holds binary data, not text; remove it or give it the suffix of its format"
            raise self.problem(self._line_at(place), reason)
        try:
            text = self.data.decode()
        except UnicodeDecodeError as error:
            reason = f"not UTF-8 at byte {error.start}; save the file as UTF-8"
            raise self.problem(self._line_at(error.start), reason) from None
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    def problem(self, line: int, reason: str) -> ReadError:
        """The error for this line of the file; line 0 is the file as a whole."""
        return ReadError(self.name, line, reason)

    def _line_at(self, place: int) -> int:
        return self.data.count(b"\n", 0, place) + 1


Reader = Callable[[SourceFile], Reading]
"""Reads one format. May raise ReadError where nothing of the file can be read."""


@dataclass(frozen=True, slots=True)
class Named:
    """A reader by its place, `function` of `module`, which is imported with the first such file.

    A build reads with it in a process apart, which can import it by this name.
    """

    module: str
    function: str

    def __call__(self, file: SourceFile) -> Reading:
        """What the reader makes of the file."""
        reading: Reading = getattr(import_module(self.module), self.function)(file)
        return reading
