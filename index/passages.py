"""Passages: the spans of a document that are searched, shown and quoted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.documents import Block, Document
from index.sentences import Span, sentence_spans

# Past about 1,000 characters the default encoder reads no further, but a passage's sentences are
# searched one by one as well. Macro mrr@10 of benchmarks/retrieval.py: .909 at 1,000, .911 at
# 1,500, .912 at 2,000.
MAX_CHARS = 2_000
# A line shorter than this rarely says what it is about; it joins its neighbour.
MIN_CHARS = 120

_TO_LAST_GAP = re.compile(r".*\S(?=\s)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim span of a document: `document.text[start:end] == text`.

    `sentences` are spans of `text`. `headings` lead from the outermost heading to the passage,
    `anchor` is the last one's fragment; `header` names the columns where the passage is a table's
    row. `title` is the document's.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    title: str
    headings: tuple[str, ...] = ()
    header: str = ""
    anchor: str = ""

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text) or not self.text.strip():
            raise ValueError(f"passage {self.id}: {self.start}:{self.end} does not fit its text")
        if any(not 0 <= start < end <= len(self.text) for start, end in self.sentences):
            raise ValueError(f"passage {self.id}: a sentence lies outside of its text")

    @property
    def encoded_text(self) -> str:
        """What is searched for this passage: title, headings and columns, then its own text.

        The context is searched with the passage but never quoted as part of it.
        """
        context = [part for part in (self.title, *self.headings, self.header) if part]
        return "\n".join([*dict.fromkeys(context), self.text])

    def sentence(self, number: int) -> str:
        """The text of the sentence with this number, counted from 0."""
        start, end = self.sentences[number]
        return self.text[start:end]

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> "Passage":
        """The passage that `dataclasses.asdict` wrote."""
        fields = dict(record)
        fields["sentences"] = tuple((start, end) for start, end in fields["sentences"])
        fields["headings"] = tuple(fields["headings"])
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text under one heading path that is never parted further."""

    sentences: tuple[Span, ...]  # of the document
    headings: tuple[str, ...] = ()
    anchor: str = ""
    header: str = ""
    section: int = 0  # how many headings and headers stand before it

    @property
    def start(self) -> int:
        return self.sentences[0][0]

    @property
    def end(self) -> int:
        return self.sentences[-1][1]


def split(document: Document) -> tuple[Passage, ...]:
    """The passages of a document, in order; together they hold all of it but headings.

    An FAQ entry is one passage, whatever its length: an answer is never parted from its question.
    An article gives one passage a paragraph; short ones join their neighbour under the same
    heading, long ones part between sentences, a table gives one passage a row.
    """
    if document.kind == "faq":
        spans = tuple(span for block in document.blocks for span in _sentences(document, block))
        return (_passage(document, document.id, [_Piece(spans)]),) if spans else ()
    groups = _grouped(list(_pieces(document)))
    return tuple(
        _passage(document, f"{document.id}:p{number}", group)
        for number, group in enumerate(groups, start=1)
    )


def _pieces(document: Document) -> Iterator[_Piece]:
    path: list[Block] = []
    header = ""
    section = 0
    for block in document.blocks:
        if block.kind != "row":
            header = ""  # a table ends where something else begins
        if block.kind == "heading":
            path = [*(h for h in path if h.level < block.level), block]
        if block.kind == "header":
            header = document.text[block.start : block.end]
        if block.kind in ("heading", "header"):
            section += 1
            continue
        names = (document.text[h.start : h.end] for h in path)
        headings = tuple(name for name in names if name != document.title)
        anchor = next((h.anchor for h in reversed(path) if h.anchor), "")
        for sentences in _fitting(_sentences(document, block)):
            yield _Piece(sentences, headings, anchor, header, section)


def _sentences(document: Document, block: Block) -> tuple[Span, ...]:
    """The block's sentences as spans of the document; a table's row is one."""
    if block.kind in ("header", "row"):
        return ((block.start, block.end),)
    text = document.text[block.start : block.end]
    spans = (
        piece
        for start, end in sentence_spans(text, document.language)
        for piece in _hard_wrapped(text, start, end)
    )
    return tuple((block.start + start, block.start + end) for start, end in spans)


def _hard_wrapped(text: str, start: int, end: int) -> Iterator[Span]:
    """Part a run-on sentence at white space, or anywhere if it has none."""
    while end - start > MAX_CHARS:
        head = _TO_LAST_GAP.match(text, start, start + MAX_CHARS + 1)
        cut = head.end() if head else start + MAX_CHARS
        yield start, cut
        start = end - len(text[cut:end].lstrip())
    yield start, end


def _fitting(sentences: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """Runs of sentences no longer than MAX_CHARS, as few as there can be."""
    run: list[Span] = []
    for span in sentences:
        if run and span[1] - run[0][0] > MAX_CHARS:
            yield tuple(run)
            run = []
        run.append(span)
    if run:
        yield tuple(run)


def _grouped(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Join neighbours under the same heading while one of them is too short to stand alone."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        if groups and _belongs(groups[-1], piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _belongs(group: list[_Piece], piece: _Piece) -> bool:
    last = group[-1]
    if last.section != piece.section or last.header or piece.header:
        return False
    lengths = (last.end - group[0].start, piece.end - piece.start)
    return min(lengths) < MIN_CHARS and piece.end - group[0].start <= MAX_CHARS


def _passage(document: Document, id_: str, group: list[_Piece]) -> Passage:
    start, end = group[0].start, group[-1].end
    return Passage(
        id=id_,
        document_id=document.id,
        start=start,
        end=end,
        text=document.text[start:end],
        sentences=tuple((a - start, b - start) for piece in group for a, b in piece.sentences),
        title=document.title,
        headings=group[0].headings,
        header=group[0].header,
        anchor=group[0].anchor,
    )
