"""One application: the guard, the API, the source view, the page and the widget's files."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException

from qa.journal import Journal
from qa.live import Live
from qa.web import problems
from qa.web.api.admin import Admin, admin_routes
from qa.web.api.description import VERSION, description_routes
from qa.web.api.routes import api_routes
from qa.web.engine import Engine, Serving
from qa.web.inspector import inspector_routes
from qa.web.limits import Desk, Limits
from qa.web.page import mount_page
from qa.web.problems import NOT_FOUND, Problem
from qa.web.security import secure
from qa.web.source import ASSETS, source_routes
from qa.web.widget_routes import widget_routes

_TYPES: Mapping[str, str] = {
    "api.css": "text/css",
    "icon.svg": "image/svg+xml",
    "inspector.css": "text/css",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "source.css": "text/css",
}
_HEAD = """
<link rel="icon" href="{root}/citewell/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{root}/citewell/page.css">
<script src="{root}/citewell/page.js" defer></script>
"""


def create_app(
    engine: Engine | Live[Any],
    journal: Journal,
    hosts: Sequence[str] = (),
    *,
    origins: Sequence[str] = (),
    frames: Sequence[str] = (),
    limits: Limits | None = None,
    root_path: str = "",
    title: str = "Citewell",
    contact: str = "",
    inspector: bool = False,
    mcp: bool = False,
    admin: Admin | None = None,
) -> FastAPI:
    """The application to serve, under `root_path` of its site.

    An `engine` that is to be replaced while it serves comes as `Live`. `admin` opens
    `/api/admin/rebuild`.

    `hosts` are the names it answers to; none given, to any. Pages of `origins`, each as in
    `https://www.example.org`, may use the API, those of `frames` may frame the chat page. `contact`
    is a link for readers whose question the sources don't answer. With `inspector` anyone who may
    ask may also see at `/inspect` why an answer is what it is; with `mcp` programs may ask at
    `/gradio_api/mcp/`.
    """
    limits = limits or Limits()
    live: Serving = engine if isinstance(engine, Live) else Live(engine)
    app = FastAPI(
        title="Citewell", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None
    )
    secure(
        app,
        hosts,
        origins,
        limits,
        frames=frames,
        root_path=root_path,
        mcp=mcp,
        admin=admin is not None,
    )
    _tell_problems(app)
    api = api_routes(live, journal, Desk(limits.workers, limits.waiting))
    if admin:
        api.include_router(admin_routes(live, admin))
    app.include_router(api)
    app.include_router(description_routes(api, root_path))
    app.include_router(source_routes(live))
    app.include_router(widget_routes(origins, contact))
    if inspector:
        app.include_router(inspector_routes(live))
    app.add_api_route("/citewell/{name}", _asset, response_class=FileResponse)
    head = _HEAD.format(root=root_path)
    return mount_page(app, live, journal, head, title, contact=contact, mcp=mcp, limits=limits)


def _tell_problems(app: FastAPI) -> None:
    app.add_exception_handler(Problem, problems.on_problem)
    app.add_exception_handler(HTTPException, problems.on_http_error)
    app.add_exception_handler(RequestValidationError, problems.on_invalid)


def _asset(name: str) -> Response:
    """One of the page's own files, by name; no other file can be asked for."""
    if name not in _TYPES:
        raise Problem(NOT_FOUND, "there is nothing at this address")
    return FileResponse(ASSETS / name, media_type=_TYPES[name])
