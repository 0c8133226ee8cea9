"""JSON as it may come from anyone: a value, or the line and the reason why there is none."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator

from index.errors import ReadError


class _UnfitError(ValueError):
    """What Python would read and no other program need: told apart from broken JSON."""


def parsed(text: str, name: str, line: int = 1) -> object:
    """The value that `text`, which begins at this line of the file `name`, holds.

    Raises ReadError also for what would be read differently by others: NaN, infinite numbers, a key
    that an object has twice.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _broken(error, name, line) from None
    except _UnfitError as error:
        reason = str(error)
    except RecursionError:
        reason = "nests too deep; write records of texts and lists"
    except ValueError:  # Python's limit on the digits of an integer
        reason = "a number has too many digits; write it as text"
    raise ReadError(name, line, reason)


def item_lines(text: str, key: str) -> Iterator[int]:
    """The line where each item of a list begins: of `text` as a whole, or under its `key`.

    `text` has been parsed and holds that list, so that nothing is checked again.
    """
    place, line, seen = _first_item(text, key), 1, 0
    while text[place] != "]":
        line += text.count("\n", seen, place)
        seen = place
        yield line
        place = _next(text, _DECODER.raw_decode(text, place)[1])


def kind_of(value: object) -> str:
    """What a value is, in words: `a list`."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else "a number")


def _first_item(text: str, key: str) -> int:
    place = _next(text, _next(text, 0) + 1)  # past the first bracket
    while key:
        name, end = _DECODER.raw_decode(text, place)
        place = _next(text, end)
        if name == key:
            return _next(text, place + 1)
        place = _next(text, _DECODER.raw_decode(text, place)[1])
    return place


def _next(text: str, place: int) -> int:
    """Where the next value or closing bracket stands, from `place` on."""
    found = _BETWEEN.match(text, place)
    return found.end() if found else place


def _broken(error: json.JSONDecodeError, name: str, line: int) -> ReadError:
    advice = "mend the file there"
    if error.msg == "Extra data" and error.lineno > 1:
        advice = "where each line is a record, name the file .jsonl"
    reason = f"not JSON: {error.msg} at character {error.colno}; {advice}"
    return ReadError(name, line + error.lineno - 1, reason)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _UnfitError(f"an object has {twice[:80]!r} twice; remove one")
    return found


def _constant(name: str) -> object:
    raise _UnfitError(f"{name} is no number in JSON; write null where there is none")


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _UnfitError("a number is too large; write it as text")
    return number


_BETWEEN = re.compile(r"[ \t\r\n,:]*")
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)
