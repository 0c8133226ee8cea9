"""Exports of QnABot: `{"qna": [{"qid": …, "q": […], "a": …}]}`."""

from collections.abc import Sequence

from index.readers.draft import one_line
from index.readers.fields import Record, plain_value, read_fields
from index.readers.harvest import Harvest
from index.readers.pairs import Pair, add_pairs

KEY = "qna"
BRACES = "{{"  # opens what Handlebars fills in
_NO_HITS = ("no_hits", "no_verified_hits")
_TEMPLATE = (
    "this answer has Handlebars ({{…}}), which would be quoted as it stands; write out what it "
    "says or remove the entry"
)
_HOOK = (
    "a function (l) may change this answer before it is shown; write out what it says and empty l, "
    "or remove the entry"
)


def is_qnabot(data: object) -> bool:
    """Whether this JSON is an export of QnABot."""
    return isinstance(data, dict) and isinstance(data.get(KEY), list)


def add_qnabot(records: Sequence[object], lines: Sequence[int], harvest: Harvest) -> None:
    """Add the entries; `lines` are those of the records. The answer is that for the web, if any."""
    pairs = (_pair(record, line) for record, line in zip(records, lines, strict=True))
    add_pairs(pairs, harvest)


def _pair(record: object, line: int) -> Pair:
    item: Record = record if isinstance(record, dict) else {}
    asked = item.get("q")
    questions = [q for q in asked if isinstance(q, str)] if isinstance(asked, list) else []
    written = item.get("alt")
    markdown = written.get("markdown") if isinstance(written, dict) else None
    styled = isinstance(markdown, str) and bool(markdown.strip())
    answer = markdown if styled else plain_value(item.get("a")) or ""
    tags = [*_texts(item.get("t")), *_texts(item.get("tags"))]
    known = {"id": plain_value(item.get("qid")) or "", "tags": tags}
    return Pair(
        tuple(questions),
        str(answer),
        line,
        read_fields(known, lambda *_: None),
        markdown=styled,
        unread=_unread(item, questions),
        broken=_broken(item, str(answer)),
    )


def _unread(item: Record, questions: Sequence[str]) -> str:
    kind = plain_value(item.get("type")) or "qna"
    if kind != "qna":
        return f"of type {one_line(kind)[:40]}, not qna"
    if questions and all(q.strip().startswith(_NO_HITS) for q in questions):
        return "what QnABot says when it finds nothing"
    return ""


def _broken(item: Record, answer: str) -> str:
    if BRACES in answer:
        return _TEMPLATE
    hook = item.get("l")
    return _HOOK if isinstance(hook, str) and hook.strip() else ""


def _texts(value: object) -> list[str]:
    return value.split(",") if isinstance(value, str) else []
