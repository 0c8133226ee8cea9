"""One record of a question set: its values under the names of their fields, read with care."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.errors import ReadError
from index.readers.draft import one_line, visible
from qa.evaluation.reading.json_text import kind_of

MAX_GRADE = 100  # qrels go to 4 or so; gains grow as 2 to the grade, which must stay a number

_SHOWN = 80  # characters of a value that a message repeats
_HALF = re.compile("[\ud800-\udfff]")
_FLAGS: dict[str | float, bool] = dict.fromkeys((1, "true", "yes", "y", "1"), True)
_FLAGS |= dict.fromkeys((0, "false", "no", "n", "0"), False)  # true is 1 to Python, and 1.0 too


@dataclass(frozen=True, slots=True)
class Record:
    """The values of one record, as JSON has them: None, text, number, yes or no, list, mapping.

    What is missing reads as what is blank. Each of the methods that read raises ReadError, which
    names the file and the line, for a value of another kind.
    """

    file: str
    line: int
    values: Mapping[str, object]

    def problem(self, reason: str) -> ReadError:
        """The error for this record."""
        return ReadError(self.file, self.line, reason)

    def text(self, name: str) -> str:
        """A text as it looks on a page, without white space around it; `""` where there is none."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.problem(f"{name} is {kind_of(value)}, not text; write it as text")
        return visible(self._whole(name, value)).strip()

    def id(self, name: str = "id") -> str:
        """A text or whole number that names something, stripped; `""` where there is none."""
        value = self.values.get(name)
        return "" if value is None else self._id(name, value)

    def texts(self, name: str, separator: str = "") -> tuple[str, ...]:
        """The texts of a list or of one text, each on one line, none blank, none twice.

        A text is parted by `separator`, a regular expression, if there is one. SQuAD's
        `{"text": …}` stands for what it holds, alone or in the list.
        """
        value = _unwrapped(self.values.get(name))
        if separator and isinstance(value, str):
            value = re.split(separator, value)
        items = value if isinstance(value, list) else [value]
        texts = (one_line(self._item(name, _unwrapped(item))) for item in items)
        return _distinct(text for text in texts if text)

    def grades(self, name: str) -> dict[str, int]:
        """Id → grade: as an object has it, if above 0, or 1 for each id of a list or text."""
        value = self.values.get(name)
        if isinstance(value, dict):
            pairs = [(self._id(name, key), self._grade(name, value[key])) for key in value]
            return {key: grade for key, grade in pairs if key and grade > 0}
        items = value if isinstance(value, list) else [value]
        ids = (self._id(name, item) for item in items if item is not None)
        return dict.fromkeys(_distinct(key for key in ids if key), 1)

    def flag(self, name: str) -> bool | None:
        """Yes or no in any of its spellings, None where it is blank."""
        value = self.values.get(name)
        said = value.strip().casefold() if isinstance(value, str) else value
        if said in (None, ""):
            return None
        if isinstance(said, str | int | float) and said in _FLAGS:
            return _FLAGS[said]
        seen = repr(short(value)) if isinstance(value, str) else kind_of(value)
        raise self.problem(f"{name} is {seen}; write true, false, yes, no, y, n, 1 or 0")

    def _id(self, name: str, value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.problem(f"{name} holds {kind_of(value)}, not an id; write it as text")
        text = self._whole(name, str(value)).strip()
        if not text.isprintable():
            reason = f"{name} holds {short(text)!r}, which does not print as it is; mend it"
            raise self.problem(reason)
        return text

    def _grade(self, name: str, value: object) -> int:
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or value > MAX_GRADE
            or value != int(value)
        ):
            reason = f"{name} has a grade that is no whole number up to {MAX_GRADE}; mend it"
            raise self.problem(reason)
        return int(value)

    def _item(self, name: str, item: object) -> str:
        if item is None:
            return ""
        if isinstance(item, bool) or not isinstance(item, str | int | float):
            reason = f"{name} holds {kind_of(item)}; write it as a text or a list of texts"
            raise self.problem(reason)
        return self._whole(name, str(item))

    def _whole(self, name: str, text: str) -> str:
        if _HALF.search(text):
            raise self.problem(f"{name} holds a broken character; write it anew")
        return text


def is_blank(value: object) -> bool:
    """Whether a value says nothing: null, a text of white space, a list or object without items."""
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def short(text: str) -> str:
    """As much of `text` as a message repeats."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _unwrapped(value: object) -> object:
    return value["text"] if isinstance(value, dict) and "text" in value else value


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
