"""Exports of QnA Maker and of Azure's custom question answering: TSV and JSON."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.documents import is_web_address
from index.readers.draft import one_line
from index.readers.fields import (
    Fields,
    Record,
    field_name,
    iso_date,
    plain_value,
    printable_id,
    read_fields,
)
from index.readers.harvest import Harvest
from index.readers.pairs import Pair, add_pairs

_COLUMNS = {"question", "answer", "source", "metadata"}  # older exports have no more
_LISTS = ("qnadocuments", "qnalist", "qnas")
_LINE_END = re.compile(r"(?<!\\)((?:\\\\)*)\\n")  # `\n` is one, `\\n` a backslash and an n
_BY_SPREADSHEET = re.compile(r'\t"\[')  # the product itself writes `[` without a quote
_CHITCHAT = "small talk, which Citewell has of its own"
_CONTEXT_ONLY = "shown only after another answer; set its IsContextOnly to False to have it read"

Row = tuple[int, Mapping[str, Any]]  # its line, its values by lower-case name


@dataclass(frozen=True, slots=True)
class Listed:
    """The pairs of a JSON export, and the key that their list has there."""

    key: str
    records: list[object]
    language: str = ""
    synonyms: int = 0


def is_qna_table(header: str) -> bool:
    """Whether a table with this first line is an export of QnA Maker."""
    return {name.strip().strip('"').casefold() for name in header.split("\t")} >= _COLUMNS


def is_quoted(text: str) -> bool:
    """Whether a spreadsheet has saved this export, with quotes around cells that hold some."""
    return bool(_BY_SPREADSHEET.search(text))


def add_qna_rows(rows: Iterable[tuple[int, list[str]]], harvest: Harvest) -> None:
    """Add the entries of an exported table, its header first. Rows with one QnaId are one entry."""
    numbered = iter(rows)
    header = [name.strip().casefold() for name in next(numbered)[1]]
    groups: dict[object, list[Row]] = {}
    for line, cells in numbered:
        if len(cells) > len(header):
            reason = f"this row has {len(cells)} cells and the header {len(header)}"
            harvest.broken_entry(line, f"{reason}; take the tabs out of its texts")
            continue
        row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
        key = row.get("qnaid", "").strip() or (row["answer"], row["source"])
        groups.setdefault(key, []).append((line, row))
    add_pairs((_of_rows(group, harvest) for group in groups.values()), harvest)


def qnas_in(data: object) -> Listed | None:
    """The pairs of a project's or knowledge base's export as JSON; None where it is neither."""
    top = _lower(data)
    assets = _lower(top.get("assets")) if isinstance(top.get("assets"), dict) else top
    key = next((key for key in _LISTS if isinstance(assets.get(key), list)), "")
    if not key:
        return None
    settings = _lower(top.get("metadata"))
    language = settings.get("language")
    synonyms = assets.get("synonyms")
    return Listed(
        _spelled(key, data),
        assets[key],
        language if isinstance(language, str) else "",
        len(synonyms) if isinstance(synonyms, list) else 0,
    )


def add_qnas(listed: Listed, lines: Sequence[int], harvest: Harvest) -> None:
    """Add the entries of an export as JSON; `lines` are those of its records."""
    rows = zip(lines, map(_lower, listed.records), strict=True)
    add_pairs((_of_record(row, line, listed.language, harvest) for line, row in rows), harvest)
    if listed.synonyms:
        note = "its synonyms; write them into synonyms.txt, a group a line"
        harvest.ignored.append(f"{harvest.file.name} ({note})")


def _of_rows(group: Sequence[Row], harvest: Harvest) -> Pair:
    line, row = group[0]
    questions = tuple(str(other["question"]) for _, other in group)
    answer = _LINE_END.sub(r"\1\n", row["answer"])
    metadata = _metadata(row["metadata"])
    fields = _fields(row, row.get("qnaid", ""), metadata, harvest)
    return Pair(questions, answer, line, fields, unread=_unread(row, row, metadata))


def _of_record(row: Record, line: int, language: str, harvest: Harvest) -> Pair:
    asked = row.get("questions")
    questions = [q for q in asked if isinstance(q, str)] if isinstance(asked, list) else []
    metadata = _metadata(row.get("metadata"))
    fields = _fields(row, plain_value(row.get("id")) or "", metadata, harvest, language)
    answer = row.get("answer")
    dialog = _lower(row.get("dialog") or row.get("context"))
    broken = "" if isinstance(answer, str) else "answer is not text; write it as text"
    unread = _unread(row, dialog, metadata)
    return Pair(tuple(questions), str(answer), line, fields, unread=unread, broken=broken)


def _fields(
    row: Record,
    number: str,
    metadata: Sequence[tuple[str, str]],
    harvest: Harvest,
    language: str = "",
) -> Fields:
    """What is known of a pair: metadata under our names fills our fields, all else is a tag."""
    known: dict[str, object] = {"language": language}
    tags: list[str] = []
    for name, value in metadata:
        field = field_name(name)
        if field == "tags":
            tags += value.split(",")
        elif field in ("publisher", "date", "language", "url") and _fits(field, value):
            known[field] = value
        elif not name.startswith("system_metadata"):
            tags.append(f"{name}:{value}")
    source = row.get("source")
    if isinstance(source, str) and _fits("url", source.strip()):
        known.setdefault("url", source.strip())
    id_ = f"{harvest.file.name}:{printable_id(one_line(number))}" if number.strip() else ""
    return read_fields(known | {"tags": tags, "id": id_}, lambda *_: None)


def _fits(field: str, value: str) -> bool:
    if field == "date":
        return bool(iso_date(value, lambda _: None))
    return field != "url" or (is_web_address(value) and " " not in value)


def _metadata(given: object) -> list[tuple[str, str]]:
    """Names and values, from `name:value|name:value`, an object, or a list of objects."""
    if isinstance(given, str) and not given.strip().startswith("["):
        pairs = (part.partition(":") for part in given.split("|"))
        found = [(name.strip(), value.strip()) for name, _, value in pairs]
    else:
        found = list(_listed_metadata(given))
    return [(name, value) for name, value in found if name and value]


def _listed_metadata(given: object) -> Iterator[tuple[str, str]]:
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return
    if isinstance(given, dict):
        given = [{"name": name, "value": value} for name, value in given.items()]
    for item in map(_lower, given if isinstance(given, list) else []):
        name, value = plain_value(item.get("name")), plain_value(item.get("value"))
        if name and value:
            yield one_line(name), one_line(value)


def _unread(row: Record, dialog: Record, metadata: Sequence[tuple[str, str]]) -> str:
    """Why a pair is not for readers of an FAQ, or `""`."""
    said = [(name.casefold(), value.casefold()) for name, value in metadata]
    source = str(row.get("source", "")).casefold()
    if ("editorial", "chitchat") in said or "chitchat" in source.replace("-", "").split("_"):
        return _CHITCHAT
    only = str(dialog.get("iscontextonly", "")).strip().casefold() == "true"
    return _CONTEXT_ONLY if only else ""


def _lower(value: object) -> dict[str, Any]:
    """An object with lower-case names, which the product spells in two ways; else an empty one."""
    return {str(k).casefold(): v for k, v in value.items()} if isinstance(value, dict) else {}


def _spelled(key: str, data: object) -> str:
    """A key of `data`, or of its assets, as it is spelled there."""
    places = [data, *(data.values() if isinstance(data, dict) else ())]
    keys = (name for place in places if isinstance(place, dict) for name in place)
    return next((name for name in keys if name.casefold() == key), key)
