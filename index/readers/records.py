"""Records of questions and answers: JSON and JSON Lines files."""

import json
import re

from index.readers.entries import add_record
from index.readers.exported import add_document, is_document
from index.readers.fields import read_fields
from index.readers.harvest import Harvest
from index.readers.linked import REMEDY, fields_within, is_linked, linked_fields, linked_questions
from index.readers.qna import add_qnas, qnas_in
from index.readers.qnabot import KEY, add_qnabot, is_qnabot
from index.readers.source import Reading, SourceFile

_LISTS = ("faqs", "entries", "questions", "data")
_DECODER = json.JSONDecoder()
_SHAPE = "a list of records with question and answer"


def read_records(file: SourceFile) -> Reading:
    """A FAQ entry a record. JSON Lines has one on each line.

    JSON is a list of records, one record, an object that has the list as `faqs`, `entries`,
    `questions` or `data`, a FAQPage of schema.org, or an export of QnA Maker, QnABot or Citewell.
    """
    harvest = Harvest(file)
    if file.name.lower().endswith(".jsonl"):
        _read_lines(file.text, harvest)
    else:
        _read_whole(file.text, harvest)
    return harvest.reading


def _read_lines(text: str, harvest: Harvest) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            for record in _parsed(line, number, harvest):
                _add(record, number, harvest)


def _read_whole(text: str, harvest: Harvest) -> None:
    for data in _parsed(text, 1, harvest):
        if is_linked(data) or (isinstance(data, list) and any(map(is_linked, data))):
            harvest.page = read_fields(linked_fields(data), harvest.reporter(1))
            for entry, own in linked_questions(data, 1):
                harvest.entry(entry, REMEDY, fields_within(own, harvest.page))
            return
        if listed := qnas_in(data):
            add_qnas(listed, _lines(text, listed.key, len(listed.records)), harvest)
            return
        if isinstance(data, dict) and is_qnabot(data):
            add_qnabot(data[KEY], _lines(text, KEY, len(data[KEY])), harvest)
            return
        key, records = _list_in(data)
        for record, line in zip(records, _lines(text, key, len(records)), strict=True):
            _add(record, line, harvest)


def _list_in(data: object) -> tuple[str, list[object]]:
    """The records, and the key under which they stand; a record alone is a list of one."""
    if isinstance(data, dict):
        key = next((key for key in _LISTS if isinstance(data.get(key), list)), "")
        return key, data[key] if key else [data]
    return "", data if isinstance(data, list) else [data]


def _add(record: object, line: int, harvest: Harvest) -> None:
    if isinstance(record, dict) and is_document(record):
        add_document(record, line, harvest)
    elif isinstance(record, dict):
        add_record(record, line, harvest)
    else:
        harvest.broken_entry(
            line, f"this is {_kind(record)}, not a record; write its question and answer"
        )


def _parsed(text: str, line: int, harvest: Harvest) -> list[object]:
    """The one value that `text`, which begins at this line, holds; none where it is not JSON."""
    try:
        return [json.loads(text)]
    except json.JSONDecodeError as error:
        place = f"{error.msg} at character {error.colno}"
        harvest.problem(line + error.lineno - 1, f"not JSON: {place}; mend the file there")
    except RecursionError:
        harvest.problem(line, f"nests too deep; write {_SHAPE}")
    except ValueError:
        harvest.problem(line, "a number has too many digits; write it as text")
    return []


def _lines(text: str, key: str, count: int) -> list[int]:
    """The line where each record begins; 1 for all where that cannot be told."""
    start = re.search(rf'"{key}"\s*:\s*\[' if key else r"\A\s*\[", text)
    lines: list[int] = []
    line, seen, place = 1, 0, start.end() if start else 0
    while start and len(lines) < count:
        while place < len(text) and (text[place].isspace() or text[place] == ","):
            place += 1
        line += text.count("\n", seen, place)
        seen = place
        lines.append(line)
        try:
            place = _DECODER.raw_decode(text, place)[1]
        except ValueError:
            return [1] * count
    return lines if start else [1] * count


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else "a number")
