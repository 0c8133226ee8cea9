"""One question as the report opens it: what was said, what was expected, what was found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from markupsafe import Markup

from qa.evaluation.report.outcome import Row, outcome, sureness
from qa.evaluation.report.words import clipped, count, day, decimal, ordinal, web_link
from qa.web.markup import cut

# A question above this is cut in lists and whole where it is opened.
HEADLINE_CHARS = 300
MAX_SOURCES = 10  # expected ones that are listed; a set of intents has hundreds
# Of the passage around a quote, on either side: enough to see what it speaks of.
AROUND_CHARS = 240

Piece = tuple[str, bool]
"""Some text, and whether it is quoted."""


@dataclass(frozen=True, slots=True)
class Note:
    """Where quotes stand: their source, and the passage around them with the quotes marked."""

    number: int
    title: str
    path: str
    origin: str
    date: Markup
    file: str
    link: Markup | None
    around: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of the ranking."""

    id: str
    score: str
    expected: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with all that the page tells of it. `anchor` is its place on the page.

    `places` tells of each expected source where it came in the ranking, empty for one that did not.
    `quotes` are (text, number of its note); `withheld` what an abstention would have quoted, and
    `withheld_right` whether that is right, empty where it is not known.
    """

    anchor: str
    id: str
    headline: str
    question: str
    outcome: str
    confidence: str
    happened: str
    answering: str
    origin: tuple[str, ...]
    quotes: tuple[tuple[str, int], ...]
    notes: tuple[Note, ...]
    withheld: tuple[str, ...]
    withheld_right: str
    nearest: tuple[str, ...]
    sources: tuple[str, ...]
    more_sources: int
    titles: Mapping[str, str]
    places: Mapping[str, str]
    answers: tuple[str, ...]
    expects_silence: bool
    ranking: tuple[Ranked, ...]
    scores: tuple[str, ...]


def anchor(place: int) -> str:
    """The id on the page of the row at `place`. Made of nothing else: ids of cases may be alike."""
    return f"q-{place + 1}"


def entry(row: Row, place: int, line: float) -> Entry:
    """The row at `place`, held against the confidence `line`."""
    case = row["case"]
    ranks = {id_: rank for rank, (id_, _) in enumerate(row.get("ranking", ()), 1)}
    whole = str(row.get("question", ""))
    headline = clipped(whole, HEADLINE_CHARS)
    return Entry(
        anchor=anchor(place),
        id=str(case["id"]),
        headline=headline or "(no text)",
        question=whole if len(whole) > HEADLINE_CHARS else "",
        outcome=outcome(row),
        confidence=decimal(sureness(row), 2),
        happened=happened(row, line),
        answering=row.get("answering") or "",
        origin=tuple(_origin(case)),
        quotes=tuple((quote["text"], quote["citation"]) for quote in row.get("quotes", ())),
        notes=tuple(_notes(row)),
        withheld=tuple(one["text"] for one in row.get("withheld", ())),
        withheld_right=_withheld_right(row),
        nearest=tuple(one["text"] for one in row.get("nearest", ())),
        sources=tuple(islice(map(str, case.get("sources", {})), MAX_SOURCES)),
        more_sources=max(0, len(case.get("sources", {})) - MAX_SOURCES),
        titles={
            id_: case.get("titles", {}).get(id_, "") for id_ in map(str, case.get("sources", {}))
        },
        places={
            str(id_): ordinal(ranks[id_]) if id_ in ranks else "" for id_ in case.get("sources", {})
        },
        answers=tuple(case.get("answers", ())),
        expects_silence=case.get("answerable") is False,
        ranking=tuple(
            Ranked(str(id_), decimal(score), id_ in case.get("sources", {}))
            for id_, score in row.get("ranking", ())
        ),
        scores=tuple(f"{name} {decimal(value)}" for name, value in row.get("scores", {}).items()),
    )


def happened(row: Row, line: float) -> str:
    """What became of the question, in a sentence."""
    sure, name = decimal(sureness(row), 2), outcome(row)
    if row.get("status") == "answered":
        ending = {
            "right": ", rightly.",
            "wrong": ", but not with what was expected.",
            "wrongly answered": ", though the sources hold no answer.",
        }.get(name, f"; not scored: {row.get('why') or 'no reason given'}.")
        return f"Answered with confidence {sure}{ending}"
    opening = {
        "silent": "Silent, though the sources hold an answer",
        "rightly silent": "Silent, and rightly",
    }.get(name, f"Silent; not scored: {row.get('why') or 'no reason given'}")
    if row.get("status") == "ask_back":
        return f"{opening}: it asked back."
    if sureness(row) < line:
        digits = next((d for d in (2, 3) if round(sureness(row), d) < round(line, d)), 4)
        told = decimal(sureness(row), digits), decimal(line, digits)
        return f"{opening}: confidence {told[0]} is below the line, {told[1]}."
    return f"{opening}: there was nothing to quote."


def _withheld_right(row: Row) -> str:
    """Whether what was withheld would have been right, where that matters."""
    right = row.get("right")
    if outcome(row) != "silent" or right is None or not row.get("withheld"):
        return ""
    return "This would have been right." if right else "This is not what was expected."


def _origin(case: Mapping[str, Any]) -> Iterator[str]:
    """Where the question comes from, a few words each."""
    if case.get("line"):
        yield f"line {count(case['line'])}"
    if case.get("turns"):
        yield f"after {count(case['turns'])} turns"
    if case.get("kind"):
        yield f"kind {case['kind']}"
    if case.get("like"):
        yield f"made from {case['like']}"
    yield from (f"tag {tag}" for tag in case.get("tags", ()))


def _notes(row: Row) -> Iterator[Note]:
    for citation in row.get("citations", ()):
        quotes = [q for q in row["quotes"] if q["citation"] == citation["number"]]
        link = citation["link"] if citation["url"] else ""
        yield Note(
            number=citation["number"],
            title=citation["title"],
            path=" › ".join(citation["headings"]),
            origin=citation["publisher"],
            date=day(citation["date"]),
            file=citation["source"],
            link=None if link.startswith("/") else web_link(link),
            around=tuple(_around(citation["context"], quotes)),
        )


def _around(context: str, quotes: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """The passage near its quotes, these marked; nothing where it says no more than they do."""
    spans = [(q["start"], q["end"]) for q in quotes if context[q["start"] : q["end"]] == q["text"]]
    if not spans:
        yield context[: 2 * AROUND_CHARS] + ("…" if len(context) > 2 * AROUND_CHARS else ""), False
        return
    start = _at_word(context, min(a for a, _ in spans) - AROUND_CHARS, 1)
    end = _at_word(context, max(b for _, b in spans) + AROUND_CHARS, -1)
    pieces = [(context[a:b], inside) for a, b, inside in cut(start, end, spans)]
    if not any(text.strip() for text, inside in pieces if not inside):
        return
    yield from [("…", False)] if start > 0 else []
    yield from pieces
    yield from [("…", False)] if end < len(context) else []


def _at_word(text: str, at: int, step: int) -> int:
    """`at`, moved inwards to where a word ends if one does within a word's length."""
    if not 0 < at < len(text):
        return min(max(at, 0), len(text))
    near = range(at, at + 24 * step, step)
    return next((i for i in near if 0 <= i < len(text) and text[i].isspace()), at)
