"""What each field means that goes in or out, for those that do not say it where they are made."""

from collections.abc import Mapping
from typing import Any

_PASSAGE = "The passage's id, for `/api/sources/{passage}`."
_WHEN = "As the source gives it: a day, a month or a year, as in 2025-10-19; may be empty."
_ADDRESS = "The source's own web address; may be empty."
_LANGUAGE = "ISO 639-1, as in `en`; may be empty."
_BUILD = "Which build of the sources this is from."

MEANINGS: Mapping[str, Mapping[str, str]] = {
    "Alive": {"status": "Always `ok`.", "generation": "Which build of the sources answers."},
    "AnswerReply": {
        "id": "The answer's name, which feedback gives back.",
        "question": "The question, cleaned of invisible characters.",
        "status": "`answered`; `ask_back`, which of `choices` is meant; `abstained`, the sources "
        "do not say.",
        "quotes": "Words of sources, in the order to show them.",
        "citations": "Where the quotes stand, each with its number.",
        "confidence": "The probability that a passage answers the question.",
        "took_ms": "Milliseconds from the question to the answer.",
        "disagreements": "Where sources give different values for one thing.",
    },
    "Citation": {
        "number": "What `citation` of a quote gives, from 1.",
        "passage": _PASSAGE,
        "document": "The document's id.",
        "kind": "`faq` or `article`.",
        "title": "The article's title or the FAQ entry's question.",
        "publisher": "Who says it; may be empty.",
        "date": _WHEN,
        "url": _ADDRESS,
        "link": "Opens at the quoted words; may start with `/source/`, which is here.",
        "source": "The file it was read from.",
        "headings": "The headings above the passage, from the outermost.",
        "header": "A table's column names; empty where it is none.",
        "context": "The whole passage.",
        "page": "The page that the quoted paragraph begins on; null where there are no pages.",
    },
    "Difference": {
        "about": "What the values are of, as in `length`.",
        "values": "Each with the quotes that give it.",
    },
    "DifferingValue": {
        "value": "As a source says it, as in `248 km`.",
        "quotes": "Which of `quotes` give it, from 0.",
    },
    "FeedbackRequest": {
        "verdict": "`yes` or `no`, whether it helped; `wrong-source`, a source does not say it; "
        "`none-of-these`, no question offered is meant.",
        "comment": "In the reader's words.",
        "question": "As `question` of the answer.",
        "generation": "As `generation` of the answer.",
        "passages": "The passages that it quoted.",
    },
    "FilterValues": {
        "publisher": "As the sources name them.",
        "tags": "As the sources have them; one is enough.",
    },
    "ProblemReply": {
        "type": "The address of its row on `/api`.",
        "title": "What sort of problem it is.",
        "status": "As the response's own status.",
        "detail": "What went wrong, and what to do.",
        "request_id": "As `X-Request-Id`; the server's log has it too.",
    },
    "Quote": {
        "text": "Words of the source, verbatim.",
        "passage": _PASSAGE,
        "start": "Where they begin in the passage, in Unicode characters from 0.",
        "end": "Where they end: `context[start:end]` of the citation is `text`.",
        "citation": "The `number` of its citation.",
    },
    "RebuildReply": {
        "state": "Whether one runs now.",
        "last": "What the last one came to; null where there was none yet.",
    },
    "Report": {
        "seconds": "How long it took.",
        "error": "Why it failed; empty where it went well.",
    },
    "SourceDocument": {
        "id": "The document's id.",
        "kind": "`faq` or `article`.",
        "title": "The article's title or the FAQ entry's question.",
        "publisher": "Who says it; may be empty.",
        "date": _WHEN,
        "url": _ADDRESS,
        "language": _LANGUAGE,
        "tags": "What the source is filed under.",
        "source": "The file it was read from.",
    },
    "SourceReply": {
        "passage": _PASSAGE,
        "text": "The whole passage.",
        "document": "What its document says of itself.",
        "generation": _BUILD,
    },
    "Span": {"start": "The first character, from 0.", "end": "One past the last."},
    "SuggestReply": {"suggestions": "The likeliest first."},
    "Suggestion": {"text": "The question, or the passage's title.", "passage": _PASSAGE},
    "Turn": {
        "role": "`user` for the reader, `assistant` for the answer.",
        "content": "What was said.",
    },
}


def explained(schemas: Mapping[str, dict[str, Any]]) -> None:
    """Write the meanings into these schemas of a description in OpenAPI."""
    for name in MEANINGS.keys() & schemas.keys():
        for field, meaning in MEANINGS[name].items():
            schemas[name]["properties"][field]["description"] = meaning
