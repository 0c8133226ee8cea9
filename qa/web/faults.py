"""What is wrong with a request, in plain words: what was expected, what was seen."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Fault = Mapping[str, Any]  # as pydantic gives it: type, loc, input and ctx

_SHOWN = 5
_PLACE_CHARS = 80  # a field's name comes from the client, and so does what stands in it
_SEEN_CHARS = 40
_KINDS = {
    "string_type": "text",
    "string_unicode": "text without halves of characters",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a number of fewer digits",
    "int_from_float": "a whole number",
    "finite_number": "a number with an end",
    "list_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dict_type": "an object",
}
_SAID = {
    "missing": "is missing; send it",
    "extra_forbidden": "is no field of this; leave it out",
    "literal_error": "expected {expected}, not {seen}",
    "string_too_short": "expected some text, not none",
    "string_too_long": "expected at most {max_length:,} characters, not {length:,}",
    "too_long": "expected at most {max_length:,} entries, not {length:,}",
    "greater_than_equal": "expected {ge} or more, not {seen}",
    "less_than_equal": "expected {le} or less, not {seen}",
}
_OTHERWISE = "expected something else, not {seen}; /api says what"


def told(faults: Sequence[Fault]) -> str:
    """The first few, each with its place."""
    said = [f"{_place(fault['loc'])}: {_reason(fault)}" for fault in faults[:_SHOWN]]
    more = len(faults) - len(said)
    return "; ".join(said) + (f"; and {more:,} more" if more > 0 else "")


def _place(location: Sequence[object]) -> str:
    """`history.3.content`; the whole body where no field is at fault."""
    return _short(".".join(map(str, location[1:])) or str(location[0]), _PLACE_CHARS)


def _reason(fault: Fault) -> str:
    kind, given = fault["type"], fault["input"]
    if kind == "value_error":  # one of ours, in plain words already
        return str(fault["msg"]).removeprefix("Value error, ")
    expected = f"expected {_KINDS[kind]}, not {{seen}}" if kind in _KINDS else _OTHERWISE
    length = len(given) if isinstance(given, str | list) else 0
    told = {**fault.get("ctx", {}), "seen": _seen(given), "length": length}
    return _SAID.get(kind, expected).format(**told)


def _seen(given: object) -> str:
    """What was sent, as far as it is short."""
    if isinstance(given, list | dict):
        return "a list" if isinstance(given, list) else "an object"
    return _short(json.dumps(given, ensure_ascii=False, default=str), _SEEN_CHARS)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
