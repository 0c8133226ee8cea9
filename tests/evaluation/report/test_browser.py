"""The pages as files in a real browser: anyone can read them, and they ask for nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from qa.evaluation.report import calibration, comparison, evaluation
from tests.evaluation.report import sample
from tests.evaluation.report.conftest import Opened
from tests.evaluation.report.reading import HOSTILE
from tests.evaluation.report.test_evaluation import hostile_report
from tests.web.fakes import XSS
from tests.web.test_browser_access import LOOKS, background, sideways, violations

pytestmark = pytest.mark.browser

PAGES: dict[str, Callable[[], str]] = {
    "evaluation": lambda: evaluation(*sample.library(10)),
    "comparison": lambda: comparison(sample.comparison(), sample.flips(6, 4)),
    "calibration": lambda: calibration(sample.record()),
}
OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true })"
A4 = {"width": 673, "height": 986}  # what the page's margins leave, at 96 dots an inch

Open = Callable[..., Opened]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_anyone_can_read_it_in_any_look(opened: Open, name: str, look: str) -> None:
    page = opened(PAGES[name](), **LOOKS[look]).page
    page.evaluate(OPEN_ALL)

    assert sideways(page) == 0
    assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_it_asks_for_nothing_and_complains_of_nothing(opened: Open, name: str) -> None:
    reader = opened(PAGES[name]())
    reader.page.evaluate(OPEN_ALL)

    assert reader.requests == [reader.page.url]
    assert reader.console == []


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_an_a4_page_and_prints_light(opened: Open, name: str) -> None:
    page = opened(PAGES[name](), viewport=A4, color_scheme="dark").page
    assert background(page) == "rgb(22, 23, 26)"

    page.emulate_media(media="print")

    assert background(page) == "rgb(255, 255, 255)"
    assert sideways(page) == 0
    assert page.locator(".wide").evaluate_all(
        "all => all.filter(each => each.scrollWidth > each.clientWidth).length"
    ) == 0  # fmt: skip


def test_a_question_to_fix_opens_at_its_details(opened: Open) -> None:
    page = opened(PAGES["evaluation"]()).page

    page.locator(".fixes a").first.click()

    entry = page.locator(page.evaluate("location.hash"))
    expect(entry).to_be_visible()
    expect(entry).to_be_in_viewport()
    assert page.locator("details.one[open]").count() == 1


def test_the_keyboard_scrolls_a_wide_table(opened: Open) -> None:
    page = opened(PAGES["evaluation"](), viewport={"width": 375, "height": 700}).page
    table = page.get_by_role("region", name="Measures")

    table.focus()
    page.keyboard.press("ArrowRight")

    for _ in range(250):
        if table.evaluate("node => node.scrollLeft"):
            break
        page.wait_for_timeout(20)
    assert table.evaluate("node => node.scrollLeft") > 0


@pytest.mark.parametrize("width", [375, 1280])
def test_no_text_breaks_the_page_or_runs(opened: Open, width: int) -> None:
    text = " ".join([*XSS, *HOSTILE])
    reader = opened(hostile_report(text), viewport={"width": width, "height": 700})
    reader.page.evaluate(OPEN_ALL)

    assert sideways(reader.page) == 0
    assert outside(reader.page) == []
    assert reader.page.evaluate("window.__xss") is None
    assert (reader.console, reader.requests) == ([], [reader.page.url])


def outside(page: Page) -> list[Any]:
    """Elements that stick out of the window, but for what scrolls in a table's frame."""
    found: list[Any] = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(each =>
             !each.closest('.wide > *') && !each.closest('svg')
             && each.getBoundingClientRect().right > innerWidth + 1
           ).map(each => each.outerHTML.slice(0, 120))"""
    )
    return found
