"""`/citewell/…`: the pages' own styles, script and icon, and where the chat page asks for them."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from qa.web.problems import NOT_FOUND, Problem
from qa.web.source import ASSETS

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


def page_head(root_path: str) -> str:
    """What the chat page's `<head>` needs of them, on a site that begins at `root_path`."""
    return _HEAD.format(root=root_path)


def own_file_routes() -> APIRouter:
    """Each by its name; no other file can be asked for."""
    router = APIRouter(include_in_schema=False)

    @router.get("/citewell/{name}")
    def own_file(name: str) -> Response:
        if name not in _TYPES:
            raise Problem(NOT_FOUND, "there is nothing at this address")
        return FileResponse(ASSETS / name, media_type=_TYPES[name])

    return router
