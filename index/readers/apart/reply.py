"""A reading on its way between processes: JSON, and nothing in it is believed."""

import json
from dataclasses import is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from index.documents import Document
from index.errors import ReadError
from index.readers.source import Reading
from index.synonyms import Synonyms

_KEYS = {"documents", "problems", "ignored", "synonyms"}
_MEMORY = "memory"
_FAILED = "failed"
# Half characters may stand in a message, which escapes them when it is shown.
_ERRORS = "surrogatepass"


def packed(reading: Reading) -> bytes:
    """The reading for `unpacked`, without its files."""
    record = {
        "documents": reading.documents,
        "problems": [[p.source, p.line, p.reason] for p in reading.problems],
        "ignored": reading.ignored,
        "synonyms": reading.synonyms,
    }
    return json.dumps(record, ensure_ascii=False, default=_record).encode(errors=_ERRORS)


def _record(value: Any) -> dict[str, object]:
    """The fields of a document, a block or synonyms; copies, as `to_dict` makes, take long."""
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _fields(kind)}


def packed_error(error: Exception) -> bytes:
    """Word that `error` has ended the reading; the error itself stays where it was."""
    reason = _MEMORY if isinstance(error, MemoryError) else type(error).__name__
    return json.dumps({_FAILED: reason}).encode()


def unpacked(reply: bytes) -> Reading:
    """The reading in a reply.

    Raises MemoryError where it says that memory ran out, RuntimeError with the name of any other
    error that it tells of, ValueError where it is no such reply.
    """
    try:
        record = json.loads(reply.decode(errors=_ERRORS))
    except RecursionError:
        raise ValueError("nests too deep") from None
    if fits(record, dict) and fits(reason := record.get(_FAILED), str):
        raise MemoryError if reason == _MEMORY else RuntimeError(reason[:100])
    if not fits(record, dict) or set(record) != _KEYS:
        raise ValueError("is no reading")
    documents, problems, ignored = record["documents"], record["problems"], record["ignored"]
    if not fits(documents, tuple[Document, ...]) or not fits(ignored, tuple[str, ...]):
        raise ValueError("has a document that is none")
    return Reading(
        tuple(map(Document.from_dict, documents)),
        tuple(map(_problem, problems)),
        tuple(ignored),
        synonyms=_synonyms(record["synonyms"]),
    )


def fits(value: object, kind: Any) -> bool:
    """Whether `value`, from JSON, is what a field of this type is written as."""
    if kind in (str, int, dict):
        return type(value) is kind and (kind is not str or _is_text(str(value)))
    if isinstance(kind, type) and is_dataclass(kind):
        fields = _fields(kind)
        named = isinstance(value, dict) and value.keys() == fields.keys()
        return named and all(fits(value[name], of) for name, of in fields.items())  # type: ignore[index]
    outer = get_origin(kind)
    if outer is tuple:
        return isinstance(value, list) and all(fits(item, get_args(kind)[0]) for item in value)
    if outer is Literal:
        return value in get_args(kind)
    if outer in (Union, UnionType):
        return any(fits(value, one) for one in get_args(kind))
    return value is None and kind is type(None)


@cache
def _fields(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _is_text(text: str) -> bool:
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _problem(value: object) -> ReadError:
    match value:
        case [str(source), int(line), str(reason)]:
            return ReadError(source, line, reason)
    raise ValueError("has a problem that is none")


def _synonyms(value: Any) -> Synonyms | None:
    if not fits(value, Synonyms | None):
        raise ValueError("has synonyms that are none")
    return value and Synonyms.from_list((one["asked"], one["meant"]) for one in value["groups"])
