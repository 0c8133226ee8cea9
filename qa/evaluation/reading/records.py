"""Records of questions: JSON Lines files, and JSON files with a list of records."""

from collections.abc import Mapping

from index.errors import ReadError
from index.readers.source import SourceFile
from qa.evaluation.reading.fields import by_field
from qa.evaluation.reading.harvest import Harvest
from qa.evaluation.reading.json_text import item_lines, kind_of, parsed
from qa.evaluation.reading.record import Record, is_blank, short

_LISTS = ("questions", "cases", "data", "samples", "examples")
_SHAPE = "write a list of records, or an object with that list as questions"


def read_lines(file: SourceFile, harvest: Harvest) -> None:
    """A case a line. What is wrong with a line, JSON or not, hides none of the others."""
    unread: dict[str, None] = {}
    for line, text in enumerate(file.text.split("\n"), 1):
        if text.strip():
            with harvest.keeping():
                value = parsed(text, file.name, line)
                harvest.add(named(value, file.name, line, unread), f"q{line}")
    harvest.note_unread("fields", unread)


def read_list(data: object, text: str, name: str, harvest: Harvest) -> None:
    """A case an item of the list that `data`, the value of `text`, is or holds under a known key.

    Raises ReadError where there is no such list, or more than one.
    """
    key, items = _list_in(data, name)
    unread: dict[str, None] = {}
    for number, (item, line) in enumerate(zip(items, item_lines(text, key), strict=True), 1):
        with harvest.keeping():
            harvest.add(named(item, name, line, unread), f"q{number}")
    harvest.note_unread("fields", unread)


def named(value: object, file: str, line: int, unread: dict[str, None]) -> Record:
    """`value` as a record under the names of our fields; keys that are not read join `unread`.

    Raises ReadError where it is no object, or has two values for a field.
    """
    record = as_object(value, file, line)
    fields = by_field(record)
    unread.update(dict.fromkeys(fields.pop("", [])))
    values = {name: _only(record, keys, name, file, line) for name, keys in fields.items()}
    return Record(file, line, values)


def as_object(value: object, file: str, line: int) -> dict[str, object]:
    """`value` if it is an object; else raises ReadError."""
    if isinstance(value, dict):
        return value
    reason = f"this is {kind_of(value)}, not a record; write an object with its fields"
    raise ReadError(file, line, reason)


def _only(record: Mapping[str, object], keys: list[str], name: str, file: str, line: int) -> object:
    """The one value that the record has for a field, whichever of the spellings holds it."""
    filled = [key for key in keys if not is_blank(record[key])]
    if len(filled) > 1:
        seen = ", ".join(short(key) for key in filled)
        raise ReadError(file, line, f"more than one value for {name}: {seen}; remove all but one")
    return record[filled[0]] if filled else None


def _list_in(data: object, name: str) -> tuple[str, list[object]]:
    """The records, and the key under which they stand; `""` for those of a list as it is."""
    if isinstance(data, list):
        return "", data
    if not isinstance(data, dict):
        raise ReadError(name, 1, f"this is {kind_of(data)}, not a list of records; {_SHAPE}")
    lists = {key: data[key] for key in _LISTS if isinstance(data.get(key), list)}
    if not lists:
        raise ReadError(name, 1, f"no list as {', '.join(_LISTS)}; {_SHAPE}")
    if len(lists) > 1:
        raise ReadError(name, 1, f"more than one list: {', '.join(lists)}; remove all but one")
    return next(iter(lists.items()))
