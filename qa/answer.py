"""The answer: values that check themselves, and the one wire form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from index.errors import UngroundedError

Status = Literal["answered", "ask_back", "abstained"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source, verbatim: `passage.text[start:end] == text`; `citation` is its number."""

    text: str
    passage: str
    start: int
    end: int
    citation: int

    def found_in(self, passage: str) -> bool:
        """Whether these words stand in the passage's text where they say they do."""
        within = 0 <= self.start < self.end <= len(passage)
        return within and passage[self.start : self.end] == self.text


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands, for a reader who wants to check.

    `title` is the article's title or the FAQ entry's question. `headings` leads from the outermost
    heading to the passage; `header` names a table's columns; `context` is the whole passage. `link`
    opens at the quoted sentence: on the source's own page, or, where it has no address, on the
    source view of whoever serves the answer (then it starts with `/source/`). `page` is the page
    that the quoted paragraph begins on, None where the source has no pages.
    """

    number: int
    passage: str
    document: str
    kind: str
    title: str
    publisher: str
    date: str
    url: str
    link: str
    source: str
    headings: tuple[str, ...]
    header: str
    context: str
    page: int | None = None

    @property
    def label(self) -> str:
        """One line a person can read: title, page, publisher, date, as far as they are known."""
        page = f"p. {self.page}" if self.page else ""
        return ", ".join(part for part in (self.title, page, self.publisher, self.date) if part)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question or passage the sources do hold; `passage` is where it stands."""

    text: str
    passage: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to one question: quotes with citations, or that the sources do not say.

    `text` is the quotes joined by spaces, empty for an abstention. `confidence` is the fitted
    probability, 0 to 1, that a passage answers the question, where as many questions have an answer
    as have none. `generation` names the knowledge base it came from, `built` (UTC, ISO 8601) when
    its sources were read; both are empty for one in memory. `reply` is what small talk
    gets, which is no question and counts as an abstention; `warning` says that the model may not
    know the question's language. Where there is no answer `looked_for` has the words that were
    looked for, and `not_found` those of them that stand nowhere in the sources. Raises
    UngroundedError where the parts contradict each other.
    """

    id: str
    question: str
    status: Status
    quotes: tuple[Quote, ...]
    citations: tuple[Citation, ...]
    confidence: float
    generation: str
    took_ms: float
    answering: str | None = None
    disagreements: tuple[Mapping[str, Any], ...] = ()
    choices: tuple[Suggestion, ...] = ()
    nearest: tuple[Suggestion, ...] = ()
    related: tuple[Suggestion, ...] = ()
    reply: str = ""
    warning: str = ""
    looked_for: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    built: str = ""

    def __post_init__(self) -> None:
        if self.status not in get_args(Status):
            raise UngroundedError(f"there is no status {self.status!r}")
        if not 0 <= self.confidence <= 1:
            raise UngroundedError(f"a confidence is a probability, not {self.confidence}")
        if self.status == "answered" and not self.quotes:
            raise UngroundedError("an answered question needs a quote; this one has none")
        if self.status != "answered" and (self.quotes or self.citations):
            raise UngroundedError(f"an answer that is {self.status} quotes and cites nothing")
        cited = {citation.number: citation for citation in self.citations}
        if len(cited) != len(self.citations):
            raise UngroundedError("two citations share a number")
        for quote in self.quotes:
            citation = cited.get(quote.citation)
            if citation is None or citation.passage != quote.passage:
                raise UngroundedError(f"quote of {quote.passage} has no citation {quote.citation}")
            if not quote.found_in(citation.context):
                raise UngroundedError(f"{quote.passage} does not hold the quote at {quote.start}")
        if cited.keys() != {quote.citation for quote in self.quotes}:
            raise UngroundedError("a citation that no quote uses")

    @property
    def answered(self) -> bool:
        """Whether the sources answer the question."""
        return self.status == "answered"

    @property
    def text(self) -> str:
        """The quotes as one text, in order."""
        return " ".join(quote.text for quote in self.quotes)

    def to_dict(self) -> dict[str, Any]:
        """The wire form: the same dict through page, widget, command line, API and batch."""
        fields = asdict(self)
        order = ("id", "question", "answering", "status")
        head = {name: fields.pop(name) for name in order}
        return {**head, "text": self.text, **fields}
