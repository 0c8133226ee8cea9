"""What the page does beyond an answer: follow-ups, choices, links, languages and paper."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from playwright.sync_api import expect

from .conftest import Site, Visit
from .fakes import FOLLOW_UP, HELLO, MEANT, ROUTE, WIDTH, FakeEngine

pytestmark = pytest.mark.browser

WIDE = "How wide is the zone?"
READ = "navigator.clipboard.readText()"


@pytest.fixture(scope="module")
def site(serve: Callable[..., Site]) -> Site:
    return serve(FakeEngine())


def test_a_follow_up_shows_how_it_was_completed_and_can_be_asked_as_typed(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site, permissions=["clipboard-read", "clipboard-write"]).open()
    reader.ask(WIDE)
    reader.ask(FOLLOW_UP)
    whole = reader.page.locator(".cw-whole")
    expect(whole).to_have_text(f"Answering: {WIDE} Ask it as typed")

    reader.page.get_by_role("button", name="Link").click()
    expect(reader.page.locator(".cw-copied")).to_have_text("Copied.")
    assert reader.page.evaluate(READ) == f"{site.url}/?q={quote(WIDE)}"
    whole.get_by_role("link", name="Ask it as typed").click()

    expect(whole).to_have_count(0)
    expect(reader.page.locator(".cw-question")).to_have_count(2)  # answered in its place
    expect(reader.page.locator(".cw-question").last).to_have_text(FOLLOW_UP)
    expect(reader.page.locator(".cw-question").last).to_be_focused()
    assert reader.page.url == f"{site.url}/"


def test_one_of_the_choices_asks_itself(site: Site, visit: Callable[..., Visit]) -> None:
    reader = visit(site).open()
    reader.ask(MEANT)
    expect(reader.page.locator(".cw-silence")).to_have_text("Did you mean one of these?")
    assert reader.page.get_by_role("button", name="Helpful").count() == 0

    reader.page.get_by_role("button", name="How do most people leave?").click()

    expect(reader.page.locator(".cw-quote")).to_contain_text(ROUTE)
    expect(reader.page.get_by_role("button", name="None of these")).to_be_hidden()


def test_none_of_the_choices_is_noted_and_the_closest_is_shown(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site).open()
    reader.ask(MEANT)

    reader.page.get_by_role("button", name="None of these").press("Enter")

    expect(reader.page.locator("#cw-noted")).to_have_text("Noted. Thank you.")
    expect(reader.page.locator(".cw-silence")).to_have_text("The sources don't say.")
    expect(reader.page.get_by_role("button", name="None of these")).to_be_hidden()
    expect(reader.page.get_by_role("button", name="Yes", exact=True)).to_be_hidden()
    expect(reader.page.locator(".cw-question")).to_be_focused()
    expect(reader.page.locator("#cw-noted")).to_be_in_viewport()
    last = site.journal.feedback()[-1]
    assert (last.question, last.verdict, last.passages) == (
        MEANT,
        "none-of-these",
        ("faq:1", "faq:2"),
    )


def test_small_talk_is_not_judged(site: Site, visit: Callable[..., Visit]) -> None:
    reader = visit(site).open()
    reader.ask(HELLO)

    expect(reader.page.locator(".cw-answer")).to_have_text("Hello. What would you like to know?")
    for name in ("Yes", "No", "Wrong source", "Copy", "Link"):
        expect(reader.page.get_by_role("button", name=name, exact=True)).to_be_hidden()


def test_the_sources_fold_away_with_the_keyboard(site: Site, visit: Callable[..., Visit]) -> None:
    reader = visit(site).open()
    reader.ask(WIDE)
    note = reader.page.locator(".cw-sources blockquote").first
    expect(note).to_be_visible()

    reader.page.locator(".cw-sources summary").press("Enter")

    expect(note).to_be_hidden()


def test_an_address_with_a_question_asks_it(site: Site, visit: Callable[..., Visit]) -> None:
    reader = visit(site).open(f"/?q={quote_plus(WIDE)}")

    expect(reader.page.locator(".cw-question")).to_have_text(WIDE)
    expect(reader.page.locator(".cw-quote").first).to_contain_text("four kilometres wide")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("x" * 600, "The question is too long: 500 characters are read at most. Shorten it."),
        ("%E2%80%8B", "The question is empty; type one."),
        ("%ED%A0%80", ""),
    ],
)
def test_an_address_that_asks_no_question_is_told_of(
    serve: Callable[..., Site], visit: Callable[..., Visit], asked: str, told: str
) -> None:
    from .test_conversation import StrictEngine

    reader = visit(serve(StrictEngine())).open(f"/?q={asked}")

    expect(reader.page.locator("#cw-notice")).to_have_text(told)
    assert reader.violations == []


@pytest.mark.parametrize(
    ("locale", "direction", "box", "summary", "date"),
    [
        ("en-GB", "ltr", "Your question", "2 sources", "19 Oct 2025"),
        ("de-AT", "ltr", "Ihre Frage", "2 Quellen", "19.10.2025"),
        ("fr-FR", "ltr", "Votre question", "2 sources", "19 oct. 2025"),
        ("es", "ltr", "Su pregunta", "2 fuentes", "19 oct 2025"),
        ("ar", "rtl", "سؤالك", "المصادر: 2", None),
        ("pt-BR", "ltr", "Your question", "2 sources", "19 de out. de 2025"),
    ],
)
def test_the_page_speaks_the_readers_language(
    site: Site,
    visit: Callable[..., Visit],
    locale: str,
    direction: str,
    box: str,
    summary: str,
    date: str | None,
) -> None:
    page = visit(site, locale=locale).page
    page.goto(f"{site.url}/?q={quote(WIDE)}")

    expect(page.locator(".cw-sources summary")).to_have_text(summary)
    expect(page.get_by_label(box)).to_be_visible()
    root = page.locator("html")
    expect(root).to_have_attribute("dir", direction)
    expect(root).to_have_attribute("lang", locale[:2] if box != "Your question" else "en")
    if date:
        expect(page.locator(".cw-origin time").first).to_have_text(date)
    quoted = page.locator(".cw-quote").first
    assert quoted.evaluate("node => getComputedStyle(node).direction") == "ltr"


def test_no_language_leaves_a_word_untranslated(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit(site, locale="de").page
    page.goto(f"{site.url}/?q={quote(MEANT)}")
    expect(page.locator(".cw-silence")).to_have_text("Meinten Sie eine davon?")

    shown = page.locator("body").inner_text()

    assert "cw_" not in shown
    assert "__i18n__" not in shown
    assert "Keine davon" in shown


def test_on_paper_stand_the_answers_and_their_sources(
    site: Site, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    reader = visit(site, color_scheme="dark", viewport={"width": 375, "height": 700}).open()
    page = reader.page
    reader.ask(WIDE)
    note = page.locator(".cw-sources blockquote").first
    expect(note).to_be_hidden()  # folded on a phone

    page.pdf(path=tmp_path / "page.pdf")  # fires what printing fires
    page.emulate_media(media="print")

    expect(note).to_be_visible()
    expect(page.locator(".cw-quote").first).to_contain_text(WIDTH)
    for control in ("#cw-ask", "#cw-tools"):
        expect(page.locator(control)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

    page.emulate_media(media="screen")
    reader.ask(MEANT)
    page.emulate_media(media="print")

    expect(page.get_by_role("button", name="Who guards the border?")).to_be_visible()
    expect(page.locator("#cw-none")).to_be_hidden()
