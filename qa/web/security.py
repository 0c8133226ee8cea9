"""The guard before every route: what may be asked for, how much sent, which headers go back."""

import asyncio
import logging
import math
import re
from collections.abc import Mapping, Sequence

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.limits import Buckets, Limits, Rate, client_name
from qa.web.origins import Origins
from qa.web.problems import (
    BAD_REQUEST,
    FAILED,
    LONG_HEADERS,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_JSON,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    Problem,
    request_id,
)
from qa.web.sub_path import SubPath
from qa.web.widget_routes import PATHS

_log = logging.getLogger(__name__)

BODY_LIMIT = 64 * 1024  # bytes; a question has at most a few hundred characters, its turns more
BODY_SECONDS = 10.0  # for the whole of a body
HEADER_LIMIT = 32 * 1024  # bytes; browsers send one or two thousand
MOST_PARAMETERS = 50  # in an address; ours take four
MOST_DIGITS = 20  # of a declared length
PAGE_EVENTS = 4  # that a reader of the page sends for each question: it, feedback, a new start
GZIP_FROM = 1024  # bytes; what is shorter fits in one packet as it is

# Gradio starts from an inline script, so scripts cannot be limited further than to this host.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'self'; "
    "base-uri 'self'; form-action 'self'; object-src 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,64}")

# Our own routes, and all that the page needs of Gradio. Uploads, file=, proxy=, the API's own
# description, run history, monitoring and whatever a later version adds stay shut.
_OWN = re.compile(
    r"/healthz|/readyz|/openapi\.json|/api|/api/suggest|/api/sources/.+|/source/.+"
    r"|/inspect|/citewell/[\w.-]+|" + "|".join(map(re.escape, PATHS))
)
_READABLE = re.compile(
    r"/|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json|/assets/.+|/static/.+"
    r"|/gradio_api/(queue/data|startup-events|app_id|theme\.css|heartbeat/\w+)"
)
_LASTING = re.compile(r"/gradio_api/(queue/data|heartbeat/\w+)")  # what these send has no end
MCP = "/gradio_api/mcp"  # stateless: every message is a POST of its own
REBUILD = "/api/admin/rebuild"
# An owner's script that looks every second is let, one that guesses tokens gets nowhere.
_ADMIN_RATE = Rate(per_second=1, burst=30)
_JSON_ROUTES = ("/api/ask", "/api/feedback")
_WRITABLE = re.compile(r"/api/(ask|feedback)|/gradio_api/(queue/join|cancel|reset)/?")


def secure(
    app: FastAPI,
    hosts: Sequence[str] = (),
    origins: Sequence[str] = (),
    limits: Limits | None = None,
    *,
    frames: Sequence[str] = (),
    root_path: str = "",
    mcp: bool = False,
    admin: bool = False,
) -> None:
    """Put the guard before `app`. `hosts` are the names it answers to; none given, to any.

    Pages of `origins` may use the API, pages of `frames` may frame ours. CORS is always on and lets
    nobody in, because Gradio alone would reflect any origin. `mcp` and `admin` open the doors of
    those names.
    """
    app.add_middleware(Guard, limits=limits or Limits(), mcp=mcp, admin=admin)
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(Origins, listed=origins)
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_FROM, compresslevel=6)
    if hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    if root_path:
        app.add_middleware(SubPath, root=root_path)
    app.add_middleware(
        HeaderGuard, frames=frames
    )  # the last added is the outermost: it sees every refusal


