"""One application: the guard, the API, the source view, the page and the widget's files."""

from collections.abc import Mapping, Sequence

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException

from qa.journal import Journal
from qa.web import problems
from qa.web.api.description import VERSION, description_routes
from qa.web.api.routes import api_routes
from qa.web.engine import Engine
from qa.web.limits import Desk, Limits
from qa.web.page import mount_page
from qa.web.problems import NOT_FOUND, Problem
from qa.web.security import secure
from qa.web.source import ASSETS, source_routes
from qa.web.widget_routes import widget_routes

_TYPES: Mapping[str, str] = {
    "api.css": "text/css",
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


def create_app(
    engine: Engine,
    journal: Journal,
    hosts: Sequence[str] = (),
    *,
    origins: Sequence[str] = (),
    limits: Limits | None = None,
) -> FastAPI:
    """The application to serve.

    `hosts` are the names it answers to; none given, to any. Pages of `origins`, each as in
    `https://www.example.org`, may use the API.
    """
    limits = limits or Limits()
    app = FastAPI(
        title="Citewell", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None
    )
    secure(app, hosts, origins, limits)
    _tell_problems(app)
    api = api_routes(engine, journal, Desk(limits.workers, limits.waiting))
    app.include_router(api)
    app.include_router(description_routes(api))
    app.include_router(source_routes(engine))
    app.include_router(widget_routes(origins))
    app.add_api_route("/citewell/{name}", _asset, response_class=FileResponse)
    return mount_page(app, engine, journal, head=_HEAD)


def _tell_problems(app: FastAPI) -> None:
    app.add_exception_handler(Problem, problems.on_problem)
    app.add_exception_handler(HTTPException, problems.on_http_error)
    app.add_exception_handler(RequestValidationError, problems.on_invalid)


def _asset(name: str) -> Response:
    """One of the page's own files, by name; no other file can be asked for."""
    if name not in _TYPES:
        raise Problem(NOT_FOUND, "there is nothing at this address")
    return FileResponse(ASSETS / name, media_type=_TYPES[name])
