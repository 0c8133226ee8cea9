"""Anyone can use the widget: by keyboard alone, in any look, on any screen."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from .test_browser_access import sideways, violations
from .widget_guest import Guest, Sites, guests, widget_sites
from .widget_sites import WIRE

pytestmark = pytest.mark.browser

LONG = "How long is the DMZ?"
ESCAPE = "How do most North Koreans escape?"
PHONE = {"width": 375, "height": 700}
LOOKS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "light": ({"color_scheme": "light"}, {}),
    "dark": ({"color_scheme": "dark"}, {}),
    "phone": ({"viewport": PHONE}, {}),
    "dark phone": ({"color_scheme": "dark", "viewport": PHONE}, {}),
    "right to left": ({}, {"lang": "ar"}),
    "dark right to left phone": ({"color_scheme": "dark", "viewport": PHONE}, {"lang": "ar"}),
    "yellow": ({}, {"accent": "#facc15"}),
    "dark navy": ({"color_scheme": "dark"}, {"accent": "navy"}),
    "grey": ({}, {"accent": "#808080", "lang": "fr"}),
}
looks = pytest.mark.parametrize("look", LOOKS)


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    with widget_sites() as served:
        yield served


@pytest.fixture
def enter(browser: Browser, sites: Sites) -> Iterator[Callable[..., Guest]]:
    with guests(browser, sites) as entering:
        yield entering


@looks
def test_axe_finds_nothing_in_any_state(enter: Callable[..., Guest], look: str) -> None:
    options, settings = LOOKS[look]
    guest = enter(**options).open(examples=f"{LONG}|{ESCAPE}", contact="/contact", **settings)
    assert violations(guest.page) == []

    for state in ("differ", "follow_up", "ask_back", "abstained", "warning", "reply"):
        guest.ask(WIRE[state]["question"])
    guest.ask(ESCAPE).locator("summary").click()
    guest.ask("busy")
    guest.box.press_sequentially("how")
    guest.widget.get_by_role("option").first.wait_for()

    assert violations(guest.page) == []
    assert sideways(guest.page) == 0


def test_the_keyboard_alone_is_enough(enter: Callable[..., Guest]) -> None:
    guest = enter().arrive()
    press = guest.page.keyboard.press
    for _ in range(3):
        press("Tab")
    assert guest.focused == "Help"
    press("Enter")
    assert guest.focused == "Your question"
    guest.page.keyboard.type(ESCAPE)
    press("Enter")
    guest.widget.locator(".answer .say").wait_for()

    reached = [guest.focused]
    while guest.focused != "Restart" and len(reached) < 20:
        press("Shift+Tab")
        reached.append(guest.focused)

    assert reached[1] == WIRE["faq"]["related"][-1]["text"]
    assert {"Yes", "No", "Wrong source", "Sources (1)", "Help"} <= set(reached)
    assert any(name.startswith("1: Which route") for name in reached)
    press("Escape")
    expect(guest.panel).to_be_hidden()
    assert guest.focused == "Help"
    expect(guest.launcher).to_have_attribute("aria-expanded", "false")


def test_suggestions_are_walked_with_arrows_and_escape_closes_them_first(
    enter: Callable[..., Guest],
) -> None:
    guest = enter().open()
    options = guest.widget.get_by_role("option")
    guest.box.press_sequentially("how")
    expect(options).to_have_text([LONG, ESCAPE])
    expect(guest.box).to_have_attribute("aria-expanded", "true")

    guest.box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    guest.box.press("ArrowDown")
    assert guest.box.get_attribute("aria-activedescendant") is None
    guest.box.press("ArrowDown")
    expect(guest.box).to_have_attribute("aria-activedescendant", "option-0")

    guest.box.press("Escape")
    expect(options).to_have_count(0)
    expect(guest.panel).to_be_visible()
    guest.box.press("Escape")
    expect(guest.panel).to_be_hidden()


@pytest.mark.parametrize("by", ["Enter", "click"])
def test_a_suggestion_is_asked(enter: Callable[..., Guest], by: str) -> None:
    guest = enter().open()
    guest.box.press_sequentially("north")
    option = guest.widget.get_by_role("option", name=ESCAPE)
    option.wait_for()

    if by == "click":
        option.click()
    else:
        guest.box.press("ArrowDown")
        guest.box.press("Enter")

    expect(guest.widget.locator(".question")).to_have_text([ESCAPE])
    expect(guest.widget.get_by_role("option")).to_have_count(0)
    expect(guest.box).to_have_value("")


def test_on_a_phone_the_panel_is_all_there_is(enter: Callable[..., Guest]) -> None:
    guest = enter(viewport=PHONE).open()

    assert guest.panel.bounding_box() == {"x": 0, "y": 0, **PHONE}
    assert guest.panel.evaluate("panel => panel.matches(':modal')")
    reached = set()
    for _ in range(12):
        guest.page.keyboard.press("Tab")
        reached.add(guest.focused)
    assert {"Restart", "Close", "Your question", "Ask"} <= reached
    assert not {"Own", "A link"} & reached

    guest.page.set_viewport_size({"width": 900, "height": 700})
    expect(guest.panel).to_be_visible()
    guest.page.wait_for_function(
        "!document.querySelector('citewell-widget').shadowRoot.querySelector(':modal')"
    )


def test_an_open_widget_takes_neither_the_focus_nor_a_phone(enter: Callable[..., Guest]) -> None:
    wide, phone = enter().arrive(open="true"), enter(viewport=PHONE).arrive(open="true")

    expect(wide.panel).to_be_visible()
    assert wide.page.evaluate("document.activeElement === document.body")
    expect(phone.panel).to_be_hidden()


def test_what_can_be_pressed_is_large_enough(enter: Callable[..., Guest]) -> None:
    guest = enter(viewport=PHONE).open(examples=LONG)
    guest.ask(LONG)
    guest.ask("And how wide?")
    guest.ask(ESCAPE)

    pressed = guest.widget.locator("button:visible, summary").all()
    small = [name for name in map(_small, pressed) if name]

    assert small == ["Ask it as typed"]  # in a line of text, like a link


def _small(shown: Locator) -> str:
    """The name of what is less than 44 by 44 pixels."""
    box = shown.bounding_box()
    return "" if box and min(box["width"], box["height"]) >= 44 else shown.inner_text()


def test_nothing_is_wider_than_its_place(enter: Callable[..., Guest]) -> None:
    for options in ({"viewport": PHONE}, {}):
        guest = enter(**options).open()
        guest.ask("long").locator("summary").click()
        guest.ask(guest.sites.recorded.answers["long"]["question"])

        wide = guest.widget.locator(".log, .log *").evaluate_all(
            "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1 &&"
            " getComputedStyle(one).display !== 'inline').map((one) => one.outerHTML.slice(0, 80))"
        )
        assert wide == []


@pytest.mark.parametrize(
    ("accent", "written"),
    [("#facc15", "black"), ("white", "black"), ("#1d4ed8", "white"), ("#000", "white")],
)
def test_what_is_written_on_the_accent_can_be_read(
    enter: Callable[..., Guest], accent: str, written: str
) -> None:
    guest = enter().open(accent=accent)

    shown = guest.button("Ask").evaluate(
        """node => { const canvas = new OffscreenCanvas(1, 1).getContext("2d");
                     canvas.fillStyle = getComputedStyle(node).color;
                     canvas.fillRect(0, 0, 1, 1);
                     return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3) }"""
    )

    assert shown == ([0, 0, 0] if written == "black" else [255, 255, 255])


def test_a_site_may_change_the_theme_later(enter: Callable[..., Guest]) -> None:
    guest = enter(color_scheme="light").open(theme="dark")
    background = "panel => getComputedStyle(panel).backgroundColor"
    assert guest.panel.evaluate(background) == "rgb(22, 23, 26)"

    guest.widget.evaluate("widget => { widget.dataset.theme = 'light' }")

    assert guest.panel.evaluate(background) == "rgb(255, 255, 255)"


def test_forced_colours_leave_edges(enter: Callable[..., Guest]) -> None:
    guest = enter(forced_colors="active").open()

    for shown in (guest.launcher, guest.button("Ask"), guest.box, guest.panel):
        assert shown.evaluate("node => getComputedStyle(node).borderTopWidth") == "1px"
