"""What an editor can mend: the worst answers, what the sources lack, entries that collide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from qa.evaluation.report.entry import HEADLINE_CHARS, Entry, anchor, entry
from qa.evaluation.report.outcome import Row, by_need, outcome
from qa.evaluation.report.words import clipped, decimal, isolated

WORST = 10  # a morning's work; the others stand below them on the page
LISTED = 100  # of questions without a source; more are not read one by one
# An entry this little ahead of the expected one was not told apart from it. A reader's judgement,
# no set measures it; the scores are cosines with a little for words in common.
NOT_TOLD_APART = 0.02

_EITHER = Markup("Add an alternate question to {}; if that is an article, write an entry instead.")


@dataclass(frozen=True, slots=True)
class Fix:
    """A question that went wrong and the one thing to try first."""

    entry: Entry
    hint: Markup


@dataclass(frozen=True, slots=True)
class Lacking:
    """A question that the sources do not answer; `anchor` is empty where it is not on the page."""

    question: str
    anchor: str
    nearest: str


@dataclass(frozen=True, slots=True)
class Stolen:
    """A question that got the other entry of two."""

    question: str
    anchor: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Collision:
    """Two entries that are found by each other's questions."""

    entries: tuple[tuple[str, str], ...]
    closeness: str
    stolen: tuple[Stolen, ...]
    advice: str


def failed(rows: Sequence[Row]) -> list[int]:
    """The places of the rows that did not get what they should, worst first."""
    return [
        place
        for place in by_need(rows)
        if outcome(rows[place]) in ("wrong", "wrongly answered", "silent")
    ]


def fixes(
    rows: Sequence[Row], collisions: Sequence[Mapping[str, Any]], line: float
) -> tuple[Fix, ...]:
    """The worst answers, worst first, each with a hint."""
    pairs = {frozenset((one["first"], one["second"])) for one in collisions}
    kinds = _kinds(rows)
    return tuple(
        Fix(entry(rows[place], place, line), _hint(rows[place], pairs, kinds))
        for place in failed(rows)[:WORST]
    )


def lacking(rows: Sequence[Row], shown: Iterable[int]) -> tuple[Lacking, ...]:
    """Questions that are known to have no source, or met silence with nothing expected or near."""
    on_page = set(shown)
    return tuple(
        Lacking(
            clipped(row["question"], HEADLINE_CHARS),
            anchor(place) if place in on_page else "",
            clipped(next((one["text"] for one in row.get("nearest", ())), ""), HEADLINE_CHARS),
        )
        for place, row in enumerate(rows)
        if _lacks(row)
    )


def colliding(
    collisions: Sequence[Mapping[str, Any]], rows: Sequence[Row], shown: Iterable[int]
) -> tuple[Collision, ...]:
    """The pairs of entries that took each other's questions."""
    places = {rows[place]["case"]["id"]: anchor(place) for place in shown}
    return tuple(
        Collision(
            entries=(
                (one["first"], one["first_question"]),
                (one["second"], one["second_question"]),
            ),
            closeness=decimal(one["closeness"], 2),
            stolen=tuple(
                Stolen(
                    clipped(stolen["question"], HEADLINE_CHARS),
                    places.get(stolen["id"], ""),
                    stolen["expected"],
                    stolen["got"],
                )
                for stolen in one["stolen"]
            ),
            advice="Both say the same: merge them into one entry with both questions."
            if one["same_answer"]
            else "They say different things: word their questions so that each names what is its "
            "own.",
        )
        for one in collisions
    )


def _kinds(rows: Sequence[Row]) -> dict[str, str]:
    """Whether an id is of an FAQ entry or of an article, as far as an answer cites it."""
    return {
        str(citation[unit]): citation["kind"]
        for row in rows
        for citation in row.get("citations", ())
        for unit in ("document", "passage")
    }


def _lacks(row: Row) -> bool:
    case = row["case"]
    if case.get("kind"):  # made for a stress test: nobody asks it
        return False
    if case.get("answerable") is False:
        return True
    silent = row.get("status") == "abstained" and not case.get("sources")
    expected = case.get("answerable") or case.get("answers")
    return silent and not (expected and row.get("nearest"))


def _hint(row: Row, pairs: set[frozenset[str]], kinds: Mapping[str, str]) -> Markup:
    """What to try first."""
    if outcome(row) == "wrongly answered":
        return Markup("The sources hold no entry for this: write one, or leave it.")
    if row["case"].get("kind"):
        return _hint_by_kind(str(row["case"]["kind"]))
    expected = list(row["case"].get("sources", {}))
    if not expected:
        return _hint_by_answers(row)
    answered = outcome(row) == "wrong"
    if answered and (other := _collides_with(row, pairs, kinds)):
        return Markup("Two entries collide: tell {} and {} apart, or merge them.").format(
            isolated(other), isolated(expected[0])
        )
    if answered and any(id_ in expected for id_ in _cited(row)):
        return Markup(
            "The source is right, the quoted words are not: see that one sentence says it all."
        )
    return _hint_by_source(row, expected[0], kinds)


def _hint_by_kind(kind: str) -> Markup:
    """A stress question is altered on purpose: its words are no wording to add."""
    if kind == "alternate left out":
        return Markup(
            "The entry has this wording; it was left out for the test. Readers with words of their "
            "own may miss the entry too: add wordings that are unlike those it has."
        )
    return Markup("Nothing to add for this one alone: see whether others of its entry fare alike.")


def _hint_by_answers(row: Row) -> Markup:
    if outcome(row) == "silent":
        return Markup("Add an alternate question to the entry that answers this, or write one.")
    return Markup(
        "If what it quotes is right too, add that to the expected answers; if not, add an "
        "alternate question to the entry that answers this, or write one."
    )


def _hint_by_source(row: Row, expected: str, kinds: Mapping[str, str]) -> Markup:
    kind = "article" if row["case"]["unit"] == "source" else kinds.get(expected)
    words = {
        "faq": Markup("Add an alternate question to {}, worded like this one."),
        "article": Markup("Write an entry that asks this and answers it from {}."),
    }.get(str(kind), _EITHER)
    advice = words.format(isolated(expected))
    if outcome(row) == "silent" and row.get("right"):
        return Markup("It would have quoted the right words. ") + advice
    return advice


def _collides_with(row: Row, pairs: set[frozenset[str]], kinds: Mapping[str, str]) -> str:
    """The entry that was quoted in place of one that is very near to it; empty where none was."""
    expected = set(row["case"]["sources"])
    scores = dict(row.get("ranking", ()))
    for got in _cited(row):
        near = [scores[got] - scores[e] for e in expected & scores.keys() if got in scores]
        known = any(frozenset((got, e)) in pairs for e in expected)
        entries = all(kinds.get(id_) == "faq" for id_ in (got, *expected))
        alike = entries and any(gap <= NOT_TOLD_APART for gap in near)
        if got not in expected and (known or alike):
            return str(got)
    return ""


def _cited(row: Row) -> list[str]:
    """What the quotes stand in, by ids of the case's own unit."""
    unit = row["case"]["unit"]
    return list(dict.fromkeys(str(citation[unit]) for citation in row.get("citations", ())))
