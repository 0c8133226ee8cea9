"""The help widget's files: the script that sites load, a page for iframes, a page to try it on."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

WIDGET = Path(__file__).with_name("widget")
SCRIPT = WIDGET / "dist" / "widget.js"
PAGES = WIDGET / "pages"

# What `widget_routes` answers, for whoever keeps a list of open paths.
PATHS = ("/widget.js", "/widget/frame", "/widget/frame.css", "/widget/demo.css", "/demo")
# The strictest policy under which the widget works; both pages live by it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
# What an address may set, as data- attributes: words and looks, never where questions go.
SETTINGS = ("title", "lang", "theme", "accent", "examples", "intro", "label", "suggest")
_LONGEST = 500  # characters of one setting
_THEMES = ("light", "dark")
# New answers want no new script, and a new script no new release of the sites that load it.
_CACHE = "public, max-age=600, stale-while-revalidate=86400"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    body: bytes
    media_type: str

    @property
    def etag(self) -> str:
        """A name for these very bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


def widget_routes(origins: Sequence[str] = (), contact: str = "") -> APIRouter:
    """`/widget.js`, `/widget/frame`, `/demo`. Pages of `origins` may frame the second.

    `contact` is the link that both pages' widgets show where the sources don't say.
    """
    router = APIRouter(include_in_schema=False)
    ancestors = " ".join(("frame-ancestors 'self'", *origins))

    @router.get("/widget.js")
    def script(request: Request) -> Response:
        return _send(request, _asset(SCRIPT, "text/javascript"), "cross-origin")

    @router.get("/widget/{name}.css")
    def style(request: Request, name: str) -> Response:
        if name not in ("frame", "demo"):
            return Response(status_code=404)
        return _send(request, _asset(PAGES / f"{name}.css", "text/css"), "same-origin")

    @router.get("/widget/frame")
    def frame(request: Request) -> Response:
        return _page("frame.html", request, f"{POLICY}; {ancestors}", contact)

    @router.get("/demo")
    def demo(request: Request) -> Response:
        return _page("demo.html", request, f"{POLICY}; frame-ancestors 'self'", contact)

    return router


@cache
def _asset(path: Path, media_type: str) -> Asset:
    return Asset(path.read_bytes(), media_type)


def _send(request: Request, asset: Asset, policy: str) -> Response:
    """The asset, or that the browser's copy is still good."""
    headers = {
        "ETag": asset.etag,
        "Cache-Control": _CACHE,
        "Cross-Origin-Resource-Policy": policy,
    }
    known = request.headers.get("if-none-match", "").replace("W/", "").split(",")
    if asset.etag in (tag.strip() for tag in known):
        return Response(status_code=304, headers=headers)
    return Response(asset.body, headers=headers, media_type=asset.media_type)


def _page(template: str, request: Request, policy: str, contact: str) -> Response:
    settings = _settings(request.query_params)
    owned = {"data-contact": contact} if contact else {}
    page = (
        _templates()
        .get_template(template)
        .render(
            attributes=owned | {f"data-{name}": value for name, value in settings.items()},
            lang=settings.get("lang", "en"),
            theme=settings["theme"] if settings.get("theme") in _THEMES else "",
            title=settings.get("title", "Help"),
            address=str(request.base_url),
            policy=policy,
        )
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


def _settings(given: Mapping[str, str]) -> dict[str, str]:
    """The settings in an address that a page hands on to its widget."""
    return {name: given[name][:_LONGEST] for name in SETTINGS if given.get(name)}


@cache
def _templates() -> Environment:
    # autoescape=True and no choice by file name: every template here is HTML.
    loader = FileSystemLoader(PAGES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
