"""Characters that Word names by a place in a symbol font, as the characters that they look like."""

from collections.abc import Mapping

UNKNOWN = "\ufffd"

_PRIVATE = range(0xF000, 0xF100)  # where Word puts the 256 places of such a font


def _from(first: int, signs: str) -> dict[int, str]:
    return {place: sign for place, sign in enumerate(signs, first) if sign != UNKNOWN}


# From 0x20 and from 0xA0 on. Pieces that larger brackets are built of are left out.
_SYMBOL = {
    **_from(0x20, " !∀#∃%&∋()∗+,−./0123456789:;<=>?"),
    **_from(0x40, "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"),
    **_from(0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"),
    **_from(0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…"),
    **_from(0xBF, "↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑"),
    **_from(0xF1, "⟩∫"),
}
_WINGDINGS = {
    **dict.fromkeys((0x6C, 0x6E, 0x9F, 0xA7), "•"),
    **dict.fromkeys((0x6F, 0x71, 0xA8), "☐"),
    0x22: "✂",
    0x28: "☎",
    0x2A: "✉",
    0x4A: "☺",
    0x4C: "☹",
    0x76: "❖",
    0xD8: "➢",
    **_from(0xDF, "←→↑↓↖↗↙↘"),
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_FONTS: Mapping[str, Mapping[int, str]] = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
_OTHERS = ("webdings", "wingdings 2", "wingdings 3", "zapfdingbats", "mt extra")


def symbol(font: str, code: str) -> str:
    """The sign at the hexadecimal `code` of `font`; `UNKNOWN` where the tables have none."""
    try:
        place = int(code, 16)
    except ValueError:
        return UNKNOWN
    known = _FONTS.get(font.casefold())
    if known is not None:
        return known.get(place - 0xF000 if place in _PRIVATE else place, UNKNOWN)
    if font.casefold() in _OTHERS or 0xE000 <= place < 0xF900 or not 0x20 <= place < 0x10000:
        return UNKNOWN
    return chr(place) if chr(place).isprintable() else UNKNOWN


def with_signs(text: str, font: str) -> str:
    """`text` of a run in `font`, the private characters of a symbol font as their signs.

    They stay where the font is no such font: then the style has it, which `visible` guesses at.
    """
    name = font.casefold()
    known = {} if name in _OTHERS else _FONTS.get(name)
    if text.isascii() or known is None:
        return text
    return "".join(known.get(ord(c) - 0xF000, UNKNOWN) if ord(c) in _PRIVATE else c for c in text)
