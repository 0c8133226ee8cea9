"""An answer as the HTML of one chat message: quotes, small numbers, notes underneath.

A message is one run of HTML without a line break, so that Markdown finds nothing to parse in it.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from index.documents import CELL
from qa.answer import Answer, Citation, Quote, Suggestion
from qa.web.markup import Span, literal, marked, safe_link, source_link, time_tag

_NEW_TAB = '<span class="cw-hidden"> (opens at the sentence, in a new tab)</span>'


def render_question(question: str) -> str:
    """The reader's own words, as typed."""
    return f'<p class="cw-question" dir="auto">{literal(question)}</p>'


def render_answer(answer: Answer, passages: Sequence[Suggestion] = ()) -> str:
    """What is said to a question. `passages` are the nearest texts to point at when it abstains."""
    parts = [_answering(answer), _warning(answer)]
    if answer.answered:
        parts += [_disagreements(answer), _quotes(answer), _sources(answer)]
    elif answer.reply:
        parts.append(f'<p dir="auto">{literal(answer.reply)}</p>')
    elif answer.status == "ask_back":
        parts.append('<p class="cw-silence">Did you mean one of these?</p>')
    else:
        parts += ['<p class="cw-silence">The sources don&#39;t say.</p>', _looked_for(answer)]
        parts.append(_closest(passages))
    return f'<div class="cw-answer">{"".join(parts)}</div>'


def _warning(answer: Answer) -> str:
    return f'<p class="cw-quiet">{literal(answer.warning)}</p>' if answer.warning else ""


def _answering(answer: Answer) -> str:
    if not answer.answering:
        return ""
    return f'<p class="cw-quiet" dir="auto">Answering: {literal(answer.answering)}</p>'


def _quotes(answer: Answer) -> str:
    """One paragraph for each run of quotes from the same passage."""
    runs = groupby(answer.quotes, key=lambda quote: quote.passage)
    return "".join(_run(list(quotes), answer) for _, quotes in runs)


def _run(quotes: Sequence[Quote], answer: Answer) -> str:
    cited = {citation.number: citation for citation in answer.citations}
    citation = cited[quotes[0].citation]
    asked = answer.answering or answer.question
    lead = ""
    if citation.kind == "faq" and _plain(citation.title) != _plain(asked):
        lead = f'<p class="cw-quiet" dir="auto">Answer to: {literal(citation.title)}</p>'
    if citation.header:
        return lead + "".join(_row_quote(cited[quote.citation], quote) for quote in quotes)
    said = " ".join(f"“{literal(q.text)}”{_number(cited[q.citation])}" for q in quotes)
    return f'{lead}<p class="cw-quote" dir="auto">{said}</p>'


def _plain(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))


def _number(citation: Citation) -> str:
    number, link = citation.number, safe_link(citation.link)
    if not link:
        return f"<sup>{number}</sup>"
    name = f'<span class="cw-hidden">Source </span>{number}'
    return f'<sup><a href="{link}" target="_blank" rel="noopener">{name}</a></sup>'


