"""The guard before every route: what may be asked for, how much sent, which headers go back."""

import re
from collections.abc import Sequence

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 64 * 1024  # bytes; a question has at most a few hundred characters

# Gradio starts from an inline script, so scripts cannot be limited further than to this host.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'self'; "
    "base-uri 'self'; form-action 'self'; object-src 'none'"
)
_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

# All that the page needs of Gradio, and our own routes. Uploads, file=, proxy=, the API's own
# description, run history, monitoring and whatever a later version adds stay shut.
_READABLE = re.compile(
    r"/|/healthz|/source/.+|/citewell/[\w.-]+|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json"
    r"|/assets/.+|/static/.+"
    r"|/gradio_api/(queue/data|startup-events|app_id|theme\.css|heartbeat/\w+)"
)
_WRITABLE = re.compile(r"/gradio_api/(queue/join|cancel|reset)/?")


def secure(app: FastAPI, hosts: Sequence[str] = ()) -> None:
    """Put the guard before `app`. `hosts` are the names it answers to; none given, to any.

    CORS is always on and lets nobody in, because Gradio alone would reflect any origin.
    """
    app.add_middleware(Guard)
    app.add_middleware(CORSMiddleware, allow_origins=[])
    if hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_middleware(HeaderGuard)  # the last added is the outermost: it sees every refusal
    app.add_exception_handler(Exception, _failed)


def _failed(_request: Request, _error: Exception) -> PlainTextResponse:
    """Answers outside of every middleware, so it brings the headers itself."""
    return PlainTextResponse("Internal Server Error", status_code=500, headers=_HEADERS)


class HeaderGuard:
    """ASGI middleware: the headers on every response, whoever gave it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add what its response lacks."""
        await self._app(scope, receive, _with_headers(send))


class Guard:
    """ASGI middleware: an allowlist of routes and a cap on bodies."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an allowed request on; answer any other here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._respond(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _refusal(scope["method"], scope["path"])
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        try:
            body = b"" if scope["method"] in ("GET", "HEAD") else await _read(scope, receive)
        except ClientDisconnect:
            return  # half a body is no request, and nobody waits for a response
        if body is None:
            await PlainTextResponse("Too long", status_code=413)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


def _refusal(method: str, path: str) -> PlainTextResponse | None:
    readable, writable = _READABLE.fullmatch(path), _WRITABLE.fullmatch(path)
    if not readable and not writable:
        return PlainTextResponse("Not found", status_code=404)
    allowed = ("GET", "HEAD") if readable else ("POST",)
    if method not in allowed:
        headers = {"Allow": ", ".join(allowed)}
        return PlainTextResponse("Not allowed", status_code=405, headers=headers)
    return None


async def _read(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, or None once it is longer than the cap; never more than the cap is held.

    Raises ClientDisconnect where the client leaves before the end of it.
    """
    declared = Headers(scope=scope).get("content-length", "0")
    if declared.isdecimal() and int(declared) > BODY_LIMIT:
        return None
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > BODY_LIMIT:
            return None
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


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
