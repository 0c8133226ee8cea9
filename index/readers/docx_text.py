"""What a reader sees of a piece of a Word document, when every tracked change is accepted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.readers.docx_symbols import symbol, with_signs
from index.readers.draft import one_line

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def w(name: str) -> str:
    """The full name of one of Word's elements or attributes."""
    return _W + name


# What holds text without being text: its content counts.
_AROUND = {
    *map(w, ("ins", "moveTo", "sdt", "sdtContent", "smartTag", "customXml", "hyperlink")),
    *map(w, ("fldSimple", "bdo", "dir")),
}
_BREAKS = {w("tab"): " ", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "-"}
_BLOCKS = {w("p"), w("tbl"), w("tr"), w("tc")}


def children(parent: Any) -> Iterator[Any]:
    """The paragraphs, tables, rows or cells right below, and those within what only holds them."""
    waiting = list(reversed(parent))
    while waiting:
        child = waiting.pop()
        if child.tag in _BLOCKS:
            yield child
        elif child.tag in _AROUND:
            waiting.extend(reversed(child))


def runs(paragraph: Any) -> Iterator[Any]:
    """The runs that are shown, in order."""
    waiting = list(reversed(paragraph))
    while waiting:
        child = waiting.pop()
        if child.tag == w("r") and not is_on(child.find(f"{w('rPr')}/{w('vanish')}")):
            yield child
        elif child.tag in _AROUND:
            waiting.extend(reversed(child))


def shown(paragraph: Any) -> str:
    """The paragraph's text."""
    text = _said(paragraph)
    return "\n".join(one_line(line) for line in text.split("\n")).strip()


def _said(parent: Any) -> str:
    return "".join(with_signs(_text(part), _font(run)) for run in runs(parent) for part in run)


def _font(run: Any) -> str:
    """The font that the run itself names; none where it has its style's."""
    fonts = run.find(f"{w('rPr')}/{w('rFonts')}")
    return "" if fonts is None else fonts.get(w("ascii")) or fonts.get(w("hAnsi"), "")


def _text(part: Any) -> str:
    if part.tag == w("br") and part.get(w("type"), "") in ("page", "column"):
        return " "
    if part.tag == w("sym"):
        return symbol(part.get(w("font"), ""), part.get(w("char"), ""))
    if part.tag == w("ruby"):  # the small letters above say how its base is spoken
        return "".join(map(_said, part.iterchildren(w("rubyBase"))))
    return part.text or "" if part.tag == w("t") else _BREAKS.get(part.tag, "")


def is_on(switch: Any) -> bool:
    """Whether a property like `<w:b/>` is there and not switched off."""
    return switch is not None and switch.get(w("val"), "1") not in ("0", "false", "off")


def boxes(paragraph: Any) -> list[Any]:
    """The contents of the text boxes that hang on a paragraph, each once."""
    found = []
    for box in paragraph.iter(w("txbxContent")):
        around = list(box.iterancestors(_CHOICE, w("txbxContent"), w("p")))
        nested = any(a.tag == w("txbxContent") for a in _before(around, paragraph))
        # A box stands there twice: as it is now, and for programs of before 2010.
        again = any(a.tag == _CHOICE and a[0] not in box.iterancestors() for a in around)
        if not nested and not again:
            found.append(box)
    return found


def _before(ancestors: list[Any], end: Any) -> Iterator[Any]:
    for ancestor in ancestors:
        if ancestor is end:
            return
        yield ancestor


class Notes:
    """The footnotes and endnotes of a document, by their numbers."""

    def __init__(self, document: "WordDocument") -> None:
        self._texts: dict[tuple[str, str], str] = {}
        for kind in ("footnote", "endnote"):
            self._read(document, kind)

    def of(self, paragraph: Any) -> Iterator[str]:
        """The text of each note that the paragraph refers to."""
        for run in runs(paragraph):
            for kind in ("footnote", "endnote"):
                for mark in run.findall(w(f"{kind}Reference")):
                    if text := self._texts.get((kind, mark.get(w("id"), ""))):
                        yield text

    def _read(self, document: "WordDocument", kind: str) -> None:
        from docx.oxml import parse_xml

        try:
            notes = parse_xml(document.part.part_related_by(f"{_RELATIONS}{kind}s").blob)
        except (KeyError, ValueError):  # it has none, or ones that are no XML
            return
        for note in notes.iter(w(kind)):
            text = " ".join(shown(paragraph) for paragraph in note.iter(w("p")))
            self._texts[kind, note.get(w("id"), "")] = text
