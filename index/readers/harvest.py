"""What one file gives, gathered while its reader goes through it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType

from index.documents import Document, DocumentKind
from index.errors import ReadError
from index.readers.draft import Draft, Entry, Piece, one_line, visible
from index.readers.fields import FieldReport, Fields
from index.readers.source import Reading, SourceFile


class Harvest:
    """Turns entries and articles into documents, and counts the entries.

    `page` is what the file says of itself: each entry has its publisher, date, language, tags and
    address. An entry's number counts the broken ones too, so that mending one renames no other.
    """

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.page = Fields()
        self.documents: list[Document] = []
        self.problems: list[ReadError] = []
        self.ignored: list[str] = []
        self._entries = 0

    @property
    def reading(self) -> Reading:
        """All so far; problems in the order of their lines."""
        problems = sorted(self.problems, key=lambda problem: problem.line)
        return Reading(tuple(self.documents), tuple(problems), tuple(self.ignored))

    def problem(self, line: int, reason: str) -> None:
        """Note what is wrong at this line and what to do about it."""
        self.problems.append(self.file.problem(line, reason))

    def reporter(self, line: int, lines: Mapping[str, int] = MappingProxyType({})) -> FieldReport:
        """What notes a field's problems, at its own line of `lines`, else at `line`."""
        return lambda field, reason: self.problem(lines.get(field, line), reason)

    def broken_entry(self, line: int, reason: str) -> None:
        """Note an entry that cannot be read; it keeps its number."""
        self._entries += 1
        self.problem(line, reason)

    def entry(self, entry: Entry, remedy: str, fields: Fields | None = None) -> None:
        """Add a FAQ document; `remedy` is what to do where the question has no answer.

        `fields` are the entry's own; without them it has those of the page, its anchor on it, and
        no id but its number.
        """
        draft = Draft(entry.answer)
        line = entry.question.line
        question = one_line(entry.question.text)
        if not question:
            self.broken_entry(line, "this entry has no question; add one or remove the entry")
            return
        if not draft.blocks:
            self.broken_entry(line, f"this question has no answer; {remedy}")
            return
        self._entries += 1
        url = self._address(entry.question.anchor)
        fields = fields or replace(self.page, id="", alternates=(), url=url)
        numbered = f"{self.page.id or self.file.name}:q{self._entries}"
        fields = replace(
            fields, id=fields.id or numbered, alternates=(*fields.alternates, *entry.alternates)
        )
        self._add("faq", question, draft, line, fields)

    def article(self, pieces: Iterable[Piece]) -> None:
        """Add an article of these pieces, if they hold any text; names without text are a problem.

        The names are headings and those of a table's columns.
        """
        pieces = [piece for piece in pieces if visible(piece.text).strip()]
        if not pieces:
            return
        if all(piece.kind in ("heading", "header") for piece in pieces):
            self.problem(pieces[0].line, "no text below its headings; add text or remove the file")
            return
        fields = replace(self.page, id=self.page.id or self.file.name, alternates=())
        title = self.page.title or _heading(pieces) or name_as_title(self.file.name)
        self._add("article", title, Draft(_searchable(pieces)), pieces[0].line, fields)

    def _add(self, kind: DocumentKind, title: str, draft: Draft, line: int, fields: Fields) -> None:
        self.documents.append(
            Document(
                id=fields.id,
                kind=kind,
                title=title,
                text=draft.text,
                source=self.file.name,
                blocks=tuple(draft.blocks),
                line=line,
                alternates=tuple(a for a in dict.fromkeys(fields.alternates) if a != title),
                publisher=fields.publisher,
                url=fields.url,
                date=fields.date,
                language=fields.language,
                tags=fields.tags,
            )
        )

    def _address(self, anchor: str) -> str:
        url = self.page.url
        return f"{url}#{anchor}" if url and anchor and "#" not in url else url


def name_as_title(name: str) -> str:
    """A file's name as a title: `help/return-policy.md` gives `Return policy`."""
    stem = PurePosixPath(name).stem
    words = stem.replace("-", " ").replace("_", " ").split()
    title = " ".join(words) or stem
    return title[:1].upper() + title[1:]


def _searchable(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with each header that has no row below it made a row.

    A header is only searched with its rows.
    """
    below = [*(piece.kind for piece in pieces[1:]), ""]
    return [
        replace(piece, kind="row") if piece.kind == "header" and kind != "row" else piece
        for piece, kind in zip(pieces, below, strict=True)
    ]


def _heading(pieces: list[Piece]) -> str:
    headings = (one_line(piece.text) for piece in pieces if piece.kind == "heading")
    return next((heading for heading in headings if heading), "")
