"""An answer as the HTML of one chat message: quotes, small numbers, notes underneath.

A message is one run of HTML without a line break, so that Markdown finds nothing to parse in it.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote as percent

from index.documents import CELL
from qa.answer import Answer, Citation, Quote, Suggestion
from qa.web.markup import Span, literal, marked, moment_tag, safe_link, source_link, time_tag
from qa.web.strings import FALLBACK, Strings, languages

_ENGLISH = languages()[FALLBACK]


def render_question(question: str) -> str:
    """The reader's own words, as typed."""
    return f'<p class="cw-question" dir="auto">{literal(question)}</p>'


def render_answer(
    answer: Answer,
    passages: Sequence[Suggestion] = (),
    strings: Strings = _ENGLISH,
    *,
    contact: str = "",
) -> str:
    """What is said to a question, in the language of `strings`.

    `passages` are the nearest texts to point at when it abstains, `contact` a link to whom to ask.
    """
    parts = [_answering(answer, strings), _warning(answer)]
    if answer.answered:
        parts += [_disagreements(answer, strings), _quotes(answer, strings)]
        parts.append(_sources(answer, strings))
    elif answer.reply:
        parts.append(f'<p dir="auto">{literal(answer.reply)}</p>')
    elif answer.status == "ask_back":
        parts.append(f'<p class="cw-silence">{literal(strings.meant)}</p>')
        parts.append(_links(passages, answer.generation))
    else:
        parts.append(f'<p class="cw-silence">{literal(strings.silence)}</p>')
        parts += [_looked_for(answer, strings), _contact(contact, strings)]
        parts += [_closest(passages, answer.generation, strings), _as_of(answer, strings)]
    return f'<div class="cw-answer">{"".join(parts)}</div>'


def _saying(pattern: str, html: str) -> str:
    """`pattern` with what stands in its `{}`, which is safe already and may run the other way."""
    before, _, after = pattern.partition("{}")
    return f"{literal(before)}<bdi>{html}</bdi>{literal(after)}"


def _warning(answer: Answer) -> str:
    return f'<p class="cw-quiet">{literal(answer.warning)}</p>' if answer.warning else ""


def _answering(answer: Answer, strings: Strings) -> str:
    """The question that a follow-up was completed to, and the way back to what was typed.

    `page.js` has the link answer in place; without it the question is asked on a page of its own.
    """
    if not answer.answering:
        return ""
    whole = _saying(strings.answering, literal(answer.answering))
    typed = f'<a href="?q={percent(answer.question, safe="")}">{literal(strings.as_typed)}</a>'
    return f'<p class="cw-quiet cw-whole">{whole} {typed}</p>'


def _quotes(answer: Answer, strings: Strings) -> str:
    """One paragraph for each run of quotes from the same passage."""
    runs = groupby(answer.quotes, key=lambda quote: quote.passage)
    return "".join(_run(list(quotes), answer, strings) for _, quotes in runs)


def _run(quotes: Sequence[Quote], answer: Answer, strings: Strings) -> str:
    cited = {citation.number: citation for citation in answer.citations}
    citation = cited[quotes[0].citation]
    asked = answer.answering or answer.question
    lead = ""
    if citation.kind == "faq" and _plain(citation.title) != _plain(asked):
        said = _saying(strings.answer_to, literal(citation.title))
        lead = f'<p class="cw-quiet">{said}</p>'
    if citation.header:
        return lead + "".join(_row_quote(cited[quote.citation], quote, strings) for quote in quotes)
    said = " ".join(f"“{literal(q.text)}”{_number(cited[q.citation], strings)}" for q in quotes)
    return f'{lead}<p class="cw-quote" dir="auto">{said}</p>'


def _plain(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))


def _number(citation: Citation, strings: Strings) -> str:
    number, link = citation.number, safe_link(citation.link)
    if not link:
        return f"<sup>{number}</sup>"
    before, _, after = strings.source.partition("{}")
    name = f"{_hidden(before)}{number}{_hidden(after)}"
    return f'<sup><a href="{link}" target="_blank" rel="noopener">{name}</a></sup>'


def _hidden(words: str) -> str:
    """Words that are heard and not seen."""
    return f'<span class="cw-hidden">{literal(words)}</span>' if words else ""


