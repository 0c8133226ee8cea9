"""What a paragraph of a Word document is, by its own properties and its styles'."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.readers.docx_text import is_on, runs, w

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_MAX_CHAIN = 20  # styles based on styles; a ring of them would never end


class Styles:
    """A document's styles. Their ids are translated, the names of those built in never are."""

    def __init__(self, document: "WordDocument") -> None:
        styles = document.styles.element.iter(w("style"))
        self._styles = {style.get(w("styleId"), ""): style for style in styles}

    def level(self, paragraph: Any) -> int | None:
        """A heading's level, 0 for the title of the whole; None for other paragraphs."""
        for properties, name in self._chain(paragraph):
            outline = _value(properties, "outlineLvl")
            if outline.isdecimal():
                return int(outline) + 1 if int(outline) < 9 else None
            if name.casefold() == "title":
                return 0
            if heading := _HEADING.fullmatch(name):
                return int(heading[1])
        return None

    def in_list(self, paragraph: Any) -> bool:
        """Whether it is an item of a list; number 0 takes it out of one."""
        for properties, _ in self._chain(paragraph):
            number = properties.find(f"{w('numPr')}/{w('numId')}") if len(properties) else None
            if number is not None:
                return bool(number.get(w("val"), "0") != "0")
        return False

    def bold(self, paragraph: Any) -> bool:
        """Whether all its text is bold."""
        written = [run for run in runs(paragraph) if any((t.text or "").strip() for t in run)]
        whole = any(is_on(style.find(f"{w('rPr')}/{w('b')}")) for style in self._of(paragraph))
        switches = [run.find(f"{w('rPr')}/{w('b')}") for run in written]
        return bool(written) and all(whole if s is None else is_on(s) for s in switches)

    def heads(self, table: Any, row: Any) -> bool:
        """Whether a table's first row names its columns.

        It does where it is repeated on each page, is bold, or where the table's style shows it in
        another way than the others.
        """
        if is_on(row.find(f"{w('trPr')}/{w('tblHeader')}")):
            return True
        written = [p for p in row.iter(w("p")) if any((t.text or "") for t in p.iter(w("t")))]
        if written and all(self.bold(paragraph) for paragraph in written):
            return True
        look = table.find(f"{w('tblPr')}/{w('tblLook')}")
        first = look is not None and "1" in (look.get(w("firstRow")), _bit(look.get(w("val"))))
        style = self._styles.get(_value(table.find(w("tblPr")), "tblStyle"))
        kinds = style.iter(w("tblStylePr")) if first and style is not None else ()
        return any(kind.get(w("type")) == "firstRow" for kind in kinds)

    def _of(self, paragraph: Any) -> Iterator[Any]:
        """The paragraph's style and all that it is based on."""
        name = _value(paragraph.find(w("pPr")), "pStyle")
        for _ in range(_MAX_CHAIN):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _value(style, "basedOn")

    def _chain(self, paragraph: Any) -> Iterator[tuple[Any, str]]:
        """The properties that count, the nearest first, each with the name of its style."""
        yield _properties(paragraph), ""
        for style in self._of(paragraph):
            yield _properties(style), _value(style, "name")


def _bit(look: str | None) -> str:
    """`1` where the first row is among what a table shows in another way; Word 2007's form."""
    digits = re.fullmatch(r"[0-9A-Fa-f]{1,8}", look or "")
    return "1" if digits and int(digits[0], 16) & 0x20 else "0"


def _properties(element: Any) -> Any:
    found = element.find(w("pPr"))
    return found if found is not None else ()


def _value(properties: Any, name: str) -> str:
    """The value of a property, `""` for none."""
    found = properties.find(w(name)) if properties is not None and len(properties) else None
    return str(found.get(w("val"), "")) if found is not None else ""
