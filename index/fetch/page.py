"""A page as it is stored: in UTF-8, its address and the day it was fetched at its head."""

import codecs
import re
from collections.abc import Iterator
from datetime import date
from html import escape

from index.errors import FetchError
from index.fetch.address import Address

# As browsers read them: several names of old encodings stand for a larger one.
_LARGER = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "tis-620": "cp874",
}  # fmt: skip
# Python knows more by such names, and some of them run for long or are no encodings of text.
_TEXT = re.compile(
    r"utf-8|utf-16(-le|-be)?|cp(125\d|874|932|949|866)|iso8859-\d+|koi8-[ru]|gb18030|big5(hkscs)?"
    r"|euc_jp|iso2022_jp|mac-(roman|cyrillic)"
)
_MARKS = {
    codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be",
}  # fmt: skip
_NAMED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s*<!doctype[^>]*>", re.IGNORECASE)
_LOOKED_AT = 1024  # bytes in which a page has to name its encoding

# Opened from a disk, a page of the web runs nothing and calls nobody.
_INERT = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'\">"
)


def decoded(body: bytes, content_type: str) -> str:
    """The page as text: by its byte order mark, its header, what it says itself, or as UTF-8.

    An encoding that its bytes contradict is passed over; where all are, bytes are replaced.
    """
    names = list(_encodings(body, content_type))
    for name in names:
        try:
            return _tidy(body.decode(name))
        except UnicodeDecodeError:
            continue
    return _tidy(body.decode(names[0], "replace"))


def _encodings(body: bytes, content_type: str) -> Iterator[str]:
    yield from (name for mark, name in _MARKS.items() if body.startswith(mark))
    head = body[:_LOOKED_AT]
    for place in (content_type.encode("ascii", "replace"), head):
        if (named := _NAMED.search(place)) and (name := _encoding(named[1].decode("ascii"))):
            # A page that could be read for the name is not in UTF-16, whatever it says.
            yield "utf-8" if place is head and name.startswith("utf-16") else name
    yield from ("utf-8", "cp1252")


def _encoding(label: str) -> str:
    """Python's name of the encoding that a page means by `label`; "" for none of text."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    name = _LARGER.get(name, name)
    return name if _TEXT.fullmatch(name) else ""


def _tidy(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\0", "\ufffd")


def canonical(text: str, address: Address) -> Address:
    """The address that the page gives as its own, if that is of the same origin, else `address`.

    Raises FetchError where elements nest deeper than the reader takes.
    """
    from selectolax.lexbor import LexborHTMLParser

    from index.readers.markup import MAX_NESTING, too_deep

    if too_deep(text):
        raise FetchError(str(address), f"elements nest more than {MAX_NESTING} deep")
    node = LexborHTMLParser(text).css_first('link[rel="canonical"]')
    try:
        named = address.join((node and node.attributes.get("href")) or "")
    except FetchError:
        return address
    return named if named.site == address.site else address


def stored(text: str, address: Address, day: date) -> str:
    """`text` with its head begun by the encoding, `address` as canonical, and the day.

    What comes first counts, so that it holds against whatever the page says later. No line moves.
    """
    doctype = _DOCTYPE.match(text)
    place = doctype.end() if doctype else 0
    head = (
        f'<meta charset="utf-8">{_INERT}<link rel="canonical" href="{escape(str(address))}">'
        f'<meta name="citewell-fetched" content="{day.isoformat()}">'
    )
    return text[:place] + head + text[place:]
