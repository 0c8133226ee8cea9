"""Anyone can use the page: axe finds nothing, in any look, before and after an answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from qa.answer import Answer
from qa.journal import Journal
from qa.web.api import create_app

from .conftest import Site, Visit, serving
from .fakes import FOLLOW_UP, HELLO, MEANT, WIDTH, FakeEngine
from .harbour import FERRY, harbour

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
SETTLED = """async () => {
    for (let still = 0, at = -1; still < 25; at = scrollY) {
        await new Promise(requestAnimationFrame);
        still = scrollY === at ? still + 1 : 0;
    }
}"""
DIFFER = "How wide is the zone?"


class Differing(FakeEngine):
    """Its two sources on the width say different things."""

    def answer(
        self, question: str, history: Sequence[Mapping[str, str]] = (), /, **more: Any
    ) -> Answer:
        answer = super().answer(question, history, **more)
        if question != DIFFER:
            return answer
        values = [{"value": "four", "quotes": [0]}, {"value": "4 km", "quotes": [1]}]
        return replace(answer, disagreements=({"about": "width", "values": values},))


@pytest.fixture(scope="module")
def site(serve: Callable[..., Site]) -> Site:
    return serve(Differing())


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    journal = Journal(tmp_path_factory.mktemp("inspected") / "journal.sqlite3")
    with serving(create_app(harbour(), journal, inspector=True)) as url:
        yield Site(url, journal)


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
def test_all_that_an_answer_can_be(site: Site, visit: Callable[..., Visit], look: str) -> None:
    reader = visit(site, **LOOKS[look]).open()
    page = reader.page
    reader.ask(DIFFER)
    reader.ask(FOLLOW_UP)
    reader.ask(HELLO)
    reader.ask(MEANT)
    assert violations(page) == []

    page.get_by_role("button", name="None of these").click()
    expect(page.locator("#cw-noted")).to_have_text("Noted. Thank you.")
    page.get_by_label("Your question").fill("one\ntwo\nthree\nfour")
    page.get_by_label("Your question").fill("")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#cw-notice")).to_have_text("The question is empty; type one.")

    assert violations(page) == []
    assert sideways(page) == 0


@pytest.mark.parametrize("look", ["light", "dark phone"])
def test_a_language_that_runs_from_right_to_left(
    site: Site, visit: Callable[..., Visit], look: str
) -> None:
    page = visit(site, locale="ar", **LOOKS[look]).page
    page.goto(f"{site.url}/?q={quote(DIFFER)}")
    page.locator(".cw-answer").wait_for()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")

    assert violations(page) == []
    assert sideways(page) == 0


@looks
@pytest.mark.parametrize("asked", ["", FERRY, "Which parachute?", "x" * 501])
def test_the_inspector(inspected: Site, visit: Callable[..., Visit], look: str, asked: str) -> None:
    reader = visit(inspected, **LOOKS[look])
    reader.page.goto(f"{inspected.url}/inspect?q={quote(asked)}")

    assert violations(reader.page) == []
    assert sideways(reader.page) == 0
    assert (reader.abroad, reader.dialogs) == ([], [])
    assert [line for line in reader.violations if "422" not in line] == []


def test_the_inspector_is_used_with_the_keyboard_alone(
    inspected: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(inspected, java_script_enabled=False).page
    page.goto(f"{inspected.url}/inspect")

    page.get_by_label("Question").press_sequentially(FERRY)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Answered")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(5)  # the names, and four passages


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
    """Each rule broken, with where, once the newest question has come to rest at the top.

    On its way there a button may lie half behind the question box, which axe takes for too small.
    """
    page.evaluate(SETTLED)
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
