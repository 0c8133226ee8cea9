"""The fields of a question set, by any common spelling."""

import re
from collections.abc import Iterable

SPELLINGS: dict[str, tuple[str, ...]] = {
    "id": ("id", "qid", "queryid", "questionid"),
    "question": ("question", "q", "query", "text", "userinput", "prompt"),
    "sources": (
        *("sources", "source", "expectedsource", "expectedsources", "expectedids", "passageids"),
        *("relevant", "relevantids", "referencecontextids", "docid", "expecteddocument"),
    ),
    "answers": (
        *("answers", "answer", "expectedanswer", "expectedanswers", "reference", "groundtruth"),
        *("goldanswer", "goldanswers"),
    ),
    "answerable": ("answerable", "isanswerable", "hasanswer"),
    "unanswerable": ("unanswerable", "isimpossible"),
    "tags": ("tags", "tag", "category", "categories", "topic"),
    "kind": ("kind",),
    "like": ("like",),
    "history": ("history",),
}
"""Field name → its spellings; case, spaces, `_` and `-` do not matter."""

_NAMES = {spelling: name for name, spellings in SPELLINGS.items() for spelling in spellings}


def field_name(spelling: str) -> str:
    """The field that goes by this spelling, or `""`."""
    return _NAMES.get(re.sub(r"[\s_-]", "", spelling).casefold(), "")


def by_field(spellings: Iterable[str]) -> dict[str, list[str]]:
    """Field name → those of `spellings` that stand for it; under `""` those that are not read."""
    found: dict[str, list[str]] = {}
    for spelling in spellings:
        found.setdefault(field_name(spelling), []).append(spelling)
    return found
