"""An answer as plain text for a terminal."""

from itertools import zip_longest
from textwrap import indent, wrap
from typing import TYPE_CHECKING

from index.errors import printable
from qa.answer import Answer, Citation, Quote

if TYPE_CHECKING:
    from qa.answerer import Explained
    from qa.hit import Hit

WIDTH = 90  # of a paragraph, in characters


def answer(given: Answer) -> str:
    """Quotes with their citations' numbers, then the citations; or that there is no answer.

    Below each citation the paragraph that its quotes stand in, where that says more than they do.
    """
    before = [*_led_in(given), *_differences(given)]
    if not given.answered:
        return "\n".join([*before, _line(given.reply) if given.reply else _abstention(given)])
    quotes = [f"{_quoted(quote.text)} [{quote.citation}]" for quote in given.quotes]
    cited = {citation.number: citation for citation in given.citations}
    notes = [_note(cited[quote.citation], quote) for quote in given.quotes]
    return "\n".join([*before, *quotes, "", *notes])


def _led_in(given: Answer) -> list[str]:
    completed = [f"Answering: {_line(given.answering)}"] if given.answering else []
    return completed + ([f"Note: {_line(given.warning)}"] if given.warning else [])


def _differences(given: Answer) -> list[str]:
    """Each value that sources differ on with the citations that give it."""
    lines = []
    for one in given.disagreements:
        lines.append(f"Sources differ on the {_line(one['about'])}:")
        for value in one["values"]:
            cited = "".join(f"[{given.quotes[number].citation}]" for number in value["quotes"])
            lines.append(f"  {_line(value['value'])} {cited}")
    return lines


def explanation(explained: "Explained") -> str:
    """Every hit with the parts of its score, and the line that one of them had to pass."""
    verdict = explained.answer.status.replace("ask_back", "asked back")
    rows = zip_longest(explained.hits, explained.confidences)
    sure, line = explained.answer.confidence, explained.answer_from
    lines = [
        "",
        f"{verdict}: confidence {sure:.2f}, answers from {line:.2f}",
        "rank  score   passage  sentence  wording  words  coverage  confidence  passage id",
        *(_row(hit, sure) for hit, sure in rows),
    ]
    return "\n".join(lines)


def _row(hit: "Hit", sure: float | None) -> str:
    cosines = f"{hit.meaning:7.3f}  {hit.focus:8.3f}  {hit.wording:7.3f}"
    parts = f"{cosines}  {hit.lexical:5.3f}  {hit.coverage:8.3f}"
    chance = "" if sure is None else f"{sure:.2f}"
    return f"{hit.rank:4}  {hit.score:5.3f}   {parts}  {chance:>10}  {_line(hit.passage.id)}"


def _abstention(given: Answer) -> str:
    if given.choices:
        return "\n".join(["Did you mean:", *(f"  {_line(one.text)}" for one in given.choices)])
    lines = ["The sources don't say.", *_words(given)]
    if given.nearest:
        lines += ["Closest:", *(f"  {_line(one.text)}" for one in given.nearest)]
    return "\n".join(lines)


def _words(given: Answer) -> list[str]:
    """The words that were looked for; those that stand nowhere in the sources apart."""
    named = (("Looked for", given.looked_for), ("No source mentions", given.not_found))
    return [f"{name}: {_line(', '.join(words))}" for name, words in named if words]


def _note(citation: Citation, quote: Quote) -> str:
    lead = f"[{citation.number}] "
    place = " › ".join(_line(part) for part in (citation.title, *citation.headings) if part)
    page = f"p. {citation.page}" if citation.page else ""
    origin = ", ".join(_line(part) for part in (page, citation.publisher, citation.date) if part)
    opens = citation.link if citation.url else citation.source
    lines = [_line(part) for part in (place, citation.header, origin, opens) if part]
    paragraph = _paragraph(citation.context, quote)
    if paragraph != quote.text:
        lines += ["", *wrap(_line(paragraph), WIDTH), ""]
    return lead + indent("\n".join(lines), " " * len(lead)).lstrip()


def _paragraph(context: str, quote: Quote) -> str:
    """The lines of a passage that a quote stands in."""
    start = context.rfind("\n", 0, quote.start) + 1
    end = context.find("\n", quote.end)
    return context[start : end if end >= 0 else None]


def _quoted(text: str) -> str:
    return "“" + "\n".join(_line(line) for line in text.splitlines()) + "”"


def _line(text: str) -> str:
    """One line that cannot move the cursor or colour the terminal."""
    return printable(" ".join(text.split()))
