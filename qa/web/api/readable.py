"""The API's description for people: what the page at `/api` draws, made from OpenAPI alone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.web import problems
from qa.web.source import ASSETS

_JSON = "application/json"
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A row of a table; `type` names another schema where `links` is set."""

    name: str
    type: str
    meaning: str
    required: bool
    links: str = ""


@dataclass(frozen=True, slots=True)
class ShownReply:
    """A status with what it means, and examples as (label, JSON)."""

    status: str
    meaning: str
    examples: tuple[tuple[str, str], ...]
    links: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One route."""

    id: str
    method: str
    path: str
    title: str
    paragraphs: tuple[str, ...]
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    example: str
    replies: tuple[ShownReply, ...]


def render(openapi: Mapping[str, Any], root: str = "") -> str:
    """The page, on a site that begins at `root`. It runs no script and asks nobody for anything."""
    schemas = openapi["components"]["schemas"]
    return (
        _templates()
        .get_template("api.html")
        .render(
            root=root,
            about=openapi["info"],
            operations=tuple(_operations(openapi)),
            schemas={name: _fields(schemas[name]) for name in sorted(schemas)},
            kinds=problems.KINDS,
            media_type=problems.MEDIA_TYPE,
        )
    )


@cache
def _templates() -> Environment:
    # autoescape=True and no choice by file name: every template here is HTML.
    loader = FileSystemLoader(ASSETS)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)


def _operations(openapi: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in openapi["paths"].items():
        for method, found in methods.items():
            title, *paragraphs = found["description"].split("\n\n")
            body = found.get("requestBody", {}).get("content", {}).get(_JSON)
            yield Operation(
                id=found["operationId"],
                method=method.upper(),
                path=path,
                title=title.rstrip("."),
                paragraphs=tuple(paragraphs),
                parameters=tuple(
                    _field(one["name"], one["schema"], one["required"])
                    for one in found.get("parameters", ())
                ),
                body=_fields(_referred(openapi, body["schema"])) if body else (),
                example=_pretty(body["example"]) if body else "",
                replies=tuple(_shown(*each) for each in sorted(found["responses"].items())),
            )


def _referred(openapi: Mapping[str, Any], schema: Schema) -> Schema:
    found: Schema = openapi["components"]["schemas"][_name(schema)]
    return found


def _shown(status: str, response: Mapping[str, Any]) -> ShownReply:
    content = response.get("content", {})
    if problems.MEDIA_TYPE in content:
        example = _pretty(content[problems.MEDIA_TYPE]["example"])
        return ShownReply(status, response["description"], (("Example", example),))
    if _JSON in content:
        examples = content[_JSON]["examples"].items()
        shown = tuple((f"Example: {name}", _pretty(one["value"])) for name, one in examples)
        return ShownReply(status, "", shown, _name(content[_JSON]["schema"]))
    return ShownReply(status, "Done; nothing is sent back.", ())


def _fields(schema: Schema) -> tuple[Field, ...]:
    required = schema.get("required", ())
    parts = schema.get("properties", {}).items()
    return tuple(_field(name, part, name in required) for name, part in parts)


def _field(name: str, schema: Schema, required: bool) -> Field:
    links = _name(schema) or _name(schema.get("items", {}))
    meaning = " ".join(filter(None, (schema.get("description", ""), *_bounds(schema))))
    return Field(name, _type(schema), meaning, required, links)


def _type(schema: Schema) -> str:
    """In words; a schema that is referred to by its name."""
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return _name(schema) or str(schema.get("type", "any"))


def _bounds(schema: Schema) -> Iterator[str]:
    """What the description does not say itself."""
    if "maxLength" in schema and "At most" not in schema.get("description", ""):
        yield f"At most {schema['maxLength']:,} characters."
    if "maxItems" in schema:
        yield f"At most {schema['maxItems']}."
    if "minimum" in schema:
        yield f"{schema['minimum']:g} to {schema['maximum']:g}."
    if isinstance(schema.get("default"), int):
        yield f"Default {schema['default']}."


def _name(schema: Schema) -> str:
    """The schema that is referred to, or none."""
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
