"""An answer as plain text for a terminal."""

from itertools import zip_longest
from textwrap import indent

from index.errors import printable
from qa.answer import Answer, Citation
from qa.answerer import Explained
from qa.confidence import ANSWER_FROM
from qa.hit import Hit


def answer(given: Answer) -> str:
    """Quotes, each with its citation's number, then the citations; or that there is no answer."""
    if not given.answered:
        return _abstention(given)
    quotes = [f"{_quoted(quote.text)} [{quote.citation}]" for quote in given.quotes]
    return "\n".join([*quotes, "", *(_citation(citation) for citation in given.citations)])


def explanation(explained: Explained) -> str:
    """Every hit with the parts of its score, and the line that one of them had to pass."""
    verdict = "answered" if explained.answer.answered else "abstained"
    rows = zip_longest(explained.hits, explained.sure)
    lines = [
        "",
        f"{verdict}: confidence {explained.answer.confidence:.2f}, answers from {ANSWER_FROM:.2f}",
        "rank  score   passage  sentence  words  coverage  confidence  passage id",
        *(_row(hit, sure) for hit, sure in rows),
    ]
    return "\n".join(lines)


def _row(hit: Hit, sure: float | None) -> str:
    parts = f"{hit.meaning:7.3f}  {hit.focus:8.3f}  {hit.lexical:5.3f}  {hit.coverage:8.3f}"
    chance = "" if sure is None else f"{sure:.2f}"
    return f"{hit.rank:4}  {hit.score:5.3f}   {parts}  {chance:>10}  {_line(hit.passage.id)}"


def _abstention(given: Answer) -> str:
    lines = ["The sources don't say."]
    if given.nearest:
        lines += ["Closest:", *(f"  {_line(one.text)}" for one in given.nearest)]
    return "\n".join(lines)


def _citation(citation: Citation) -> str:
    lead = f"[{citation.number}] "
    place = " › ".join(_line(part) for part in (citation.title, *citation.headings) if part)
    origin = ", ".join(_line(part) for part in (citation.publisher, citation.date) if part)
    opens = citation.link if citation.url else citation.source
    lines = [part for part in (place, citation.header, origin, opens) if part]
    return lead + indent("\n".join(_line(line) for line in lines), " " * len(lead)).lstrip()


def _quoted(text: str) -> str:
    return "“" + "\n".join(_line(line) for line in text.splitlines()) + "”"


def _line(text: str) -> str:
    """One line that cannot move the cursor or colour the terminal."""
    return printable(" ".join(text.split()))
