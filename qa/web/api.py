"""One application: the guard, the source view, the page and a sign of life."""

from collections.abc import Callable, Mapping, Sequence

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response

from qa.journal import Journal
from qa.web.engine import Engine
from qa.web.page import mount_page
from qa.web.security import secure
from qa.web.source import ASSETS, source_routes

_TYPES: Mapping[str, str] = {
    "icon.svg": "image/svg+xml",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "source.css": "text/css",
}
_HEAD = """
<link rel="icon" href="/citewell/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/citewell/page.css">
<script src="/citewell/page.js" defer></script>
"""


def create_app(engine: Engine, journal: Journal, hosts: Sequence[str] = ()) -> FastAPI:
    """The application to serve. `hosts` are the names it answers to; none given, to any."""
    app = FastAPI(title="Citewell", docs_url=None, redoc_url=None, openapi_url=None)
    secure(app, hosts)
    app.include_router(source_routes(engine))
    app.add_api_route("/healthz", _health(engine))
    app.add_api_route("/citewell/{name}", _asset, response_class=FileResponse)
    return mount_page(app, engine, journal, head=_HEAD)


def _health(engine: Engine) -> Callable[[], dict[str, str]]:
    def health() -> dict[str, str]:
        return {"status": "ok", "generation": engine.knowledge.generation}

    return health


def _asset(name: str) -> Response:
    """One of the page's own files, by name; no other file can be asked for."""
    if name not in _TYPES:
        return PlainTextResponse("Not found", status_code=404)
    return FileResponse(ASSETS / name, media_type=_TYPES[name])
