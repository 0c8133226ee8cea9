"""The API's description: OpenAPI for programs, and a page made of it for people."""

from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from starlette.responses import HTMLResponse, Response

from qa.web.api import examples
from qa.web.api.meanings import explained
from qa.web.api.models import ProblemReply
from qa.web.api.readable import render
from qa.web.api.routes import as_json
from qa.web.source import POLICY

VERSION = "1"
_ABOUT = (
    "Answers from FAQs and articles: verbatim quotes with citations, or that the sources don't say."
)


def description_routes(described: APIRouter, root_path: str = "") -> APIRouter:
    """`GET /openapi.json` and `GET /api`, about the routes of `described`, under `root_path`."""
    router = APIRouter(include_in_schema=False)
    openapi = describe(described)
    if root_path:
        openapi["servers"] = [{"url": root_path}]
    page = render(openapi, root_path)

    @router.get("/openapi.json")
    def description() -> Response:
        return as_json(openapi)

    @router.get("/api")
    def readable() -> Response:
        return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})

    return router


def describe(described: APIRouter) -> dict[str, Any]:
    """These routes in OpenAPI."""
    openapi = get_openapi(
        title="Citewell", version=VERSION, description=_ABOUT, routes=described.routes
    )
    schemas = openapi["components"]["schemas"]
    schemas["ProblemReply"] = ProblemReply.model_json_schema()
    explained(schemas)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _put_nulls_back(openapi)
    del openapi["paths"]["/api/sources/{passage}"]["get"]["responses"]["422"]  # any text is a name
    return openapi


def _put_nulls_back(openapi: dict[str, Any]) -> None:
    """FastAPI leaves every null out, those of an example among them."""
    answered = openapi["paths"]["/api/ask"]["post"]["responses"]["200"]
    shown = answered["content"]["application/json"]["examples"]
    shown["answered"]["value"], shown["abstained"]["value"] = examples.ANSWER, examples.ABSTENTION