def _row_quote(citation: Citation, quote: Quote, strings: Strings) -> str:
    """A table's row under its column names; a row that does not fit them follows them in a line."""
    names, cells = citation.header.split(CELL), quote.text.split(CELL)
    if len(names) != len(cells):
        said = f"“{literal(quote.text)}”{_number(citation, strings)}"
        columns = literal(" · ".join(names))
        return f'<p class="cw-quiet">{columns}</p><p class="cw-quote" dir="auto">{said}</p>'
    shown = [literal(cell) for cell in cells]
    shown[-1] += _number(citation, strings)
    return _table(names, [shown])


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Column names and rows; `rows` hold HTML that is safe already."""
    head = "".join(f'<th scope="col">{literal(name)}</th>' for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    head = f"<thead><tr>{head}</tr></thead>"
    return f'<table class="cw-table" dir="auto">{head}<tbody>{body}</tbody></table>'


def _sources(answer: Answer, strings: Strings) -> str:
    count = len(answer.citations)
    notes = "".join(_source(citation, answer.quotes, strings) for citation in answer.citations)
    summary = literal(strings.one_source if count == 1 else strings.sources.format(count))
    return (
        f'<details class="cw-sources" open><summary>{summary}</summary><ol>{notes}</ol>'
        f"{_as_of(answer, strings)}</details>"
    )


def _source(citation: Citation, quotes: Sequence[Quote], strings: Strings) -> str:
    spans = [(quote.start, quote.end) for quote in quotes if quote.citation == citation.number]
    path = " › ".join(name for name in citation.headings if name != citation.title)
    lines = [
        f'<p class="cw-title" dir="auto">{literal(citation.title)}</p>',
        f'<p class="cw-path" dir="auto">{literal(path)}</p>' if path else "",
        f'<p class="cw-origin">{_origin(citation, strings)}</p>',
        _context(citation, spans),
    ]
    return f'<li value="{citation.number}">{"".join(lines)}</li>'


def _origin(citation: Citation, strings: Strings) -> str:
    """Publisher, date and the way to the source; the file's name where no publisher is known."""
    link = safe_link(citation.link)
    name = f"{literal(strings.read)} ↗{_hidden(' ' + strings.opens)}"
    read = f'<a href="{link}" target="_blank" rel="noopener">{name}</a>'
    who = f"<bdi>{literal(citation.publisher or citation.source)}</bdi>"
    page = literal(strings.page.format(citation.page)) if citation.page else ""
    told = " · ".join(part for part in (who, page, time_tag(citation.date)) if part)
    # Where the page is narrow the link has a line of its own, and nothing stands before it.
    return f'{told}<span class="cw-before"> · </span>{read}' if link else told


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


def _looked_for(answer: Answer, strings: Strings) -> str:
    """The words that were looked for; those that stand nowhere in the sources apart."""
    lines = ((strings.looked_for, answer.looked_for), (strings.not_found, answer.not_found))
    said = " ".join(_saying(said, literal(", ".join(words))) for said, words in lines if words)
    return f'<p class="cw-quiet">{said}</p>' if said else ""


def _contact(link: str, strings: Strings) -> str:
    if not link:
        return ""
    return f'<p class="cw-quiet"><a href="{literal(link)}">{literal(strings.contact)}</a></p>'


def _as_of(answer: Answer, strings: Strings) -> str:
    """When the sources were read, where that is known."""
    when = moment_tag(answer.built)
    return f'<p class="cw-quiet cw-as-of">{_saying(strings.as_of, when)}</p>' if when else ""


def _closest(passages: Sequence[Suggestion], generation: str, strings: Strings) -> str:
    said = f'<p class="cw-quiet">{literal(strings.closest)}</p>'
    return said + _links(passages, generation) if passages else ""


def _links(passages: Sequence[Suggestion], generation: str) -> str:
    if not passages:
        return ""
    links = "".join(
        f'<li><a href="{source_link(near.passage, generation)}" target="_blank" rel="noopener"'
        f' dir="auto">'
        f"{literal(near.text)}</a></li>"
        for near in passages
    )
    return f'<ul class="cw-closest">{links}</ul>'


def _disagreements(answer: Answer, strings: Strings) -> str:
    return "".join(_differ(differing, answer, strings) for differing in answer.disagreements)


def _differ(differing: Mapping[str, Any], answer: Answer, strings: Strings) -> str:
    """Each value with who says so, without a verdict."""
    cited = {citation.number: citation for citation in answer.citations}
    lines = []
    for value in differing["values"]:
        quotes = [answer.quotes[i] for i in value["quotes"]]
        who = ", ".join(_said_by(cited[quote.citation], strings) for quote in quotes)
        lines.append(f"<li><strong><bdi>{literal(value['value'])}</bdi></strong> {who}</li>")
    about = str(differing["about"])
    said = _saying(strings.differ, literal(strings.about.get(about, about)))
    return f'<div class="cw-differ"><p>{said}</p><ul>{"".join(lines)}</ul></div>'


def _said_by(citation: Citation, strings: Strings) -> str:
    who = f"<bdi>{literal(citation.publisher or citation.title or citation.source)}</bdi>"
    named = (who, time_tag(citation.date))
    return f"({', '.join(part for part in named if part)}){_number(citation, strings)}"
