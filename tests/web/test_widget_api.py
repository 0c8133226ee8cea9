"""The widget against the API as it is served, from a site that it lists and from another."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from qa.journal import Journal
from qa.web.api import create_app

from .conftest import Site, serving
from .harbour import FERRY, NINE, harbour
from .widget_guest import Guest, Sites, guests, widget_sites

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    with widget_sites() as served:
        yield served


@pytest.fixture(scope="module")
def site(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application itself, which takes questions from the host page."""
    journal = Journal(tmp_path_factory.mktemp("harbour") / "journal.sqlite3")
    with serving(create_app(harbour(), journal, origins=[sites.host])) as url:
        yield Site(url, journal)


@pytest.fixture
def enter(browser: Browser, sites: Sites) -> Iterator[Callable[..., Guest]]:
    with guests(browser, sites) as entering:
        yield entering


def test_a_question_is_suggested_answered_and_found_helpful(
    enter: Callable[..., Guest], site: Site
) -> None:
    guest = enter().open(endpoint=site.url)
    guest.box.press_sequentially("when does")
    guest.widget.get_by_role("option", name=FERRY).click()
    turn = guest.widget.locator(".turn")
    expect(turn.locator(".say").first).to_contain_text(NINE)

    guest.button("Yes").click()
    expect(turn.get_by_role("status")).to_have_text("Noted. Thank you.")
    turn.locator("summary").click()
    with guest.page.context.expect_page() as opened:
        turn.get_by_role("link", name="Read in source").first.click()

    expect(opened.value.locator("#quote")).to_contain_text(NINE)
    (kept,) = site.journal.feedback()
    assert (kept.question, kept.verdict) == (FERRY, "yes")


def test_a_follow_up_and_a_silence(enter: Callable[..., Guest], site: Site) -> None:
    guest = enter().open(endpoint=site.url)
    guest.ask(FERRY)

    guest.ask("And the boat?")
    turn = guest.ask("Who won the cup in 1998?")

    expect(turn.locator(".say")).to_have_text("The sources don’t say.")
    assert guest.errors == []


def test_a_question_that_is_too_long_says_so(enter: Callable[..., Guest], site: Site) -> None:
    guest = enter().open(endpoint=site.url)
    guest.box.evaluate("node => node.removeAttribute('maxlength')")

    turn = guest.ask("long " * 200)

    expect(turn.locator(".quiet")).to_contain_text("at most 500")


def test_a_site_that_is_not_listed_gets_no_answer(
    enter: Callable[..., Guest], tmp_path: Path
) -> None:
    app = create_app(harbour(), Journal(tmp_path / "journal"), origins=["https://listed.example"])
    with serving(app) as url:
        turn = enter().open(endpoint=url).ask(FERRY)

    expect(turn.locator(".say")).to_have_text("The help is out of reach.")


def test_the_application_has_a_demo_of_it(enter: Callable[..., Guest], site: Site) -> None:
    guest = enter()
    guest.page.goto(f"{site.url}/demo")
    guest.launcher.click()

    turn = guest.ask(FERRY)

    expect(turn.locator(".say").first).to_contain_text(NINE)
    assert [url for url in guest.requests if not url.startswith(site.url)] == []


def test_a_listed_site_frames_it_and_another_cannot(
    enter: Callable[..., Guest], site: Site, sites: Sites
) -> None:
    address = f"{site.url}/widget/frame?title=Harbour"
    listed, other = enter(), enter()
    listed.page.goto(f"{sites.host}/framed?frame={address}")
    other.page.goto(f"{sites.host.replace('127.0.0.1', 'localhost')}/framed?frame={address}")

    box = listed.page.frame_locator("iframe").get_by_role("combobox")
    box.fill(FERRY)
    box.press("Enter")

    expect(listed.page.frame_locator("iframe").get_by_text(NINE).first).to_be_visible()
    expect(other.page.frame_locator("iframe").get_by_role("combobox")).to_have_count(0)