def _row_quote(citation: Citation, quote: Quote) -> str:
    """A table's row under its column names; a row that does not fit them follows them in a line."""
    names, cells = citation.header.split(CELL), quote.text.split(CELL)
    if len(names) != len(cells):
        said = f"“{literal(quote.text)}”{_number(citation)}"
        columns = literal(" · ".join(names))
        return f'<p class="cw-quiet">{columns}</p><p class="cw-quote" dir="auto">{said}</p>'
    shown = [literal(cell) for cell in cells]
    shown[-1] += _number(citation)
    return _table(names, [shown])


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Column names and rows; `rows` hold HTML that is safe already."""
    head = "".join(f'<th scope="col">{literal(name)}</th>' for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    head = f"<thead><tr>{head}</tr></thead>"
    return f'<table class="cw-table" dir="auto">{head}<tbody>{body}</tbody></table>'


def _sources(answer: Answer) -> str:
    count = len(answer.citations)
    notes = "".join(_source(citation, answer.quotes) for citation in answer.citations)
    summary = f"{count} source{'s' if count > 1 else ''}"
    return (
        f'<details class="cw-sources" open><summary>{summary}</summary><ol>{notes}</ol></details>'
    )


def _source(citation: Citation, quotes: Sequence[Quote]) -> str:
    spans = [(quote.start, quote.end) for quote in quotes if quote.citation == citation.number]
    path = " › ".join(name for name in citation.headings if name != citation.title)
    lines = [
        f'<p class="cw-title" dir="auto">{literal(citation.title)}</p>',
        f'<p class="cw-path" dir="auto">{literal(path)}</p>' if path else "",
        f'<p class="cw-origin">{_origin(citation)}</p>',
        _context(citation, spans),
    ]
    return f'<li value="{citation.number}">{"".join(lines)}</li>'


def _origin(citation: Citation) -> str:
    """Publisher, date and the way to the source; the file's name where no publisher is known."""
    link = safe_link(citation.link)
    read = f'<a href="{link}" target="_blank" rel="noopener">Read in source ↗{_NEW_TAB}</a>'
    who = literal(citation.publisher or citation.source)
    return " · ".join(part for part in (who, time_tag(citation.date), read if link else "") if part)


def _context(citation: Citation, spans: Sequence[Span]) -> str:
    """The quoted sentences within their paragraph, or the quoted rows under their column names."""
    text = citation.context
    start, end = min(a for a, _ in spans), max(b for _, b in spans)
    start = text.rfind("\n", 0, start) + 1
    end = text.find("\n", end) if "\n" in text[end:] else len(text)
    if citation.header:
        return _rows(citation, start, end, spans)
    before, after = "… " if text[:start].strip() else "", " …" if text[end:].strip() else ""
    said = f"{before}{marked(text, start, end, spans)}{after}"
    return f'<blockquote dir="auto">{said}</blockquote>'


def _rows(citation: Citation, start: int, end: int, spans: Sequence[Span]) -> str:
    rows, at = [], start
    for line in citation.context[start:end].split("\n"):
        cells = []
        for cell in line.split(CELL):
            cells.append(marked(citation.context, at, at + len(cell), spans))
            at += len(cell) + len(CELL)
        at += 1 - len(CELL)
        rows.append(cells)
    return _table(citation.header.split(CELL), rows)


def _looked_for(answer: Answer) -> str:
    """The words that were looked for; those that stand nowhere in the sources apart."""
    lines = (("Looked for", answer.looked_for), ("No source mentions", answer.not_found))
    said = " ".join(f"{name}: {literal(', '.join(words))}." for name, words in lines if words)
    return f'<p class="cw-quiet" dir="auto">{said}</p>' if said else ""


def _closest(passages: Sequence[Suggestion]) -> str:
    if not passages:
        return ""
    links = "".join(
        f'<li><a href="{source_link(near.passage)}" target="_blank" rel="noopener" dir="auto">'
        f"{literal(near.text)}</a></li>"
        for near in passages
    )
    return f'<p class="cw-quiet">Closest:</p><ul class="cw-closest">{links}</ul>'


def _disagreements(answer: Answer) -> str:
    return "".join(_differ(differing, answer) for differing in answer.disagreements)


def _differ(differing: Mapping[str, Any], answer: Answer) -> str:
    """Each value with who says so, without a verdict."""
    cited = {citation.number: citation for citation in answer.citations}
    lines = []
    for value in differing["values"]:
        quotes = [answer.quotes[i] for i in value["quotes"]]
        who = ", ".join(_said_by(cited[quote.citation]) for quote in quotes)
        lines.append(f"<li><strong>{literal(value['value'])}</strong> {who}</li>")
    about = literal(str(differing["about"]))
    values = "".join(lines)
    return f'<div class="cw-differ"><p>Sources differ on the {about}:</p><ul>{values}</ul></div>'


def _said_by(citation: Citation) -> str:
    named = (literal(citation.publisher or citation.title), time_tag(citation.date))
    return f"({', '.join(part for part in named if part)}){_number(citation)}"
