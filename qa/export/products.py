"""For other products: a table for QnA Maker and custom question answering, JSON for QnABot."""

import json
import re
from collections.abc import Iterator, Sequence

from index.documents import Document
from index.readers.fields import field_name
from index.readers.qnabot import BRACES, KEY
from qa.export.styled import styled
from qa.export.written import Written, faq_entries, of_entries
from qa.terminal import count

_COLUMNS = (
    *("Question", "Answer", "Source", "Metadata", "SuggestedQuestions", "IsContextOnly"),
    *("Prompts", "QnaId", "SourceDisplayName"),
)
_EDITORIAL = "Editorial"  # the product's name for what was written in it
_PAIR = re.compile(r"(\w+):([^:|,]+)")


def qnamaker(documents: Sequence[Document]) -> Written:
    """A row for each question, the rows of one entry under one number. Answers are Markdown."""
    entries = faq_entries(documents)
    rows = [_COLUMNS, *(row for n, entry in enumerate(entries, 1) for row in _rows(n, entry))]
    return of_entries("".join("\t".join(row) + "\n" for row in rows), len(entries), documents)


def qnabot(documents: Sequence[Document]) -> Written:
    """The entries as QnABot imports them, but those whose braces it would fill in."""
    found = faq_entries(documents)
    entries = [entry for entry in found if BRACES not in entry.text]
    text = json.dumps({KEY: [*map(_item, entries)]}, ensure_ascii=False, indent=1) + "\n"
    lost = len(found) - len(entries)
    what = count(lost, "entry", "entries")
    note = (f"{what} with {BRACES}, which QnABot would fill in; use jsonl",) if lost else ()
    return of_entries(text, len(entries), documents, note)


def _rows(number: int, entry: Document) -> Iterator[tuple[str, ...]]:
    answer = styled(entry, code=False).replace("\n", "\\n")
    metadata = "|".join(_metadata(entry))
    for question in entry.questions:
        yield (
            question.replace("\t", " "),
            answer,
            entry.url or _EDITORIAL,
            metadata,
            "[]",
            "False",
            "[]",
            str(number),
            entry.url or _EDITORIAL,
        )


def _metadata(entry: Document) -> Iterator[str]:
    """`name:value`, of values that may stand there; tags that are such pairs as they are."""
    for name in ("publisher", "date", "language"):
        if value := _plain(getattr(entry, name)):
            yield f"{name}:{value}"
    pairs = [tag for tag in entry.tags if _is_pair(tag)]
    yield from pairs
    if others := [_plain(tag).replace(",", " ") for tag in entry.tags if tag not in pairs]:
        yield f"tags:{','.join(others)}"


def _is_pair(tag: str) -> bool:
    match = _PAIR.fullmatch(tag)
    return match is not None and not field_name(match[1])


def _plain(value: str) -> str:
    return re.sub(r"[:|]", " ", value)


def _item(entry: Document) -> dict[str, object]:
    return {
        "qid": entry.id,
        "type": "qna",
        "q": [*entry.questions],
        "a": entry.text,
        "alt": {"markdown": styled(entry), "ssml": ""},
        "t": "",
        "tags": ",".join(tag.replace(",", " ") for tag in entry.tags),
    }
