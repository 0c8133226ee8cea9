"""Errors on the wire: RFC 9457 problems, each with a name that `/api` explains."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope

from index.errors import printable
from qa.web.faults import told
from qa.web.sub_path import root_of

MEDIA_TYPE = "application/problem+json"
# An answer for a program: nothing in it is to run or to be framed, whoever opens it.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of problem; `meaning` is what the documentation says of it."""

    name: str
    status: int
    title: str
    meaning: str


BAD_REQUEST = Kind(
    "bad-request", 400, "Not understood", "The body is not JSON, or the address has too much in it."
)
UNAUTHORIZED = Kind(
    "unauthorized", 401, "Not for everybody", "The token is missing or wrong; see WWW-Authenticate."
)
FOREIGN = Kind(
    "foreign-origin",
    403,
    "Not for this site",
    "The page that asks is not ours and not one given with --allow-origin.",
)
NOT_FOUND = Kind("not-found", 404, "Not found", "There is nothing of that name here.")
NOT_ALLOWED = Kind(
    "method-not-allowed", 405, "Not allowed", "The address takes other methods; see Allow."
)
TOO_SLOW = Kind("too-slow", 408, "Too slow", "The body did not arrive in time.")
RUNNING = Kind("running", 409, "Running already", "One at a time; wait until it has ended.")
TOO_LARGE = Kind("too-large", 413, "Too large", "The body is longer than is read.")
NOT_JSON = Kind("not-json", 415, "Not JSON", "The body's Content-Type is not application/json.")
INVALID = Kind("invalid", 422, "Not usable", "A field is missing, unknown, or not what it may be.")
LONG_HEADERS = Kind("long-headers", 431, "Headers too long", "The headers are longer than is read.")
TOO_MANY = Kind(
    "too-many", 429, "Too many requests", "This client asks too often; try after Retry-After."
)
FAILED = Kind("failed", 500, "Failed", "Something broke on the server, whose log says what.")
BUSY = Kind("busy", 503, "Busy", "Too many questions are waiting; try after Retry-After.")
NOT_READY = Kind("not-ready", 503, "Not ready", "No question can be answered yet.")
NOT_SAVED = Kind("not-saved", 503, "Not saved", "Feedback could not be written; it is not kept.")

KINDS = (
    BAD_REQUEST,
    UNAUTHORIZED,
    FOREIGN,
    NOT_FOUND,
    NOT_ALLOWED,
    TOO_SLOW,
    RUNNING,
    TOO_LARGE,
    NOT_JSON,
    INVALID,
    TOO_MANY,
    LONG_HEADERS,
    FAILED,
    BUSY,
    NOT_READY,
    NOT_SAVED,
)
_BY_STATUS = {kind.status: kind for kind in (*KINDS, BUSY)}


class Problem(Exception):
    """A request that gets no answer: `detail` says why, and what to do."""

    def __init__(self, kind: Kind, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = printable(detail)
        self.headers = headers or {}

    def response(self, scope: Scope) -> Response:
        """What is sent back for the request of `scope`."""
        body = self.to_dict(request_id(scope), root_of(scope))
        headers = {**HEADERS, **self.headers}
        return Response(json.dumps(body), self.kind.status, headers, MEDIA_TYPE)

    def to_dict(self, request: str, root: str = "") -> dict[str, Any]:
        """The wire form; `root` is the path that the site is served under."""
        return {
            "type": f"{root}/api#{self.kind.name}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "request_id": request,
        }


def request_id(scope: Scope) -> str:
    """The name of a request: the one that it has been given, or a new one."""
    name: str = scope.setdefault("citewell.request_id", uuid4().hex)
    return name


async def on_problem(request: Request, error: Exception) -> Response:
    """Send a `Problem` that a route raised."""
    assert isinstance(error, Problem)  # noqa: S101 (it is registered for no other)
    return error.response(request.scope)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Send what the framework refuses by itself."""
    assert isinstance(error, HTTPException)  # noqa: S101
    kind = _BY_STATUS.get(error.status_code, FAILED)
    return Problem(kind, str(error.detail), error.headers).response(request.scope)


async def on_invalid(request: Request, error: Exception) -> Response:
    """Send what is wrong with a body or a query: 400 where it cannot be read, else 422."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return Problem(BAD_REQUEST, "the body is not JSON").response(request.scope)
    return Problem(INVALID, told(faults)).response(request.scope)


async def on_unknown(_request: Request, _error: Exception) -> Response:
    """An event that the page has not: Gradio looks it up in a dict."""
    return PlainTextResponse("Not found", status_code=404)


ON_ERROR: dict[Any, Any] = {
    Problem: on_problem,
    HTTPException: on_http_error,
    RequestValidationError: on_invalid,
}
# What Gradio says of what it cannot read repeats it, and breaks where it holds half a character.
ON_GRADIO: dict[Any, Any] = {KeyError: on_unknown, RequestValidationError: on_invalid}
