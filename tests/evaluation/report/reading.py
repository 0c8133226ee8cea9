"""A page as a strict reader sees it."""

import re
from collections.abc import Iterator

import html5lib

from tests.web import shape

HOSTILE = (
    "\x00\x07\x1b[31mred\x7f\x85",
    "\u202edlrow olleh\u202c",
    "\u2067שלום\u2069 \u200f‏",
    "\ud800 half \ufffe \U0001ffff",
    "pneumo" * 1_700,
    "one\r\ntwo\rthree\u2028four",
    "{{ 7 * 7 }}{% raw %} %(x)s {0} \\u0041",
    " \t\n",
)


def parse(html: str) -> None:
    """Raises html5lib's ParseError for the first thing that is not HTML."""
    html5lib.HTMLParser(strict=True).parse(html)


def words(html: str) -> str:
    """All that is shown, with single spaces, cells and the like parted by one."""
    shown = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    apart = re.sub(r"(?=</(td|th|dt|dd|span|p|li)>)", " ", shown)
    return " ".join(shape.text(apart).split())


def attributes(html: str) -> Iterator[tuple[str, str]]:
    """Every attribute of every tag."""
    for _, given in shape.tags(html):
        yield from ((name, value or "") for name, value in given)


def ids(html: str) -> list[str]:
    """Every id, in order."""
    return [value for name, value in attributes(html) if name == "id"]


def assert_is_alone(html: str) -> None:
    """No script, nothing that is fetched, no link but to the web or into the page."""
    names = {name for name, _ in shape.tags(html)}
    assert names.isdisjoint({"script", "img", "link", "iframe", "object", "embed", "base", "form"})
    for name, value in attributes(html):
        assert not name.startswith("on")
        assert name not in ("src", "srcset", "style", "action", "xlink:href")
        assert name != "href" or value.startswith(("#", "https://", "http://"))
        assert "url(" not in value or value.startswith("url(#")
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
