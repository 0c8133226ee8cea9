"""Anyone can use the page: axe finds nothing, in any look, before and after an answer."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import Site, Visit
from .fakes import WIDTH, FakeEngine

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 375, "height": 700}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "viewport": PHONE},
    "dark phone": {"color_scheme": "dark", "viewport": PHONE},
}
SOURCE = f"/source/fortress:p1?start=0&end={len(WIDTH)}#quote"
looks = pytest.mark.parametrize("look", LOOKS)


@pytest.fixture(scope="module")
def site(serve: Callable[..., Site]) -> Site:
    return serve(FakeEngine())


@looks
def test_the_first_screen(site: Site, visit: Callable[..., Visit], look: str) -> None:
    page = visit(site, **LOOKS[look]).open().page

    assert violations(page) == []
    assert sideways(page) == 0


@looks
def test_answers_and_a_silence(site: Site, visit: Callable[..., Visit], look: str) -> None:
    reader = visit(site, **LOOKS[look]).open()
    reader.ask("How wide is the zone?")
    reader.ask("How long is the control line?")
    assert violations(reader.page) == []

    reader.ask("Who is the president of France?")

    assert violations(reader.page) == []
    assert sideways(reader.page) == 0


@looks
@pytest.mark.parametrize("path", [SOURCE, "/source/fortress:p3#quote", "/source/nothing"])
def test_the_source_view(site: Site, visit: Callable[..., Visit], look: str, path: str) -> None:
    page = visit(site, **LOOKS[look]).page
    page.goto(site.url + path)

    assert violations(page) == []
    assert sideways(page) == 0


@looks
def test_what_can_be_pressed_is_large_enough(
    site: Site, visit: Callable[..., Visit], look: str
) -> None:
    reader = visit(site, **LOOKS[look]).open()
    reader.ask("How wide is the zone?")

    boxes = [b.bounding_box() for b in reader.page.locator("button:visible, summary").all()]

    assert len(boxes) >= 8
    assert [box for box in boxes if box is None or min(box["width"], box["height"]) < 24] == []


def test_the_theme_can_be_forced(site: Site, visit: Callable[..., Visit]) -> None:
    dark = visit(site, color_scheme="light").open("/?__theme=dark").page
    light = visit(site, color_scheme="dark").open("/?__theme=light").page

    assert background(dark) == "rgb(22, 23, 26)"
    assert background(light) == "rgb(255, 255, 255)"


def violations(page: Page) -> list[str]:
    """Each rule broken, with where."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response
    return [
        f"{broken['id']}: {node['html'][:200]}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how much the page is wider than the window."""
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


def background(page: Page) -> str:
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour
