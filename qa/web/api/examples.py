"""What the description shows of each route: examples, and the problems it may answer with."""

from typing import Any

from qa.live import UNREBUILT
from qa.web import problems
from qa.web.api import models
from qa.web.problems import Kind, Problem

QUESTION = "How do most people leave?"
PASSAGE = "faq:1"
_TEXT = "Most people leave through the north."
SUGGESTION = {"text": QUESTION, "passage": PASSAGE}
ANSWER: dict[str, Any] = {
    "id": "3f2b8c91d07e",
    "question": QUESTION,
    "answering": None,
    "status": "answered",
    "text": _TEXT,
    "quotes": [
        {"text": _TEXT, "passage": PASSAGE, "start": 0, "end": len(_TEXT), "citation": 1},
    ],
    "citations": [
        {
            "number": 1,
            "passage": PASSAGE,
            "document": PASSAGE,
            "kind": "faq",
            "title": QUESTION,
            "publisher": "International Desk",
            "date": "2025-10-19",
            "url": "",
            "link": f"/source/faq%3A1?start=0&end={len(_TEXT)}&g=gen-1&is=b703027d#quote",
            "source": "faq.md",
            "headings": [],
            "header": "",
            "context": _TEXT,
            "page": None,
        }
    ],
    "confidence": 0.93,
    "generation": "gen-1",
    "took_ms": 4.2,
    "disagreements": [],
    "choices": [],
    "nearest": [],
    "related": [],
    "reply": "",
    "warning": "",
    "looked_for": [],
    "not_found": [],
    "built": "2026-11-27T09:30:00+00:00",
}
ABSTENTION = ANSWER | {
    "question": "What does a ticket cost?",
    "status": "abstained",
    "text": "",
    "quotes": [],
    "citations": [],
    "confidence": 0.08,
    "nearest": [SUGGESTION],
    "looked_for": ["ticket", "cost"],
    "not_found": ["ticket"],
}
ASK = {
    "question": QUESTION,
    "history": [
        {"role": "user", "content": "Who guards the border?"},
        {"role": "assistant", "content": "Two armies guard it."},
    ],
    "filters": {"kind": ["faq"], "language": ["en"]},
    "k": 3,
}
FEEDBACK = {"answer": ANSWER["id"], "verdict": "wrong-source", "comment": "It says nothing of it."}
SOURCE = {
    "passage": PASSAGE,
    "text": _TEXT,
    "sentences": [{"start": 0, "end": len(_TEXT)}],
    "headings": [],
    "header": "",
    "link": "/source/faq%3A1?start=0&end=36&g=gen-1&is=b703027d#quote",
    "document": {
        "id": PASSAGE,
        "kind": "faq",
        "title": QUESTION,
        "publisher": "International Desk",
        "date": "2025-10-19",
        "url": "",
        "language": "en",
        "tags": ["travel"],
        "source": "faq.md",
    },
    "generation": "gen-1",
    "built": ANSWER["built"],
}
ALIVE: dict[str, Any] = {
    "status": "ok",
    "generation": "gen-1",
    "built": ANSWER["built"],
    "degraded": False,
    "reason": "",
}
DEGRADED = ALIVE | {"degraded": True, "reason": UNREBUILT}
IDLE: dict[str, Any] = {
    "state": "idle",
    "done": 0,
    "total": 0,
    "last": {
        "generation": "gen-1",
        "counts": {"faq_entries": 6, "articles": 3, "passages": 43, "new": 2, "removed": 1},
        "problems": [],
        "seconds": 4.1,
        "error": "",
        "asked_by": "admin",
        "ended": "2026-11-27T09:30:04+00:00",
    },
    "generation": "gen-1",
    "built": ANSWER["built"],
    "trouble": "",
}
RUNNING = IDLE | {"state": "running", "done": 64, "total": 180, "last": None}
REQUESTS: dict[str, dict[str, Any]] = {"ask": ASK, "feedback": FEEDBACK}
_DETAILS = {
    problems.BAD_REQUEST.name: "the body is not JSON",
    problems.FOREIGN.name: "this site does not take questions from there; its owner can with "
    "--allow-origin",
    problems.NOT_FOUND.name: "there is nothing at this address",
    problems.NOT_ALLOWED.name: "this address takes POST",
    problems.TOO_SLOW.name: "the body did not arrive within 10 s",
    problems.TOO_LARGE.name: "the body may have 65,536 bytes at most",
    problems.NOT_JSON.name: "send JSON, with Content-Type: application/json",
    problems.INVALID.name: "question: the question is empty; type one",
    problems.LONG_HEADERS.name: "the headers may have 32,768 bytes at most",
    problems.TOO_MANY.name: "too many requests; try again in 1 s",
    problems.FAILED.name: "something broke here; the server's log says what",
    problems.BUSY.name: "too many questions are waiting; ask again in a moment",
    problems.NOT_READY.name: "the model could not be loaded",
    problems.UNAUTHORIZED.name: "send the server's admin_token as Authorization: Bearer …",
    problems.RUNNING.name: "a rebuild is running; GET this address to see how far it is",
    problems.NOT_SAVED.name: "the feedback could not be written and is not kept; send it again "
    "later",
}
_ALWAYS = (problems.BAD_REQUEST, problems.LONG_HEADERS, problems.FAILED)
_ANY = (*_ALWAYS, problems.FOREIGN, problems.TOO_MANY)
_ADMIN = (*_ANY, problems.UNAUTHORIZED)
_BODIES = (problems.TOO_SLOW, problems.TOO_LARGE)
_BODY = (problems.TOO_SLOW, problems.TOO_LARGE, problems.NOT_JSON, problems.INVALID)
_OPERATIONS: dict[str, tuple[tuple[Kind, ...], type[Any] | None, dict[str, Any]]] = {
    "ask": (
        (*_ANY, *_BODY, problems.BUSY),
        models.AnswerReply,
        {"answered": ANSWER, "abstained": ABSTENTION},
    ),
    "feedback": ((*_ANY, problems.NOT_FOUND, *_BODY, problems.NOT_SAVED), None, {}),
    "suggest": (
        (*_ANY, problems.INVALID),
        models.SuggestReply,
        {"suggestions": {"suggestions": [SUGGESTION]}},
    ),
    "sources": (
        (*_ANY, problems.NOT_FOUND),
        models.SourceReply,
        {"passage": SOURCE},
    ),
    "healthz": (_ALWAYS, models.Alive, {"alive": ALIVE, "degraded": DEGRADED}),
    "readyz": (
        (*_ALWAYS, problems.NOT_READY),
        models.Alive,
        {"ready": ALIVE},
    ),
    "rebuild": (
        (*_ADMIN, *_BODIES, problems.RUNNING),
        models.RebuildReply,
        {"started": RUNNING},
    ),
    "rebuild_state": (_ADMIN, models.RebuildReply, {"idle": IDLE, "running": RUNNING}),
}


def documented(name: str, status: int = 200) -> dict[str, Any]:
    """What a route's decorator takes: its name, what it answers with, and an example of each.

    `status` is that of an answer with a body.
    """
    kinds, model, examples = _OPERATIONS[name]
    responses: dict[int | str, Any] = {kind.status: _problem(kind) for kind in kinds}
    if model is not None:
        shown = {key: {"value": value} for key, value in examples.items()}
        responses[status] = {"model": model, "content": {"application/json": {"examples": shown}}}
    extra: dict[str, Any] = {}
    if name in REQUESTS:
        extra = {"requestBody": {"content": {"application/json": {"example": REQUESTS[name]}}}}
    return {
        "operation_id": name,
        "response_model": model,
        "responses": responses,
        "openapi_extra": extra,
    }


def _problem(kind: Kind) -> dict[str, Any]:
    """One problem as a response, with an example."""
    example = Problem(kind, _DETAILS[kind.name]).to_dict("0f3a5d1c9b7e4862a1c3e5f708192a3b")
    schema = {"$ref": "#/components/schemas/ProblemReply"}
    shown: dict[str, Any] = {
        "description": f"{kind.title}. {kind.meaning}",
        "content": {problems.MEDIA_TYPE: {"schema": schema, "example": example}},
    }
    if kind.status in (429, 503):
        text = "In how many seconds to try again."
        shown["headers"] = {
            "Retry-After": {"required": True, "description": text, "schema": {"type": "integer"}}
        }
    return shown
