"""Which pages may ask: our own and those of listed origins. Decided before anything runs.

CORS alone only keeps a page from reading the answer; the request has then already been served.
"""

import logging
from collections.abc import Collection, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import printable
from qa.web.problems import BAD_REQUEST, FOREIGN, Problem

_log = logging.getLogger(__name__)

OPEN = "/api/"  # what pages of listed origins may use
ADMIN = "/api/admin/"  # but this
_METHODS = ("GET", "HEAD", "POST")
_HEADERS = ("accept", "content-type", "x-request-id")
_SHOWN = "Content-Length, Retry-After, X-Request-Id"
_PREFLIGHT_SECONDS = "600"
_LOGGED = 100  # refused origins that are told of, each once
_PORTS = {"http://": ":80", "https://": ":443"}


class Origins:
    """ASGI middleware: refuses other sites' pages, and tells browsers which may read answers.

    Writing is refused everywhere, reading under `/api/` and of the Inspector. No credentials are
    ever allowed, so there is nothing to steal by asking in a visitor's name.
    """

    def __init__(self, app: ASGIApp, listed: Collection[str] = ()) -> None:
        self._app = app
        self._listed = frozenset(listed)
        self._refused: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may ask."""
        if scope["type"] != "http" or not _guarded(scope):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        listed = self._listed if _open(scope["path"]) else frozenset[str]()
        sending = _allowing(send, origin if origin in listed else "")
        if _foreign(headers, listed):
            self._log_once(origin)
            told = "this site does not take questions from there; its owner can with --allow-origin"
            await Problem(FOREIGN, told).response(scope)(scope, receive, sending)
        elif origin in listed and "access-control-request-method" in headers:
            await _preflight(headers, scope)(scope, receive, sending)
        else:
            await self._app(scope, receive, sending)

    def _log_once(self, origin: str) -> None:
        """Tell the owner: no browser shows a page's author why a request was refused."""
        if origin and origin not in self._refused and len(self._refused) < _LOGGED:
            self._refused.add(origin)
            _log.warning(
                "refused questions from %s; if it is yours, serve with --allow-origin %s",
                *[printable(origin)[:100]] * 2,
            )


def _open(path: str) -> bool:
    return path.startswith(OPEN) and not path.startswith(ADMIN)


def _guarded(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.startswith((OPEN, "/inspect")) or scope["method"] == "POST"


def _foreign(headers: Headers, listed: Collection[str]) -> bool:
    """Whether a page of a site that is neither ours nor listed is behind a request.

    Browsers say so themselves and let no page do it for them. Without their word a program asks,
    which could say anything; and whoever follows a link may read where it leads.
    """
    site = headers.get("sec-fetch-site", "none")
    named = headers.getlist("origin")
    if site == "same-origin":
        return False
    if named:
        return not all(origin in listed or _ours(origin, headers) for origin in named)
    return site in ("cross-site", "same-site") and headers.get("sec-fetch-mode") != "navigate"


def _ours(origin: str, headers: Headers) -> bool:
    """Whether it is the host that the request is for; which scheme, only the proxy knows."""
    for scheme, port in _PORTS.items():
        if origin.startswith(scheme):
            host = headers.get("host", "").lower().removesuffix(port)
            return bool(host) and origin.removeprefix(scheme).removesuffix(port) == host
    return False


def _preflight(headers: Mapping[str, str], scope: Scope) -> Response:
    """May this method and these headers be sent?"""
    wanted = headers["access-control-request-method"]
    names = headers.get("access-control-request-headers", "").lower().split(",")
    odd = [name.strip() for name in names if name.strip() and name.strip() not in _HEADERS]
    if wanted not in _METHODS or odd:
        told = f"only {', '.join(_METHODS)} with {', '.join(_HEADERS)} may be sent from there"
        return Problem(BAD_REQUEST, told).response(scope)
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Methods": ", ".join(_METHODS),
            "Access-Control-Allow-Headers": ", ".join(_HEADERS),
            "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
        },
    )


def _allowing(send: Send, origin: str) -> Send:
    """`send` that lets a page of this origin read what comes back; of none where it is empty."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "origin" not in headers.get("vary", "").lower():
                headers.add_vary_header("Origin")
            if origin:
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Expose-Headers"] = _SHOWN
        await send(message)

    return sending