class HeaderGuard:
    """ASGI middleware: the headers on every response, whoever gave it; a name for every request."""

    def __init__(self, app: ASGIApp, frames: Sequence[str] = ()) -> None:
        self._app = app
        policy = PAGE_POLICY.replace("ancestors 'self'", " ".join(("ancestors 'self'", *frames)))
        self._headers = {"Content-Security-Policy": policy, **_HEADERS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add what its response lacks."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        if _REQUEST_ID.fullmatch(asked):
            scope["citewell.request_id"] = asked
        headers = {"X-Request-Id": request_id(scope), **self._headers}
        await self._app(scope, receive, _with_headers(send, headers))


class Guard:
    """ASGI middleware: an allowlist of routes, a rate for each client, a cap on bodies.

    What breaks behind it is told as a problem and written to the log, with the request's name.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: Limits | None = None,
        mcp: bool = False,
        admin: bool = False,
    ) -> None:
        self._app = app
        self._doors: dict[str, tuple[str, ...]] = {}
        if mcp:
            self._doors |= {MCP: ("POST",), f"{MCP}/": ("POST",)}
        if admin:
            self._doors[REBUILD] = ("GET", "HEAD", "POST")
        limits = limits or Limits()
        self._buckets = {
            "/api/ask": Buckets(limits.ask),
            "/api/suggest": Buckets(limits.suggest),
            "/api/feedback": Buckets(limits.feedback),
            "/api/sources/": Buckets(limits.sources),
            "/source/": Buckets(limits.sources),
            "/inspect": Buckets(limits.ask),
            "/gradio_api/queue/join": Buckets(limits.ask.times(PAGE_EVENTS)),
            MCP: Buckets(limits.ask),
            REBUILD: Buckets(_ADMIN_RATE),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an allowed request on; answer any other here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._respond(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            _check_route(scope, self._doors)
            self._check_rate(scope)
            body = b"" if scope["method"] in ("GET", "HEAD") else await _read(scope, receive)
            await self._serve(scope, _replay(body, receive), send)
        except Problem as problem:
            await problem.response(scope)(scope, receive, send)
        except ClientDisconnect:
            return  # half a body is no request, and nobody waits for a response

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the application answer; HEAD is GET without the body."""
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        if scope["method"] == "HEAD" and not _LASTING.fullmatch(scope["path"]):
            scope = {**scope, "method": "GET"}  # the server leaves the body out
        try:
            await self._app(scope, receive, sending)
        except (Problem, ClientDisconnect):
            raise
        except Exception as error:
            if started:
                raise
            _log.exception("request %s failed", request_id(scope))
            raise Problem(FAILED, "something broke here; the server's log says what") from error

    def _check_rate(self, scope: Scope) -> None:
        """Raise Problem where the client has asked too often."""
        client = client_name((scope.get("client") or ("",))[0])
        for path, buckets in self._buckets.items():
            if scope["path"].startswith(path) and (seconds := buckets.take(client)):
                wait = str(math.ceil(seconds))
                told = f"too many requests; try again in {wait} s"
                raise Problem(TOO_MANY, told, {"Retry-After": wait})


def _methods(path: str, doors: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """How an address may be asked for; none where there is nothing."""
    if _OWN.fullmatch(path) or _READABLE.fullmatch(path):
        return ("GET", "HEAD")
    if _WRITABLE.fullmatch(path):
        return ("POST",)
    return doors.get(path, ())


def _check_route(scope: Scope, doors: Mapping[str, Sequence[str]]) -> None:
    """Raise Problem for what is not there, or is not asked for as it has to be."""
    method, path = scope["method"], scope["path"]
    allowed = _methods(path, doors)
    if not allowed:
        raise Problem(NOT_FOUND, "there is nothing at this address")
    if method not in allowed:
        names = ", ".join(allowed)
        raise Problem(NOT_ALLOWED, f"this address takes {names}", {"Allow": names})
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADER_LIMIT:
        raise Problem(LONG_HEADERS, f"the headers may have {HEADER_LIMIT:,} bytes at most")
    if scope.get("query_string", b"").count(b"&") >= MOST_PARAMETERS:
        told = f"the address has more than {MOST_PARAMETERS} parameters"
        raise Problem(BAD_REQUEST, told)
    media = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    if path in _JSON_ROUTES and media != "application/json":
        raise Problem(NOT_JSON, "send JSON, with Content-Type: application/json")


async def _read(scope: Scope, receive: Receive) -> bytes:
    """The whole body; never more than the cap is held.

    Raises Problem where it is too long or too slow, and ClientDisconnect where the client leaves
    before the end of it.
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read_all(scope, receive)
    except TimeoutError as error:
        told = f"the body did not arrive within {BODY_SECONDS:g} s"
        raise Problem(TOO_SLOW, told, {"Connection": "close"}) from error


async def _read_all(scope: Scope, receive: Receive) -> bytes:
    declared = Headers(scope=scope).get("content-length", "0")
    long = Problem(
        TOO_LARGE, f"the body may have {BODY_LIMIT:,} bytes at most", {"Connection": "close"}
    )
    if declared.isdecimal() and (len(declared) > MOST_DIGITS or int(declared) > BODY_LIMIT):
        raise long
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > BODY_LIMIT:
            raise long
        if not message.get("more_body"):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """`receive` that gives `body` once, then what the client does next."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


def _with_headers(send: Send, ours: Mapping[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for header, value in ours.items():
                headers.setdefault(header, value)
        await send(message)

    return sending
