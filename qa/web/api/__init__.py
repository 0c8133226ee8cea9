"""One application: the guard, the API, the source view, the page and the widget's files."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI

from qa.journal import Journal
from qa.live import Live
from qa.web.api.admin import Admin, admin_routes
from qa.web.api.description import VERSION, description_routes
from qa.web.api.routes import api_routes
from qa.web.engine import Engine, Serving
from qa.web.inspector import inspector_routes
from qa.web.limits import Desk, Limits
from qa.web.own_files import own_file_routes, page_head
from qa.web.page import mount_page
from qa.web.problems import ON_ERROR
from qa.web.security import secure
from qa.web.source import source_routes
from qa.web.widget_routes import widget_routes


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

    An `engine` that is to be replaced while it serves comes as `Live`. `hosts` are the names it
    answers to; none given, to any. Pages of `origins`, each as in `https://www.example.org`, may
    use the API, those of `frames` may frame the chat page. `contact` is a link for readers whose
    question the sources don't answer. With `inspector` anyone who may ask may also see at
    `/inspect` why an answer is what it is; with `mcp` programs may ask at `/gradio_api/mcp/`;
    `admin` opens `/api/admin/rebuild`.
    """
    limits = limits or Limits()
    live: Serving = engine if isinstance(engine, Live) else Live(engine)
    app = FastAPI(title="Citewell", version=VERSION, openapi_url=None, exception_handlers=ON_ERROR)
    secure(
        app, hosts, origins, limits, frames=frames, root_path=root_path, mcp=mcp, admin=bool(admin)
    )
    api = _api(live, journal, limits, admin)
    routers = [api, description_routes(api, root_path), source_routes(live), own_file_routes()]
    routers.append(widget_routes(origins, contact))
    if inspector:
        routers.append(inspector_routes(live))
    for router in routers:
        app.include_router(router)
    head = page_head(root_path)
    return mount_page(app, live, journal, head, title, contact=contact, mcp=mcp, limits=limits)


def _api(live: Serving, journal: Journal, limits: Limits, admin: Admin | None) -> APIRouter:
    """What is under `/api/`, and described there."""
    router = api_routes(live, journal, Desk(limits.workers, limits.waiting))
    if admin:
        router.include_router(admin_routes(live, admin))
    return router
