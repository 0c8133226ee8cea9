"""What a reader of the widget sees where no answer comes, in a real Chromium."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from .widget_guest import Guest, Sites, guests, widget_sites

pytestmark = pytest.mark.browser

ESCAPE = "How do most North Koreans escape?"


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    with widget_sites() as served:
        yield served


@pytest.fixture
def enter(browser: Browser, sites: Sites) -> Iterator[Callable[..., Guest]]:
    with guests(browser, sites) as entering:
        yield entering


def test_a_question_can_be_stopped_and_is_back_in_its_box(enter: Callable[..., Guest]) -> None:
    guest = enter().open()
    guest.box.fill("slow")
    guest.box.press("Enter")
    expect(guest.widget.locator(".answer")).to_have_text("Searching…")

    guest.button("Stop").click()

    expect(guest.box).to_have_value("slow")
    expect(guest.widget.locator(".turn")).to_have_count(0)
    expect(guest.widget.locator(".start")).to_be_visible()
    expect(guest.button("Ask")).to_be_visible()
    assert guest.focused == "Your question"


def test_a_new_question_takes_the_place_of_one_under_way(enter: Callable[..., Guest]) -> None:
    guest = enter().open()
    guest.box.fill("slow")
    guest.box.press("Enter")

    guest.ask(ESCAPE)

    expect(guest.widget.locator(".question")).to_have_text([ESCAPE])


def test_offline_is_told_and_asking_again_works(enter: Callable[..., Guest]) -> None:
    guest = enter().open()
    guest.page.context.set_offline(True)
    turn = guest.ask(ESCAPE)
    expect(turn.locator(".say")).to_have_text("You are offline.")
    guest.page.context.set_offline(False)

    guest.button("Try again").click()

    expect(guest.widget.locator(".turn .say")).to_contain_text("The usual way out")
    expect(guest.widget.locator(".question")).to_have_text([ESCAPE])


def test_too_many_questions_count_down_to_another_try(enter: Callable[..., Guest]) -> None:
    guest = enter().open()

    turn = guest.ask("busy")

    expect(turn.locator(".say")).to_have_text("Too many questions right now.")
    expect(guest.button("Try again (2)")).to_be_disabled()
    expect(guest.button("Try again")).to_be_enabled()


@pytest.mark.parametrize(
    ("question", "told", "detail"),
    [
        ("full", "Too many questions right now.", ""),
        ("broken", "That did not work.", ""),
        ("too long", "That did not work.", "question: at most 500 characters"),
    ],
)
def test_a_refusal_is_told_without_what_is_inside(
    enter: Callable[..., Guest], question: str, told: str, detail: str
) -> None:
    guest = enter().open()

    turn = guest.ask(question)

    expect(turn.locator(".say")).to_have_text(told)
    assert turn.locator(".quiet").all_text_contents() == [detail]
    assert "secret" not in guest.page.content()
    assert guest.heard[-1] == "error"


def test_a_server_that_is_down_is_told(enter: Callable[..., Guest], sites: Sites) -> None:
    guest = enter().open()
    guest.page.route(f"{sites.api}/api/*", lambda route: route.abort("connectionrefused"))

    turn = guest.ask(ESCAPE)

    expect(turn.locator(".say")).to_have_text("The help is out of reach.")
