"""For a site: an FAQPage of schema.org, alone or in a page that shows it, and Markdown."""

import json
from collections.abc import Sequence
from html import escape

from index.documents import Document
from qa.export.markup import marked_up, text_in_html
from qa.export.styled import escaped, heading, styled
from qa.export.written import Written, faq_entries, of_entries

# None of these may stand in a script as it is: `</script>` ends it, `<!--` hides its end.
_IN_SCRIPT = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
_SHARED = ("publisher", "url", "date", "language")
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Questions and answers</title>
<script type="application/ld+json">
{data}</script>
</head>
<body>
<main>
<h1>Questions and answers</h1>
{entries}</main>
</body>
</html>
"""


def json_ld(documents: Sequence[Document]) -> Written:
    """The entries as an FAQPage; safe to paste between the tags of a script."""
    entries = faq_entries(documents)
    return of_entries(_linked(entries), len(entries), documents)


def html(documents: Sequence[Document]) -> Written:
    """A page that unfolds the answers and carries the same FAQPage."""
    entries = faq_entries(documents)
    page = _PAGE.format(
        language=escape(_shared(entries).get("language", "")),
        data=_linked(entries),
        entries="".join(map(_details, entries)),
    )
    return of_entries(page, len(entries), documents)


def markdown(documents: Sequence[Document]) -> Written:
    """A heading for each question; what all entries share stands in the front matter."""
    entries = faq_entries(documents)
    head = ["---", "kind: faq"]
    head += [f"{name}: {json.dumps(value)}" for name, value in _shared(entries).items()]
    parts = ["\n".join([*head, "---"]), *map(_section, entries)]
    return of_entries("\n\n".join(parts) + "\n", len(entries), documents)


def _shared(entries: Sequence[Document]) -> dict[str, str]:
    """The fields that have the same value in all entries, one that says something."""
    values = {name: {getattr(entry, name) for entry in entries} for name in _SHARED}
    return {
        name: only for name, found in values.items() for only in found if len(found) == 1 if only
    }


def _linked(entries: Sequence[Document]) -> str:
    page = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [*map(_question, entries)],
    }
    return json.dumps(page, ensure_ascii=False, indent=1).translate(_IN_SCRIPT) + "\n"


def _question(entry: Document) -> dict[str, object]:
    publisher = {"@type": "Organization", "name": entry.publisher} if entry.publisher else None
    said: dict[str, object] = {
        "@type": "Question",
        "identifier": entry.id,
        "name": text_in_html(entry.title),
        "alternateName": [*map(text_in_html, entry.alternates)],
        "acceptedAnswer": {"@type": "Answer", "text": marked_up(entry)},
        "publisher": publisher,
        "url": entry.url,
        "datePublished": entry.date,
        "inLanguage": entry.language,
        "keywords": [*entry.tags],
    }
    return {name: value for name, value in said.items() if value}


def _details(entry: Document) -> str:
    return (
        f"<details><summary>{text_in_html(entry.title)}</summary>\n{marked_up(entry)}\n</details>\n"
    )


def _section(entry: Document) -> str:
    also = (
        [f"Also asked as: {' | '.join(map(escaped, entry.alternates))}"] if entry.alternates else []
    )
    return "\n\n".join([heading(entry.title, 2), *also, styled(entry, headings=False)])
