"""Whether every quote of a run stands in its source, word for word; if one does not, it fails."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from index.knowledge import Knowledge
from qa.evaluation.row import Row


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """A quote that is not what its source says: the case's id, the quote, and what is wrong."""

    id: str
    quote: str
    reason: str


@dataclass(frozen=True, slots=True)
class Grounding:
    """How many quotes were held against the stored sources, and those that failed."""

    quotes: int
    failed: tuple[Ungrounded, ...]

    @property
    def share(self) -> float:
        """The share that stands in its source; 1 where nothing was quoted."""
        return 1 - len(self.failed) / self.quotes if self.quotes else 1.0


def verified(rows: Iterable[Row], knowledge: Knowledge) -> Grounding:
    """Hold every quote of these rows, as written to disk, against the documents themselves."""
    quotes = 0
    failed: list[Ungrounded] = []
    for row in rows:
        quotes += len(row["quotes"])
        failed.extend(
            Ungrounded(row["case"]["id"], str(quote["text"]), reason)
            for quote, reason in _wrong(row, knowledge)
        )
    return Grounding(quotes, tuple(failed))


def _wrong(row: Row, knowledge: Knowledge) -> Iterator[tuple[Mapping[str, Any], str]]:
    if row["quotes"] and row["generation"] != knowledge.generation:
        reason = f"quoted from {row['generation']}, the knowledge base is {knowledge.generation}"
        yield from ((quote, reason) for quote in row["quotes"])
        return
    cited = {citation["number"]: citation["passage"] for citation in row["citations"]}
    for quote in row["quotes"]:
        if reason := _reason(quote, cited, knowledge):
            yield quote, reason


def _reason(quote: Mapping[str, Any], cited: Mapping[int, str], knowledge: Knowledge) -> str:
    """What is wrong with a quote; empty where nothing is."""
    if cited.get(quote["citation"]) != quote["passage"]:
        return f"citation {quote['citation']} is of another passage"
    try:
        passage = knowledge.passage(quote["passage"])
    except KeyError:
        return f"there is no passage {quote['passage']}"
    document = knowledge.document(passage.document_id)
    start, end = quote["start"], quote["end"]
    source = document.text[passage.start : passage.end]
    if not 0 <= start < end <= len(source) or source[start:end] != quote["text"]:
        return f"{document.source} does not say so at {passage.id} {start}:{end}"
    return ""
