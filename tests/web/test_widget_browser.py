"""What a reader does with the widget, on a page of another site, in a real Chromium."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from qa.question import MAX_CHARS

from .widget_guest import Guest, Sites, guests, widget_sites
from .widget_sites import WIRE

pytestmark = pytest.mark.browser

LONG = "How long is the DMZ?"
ESCAPE = "How do most North Koreans escape?"


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    with widget_sites() as served:
        yield served


@pytest.fixture
def enter(browser: Browser, sites: Sites) -> Iterator[Callable[..., Guest]]:
    sites.recorded.asked.clear()
    sites.recorded.feedback.clear()
    sites.recorded.feedback_status = 204
    with guests(browser, sites) as entering:
        yield entering


def test_an_answer_has_quotes_numbers_and_folded_sources(enter: Callable[..., Guest]) -> None:
    guest = enter().open()

    turn = guest.ask(ESCAPE)

    (quote,) = WIRE["faq"]["quotes"]
    expect(turn.locator(".say")).to_contain_text(f"“{quote['text']}”1")
    expect(turn.locator(".lead")).to_have_text(f"Answer to: {WIRE['faq']['citations'][0]['title']}")
    expect(turn.locator("mark")).to_be_hidden()
    turn.locator("summary").click()
    expect(turn.locator("mark")).to_have_text(quote["text"])
    expect(guest.widget.get_by_role("status").last).to_contain_text(quote["text"][:40])
    expect(guest.box).to_have_value("")


def test_a_citation_opens_the_source_on_the_api(enter: Callable[..., Guest], sites: Sites) -> None:
    guest = enter().open()
    turn = guest.ask(LONG)
    turn.locator("summary").click()

    with guest.page.context.expect_page() as opened:
        turn.get_by_role("link", name="Read in source").first.click()

    link = WIRE["differ"]["citations"][0]["link"]
    assert opened.value.url == f"{sites.api}{link}"
    assert opened.value.evaluate("opener") is None
    assert guest.heard[-1] == "source"


def test_sources_that_differ_are_named_before_the_quotes(enter: Callable[..., Guest]) -> None:
    turn = enter().open().ask(LONG)

    expect(turn.locator(".differ")).to_contain_text("Sources differ on the length:")
    expect(turn.locator(".differ li").first).to_have_text(
        "248 kilometres (M10News International Desk, 2025)1"
    )
    expect(turn.locator(".differ time").last).to_have_attribute("datetime", "2025-10-19")


def test_a_follow_up_shows_what_is_answered_and_can_be_asked_as_typed(
    enter: Callable[..., Guest], sites: Sites
) -> None:
    guest = enter().open()
    guest.ask(LONG)

    turn = guest.ask("And how wide?")
    expect(turn.locator(".quiet").first).to_contain_text("Answering: How wide is the DMZ?")
    guest.button("Ask it as typed").click()
    expect(guest.widget.locator(".turn")).to_have_count(3)

    first, second, third = sites.recorded.asked
    assert first == {"question": LONG, "history": []}
    assert second["history"] == [
        {"role": "user", "content": LONG},
        {"role": "assistant", "content": WIRE["differ"]["text"]},
    ]
    assert third == {"question": "And how wide?", "history": []}


def test_a_choice_is_asked_and_none_of_these_is_noted(
    enter: Callable[..., Guest], sites: Sites
) -> None:
    guest = enter().open()
    asked, choices = WIRE["ask_back"]["question"], WIRE["ask_back"]["choices"]
    turn = guest.ask(asked)
    expect(turn.locator(".say")).to_have_text("Did you mean one of these?")

    guest.button("None of these").click()
    expect(turn.get_by_role("status")).to_have_text("Noted. Thank you.")
    guest.button(choices[0]["text"]).click()
    expect(guest.widget.locator(".question").last).to_have_text(choices[0]["text"])

    assert sites.recorded.feedback == [
        {
            "answer": WIRE["ask_back"]["id"],
            "question": asked,
            "verdict": "none-of-these",
            "generation": "gen-1",
            "passages": [choice["passage"] for choice in choices],
        }
    ]
    assert guest.focused == choices[0]["text"]


def test_silence_shows_what_is_closest_and_whom_to_ask(
    enter: Callable[..., Guest], sites: Sites
) -> None:
    guest = enter().open(contact="mailto:help@site.example")

    turn = guest.ask(WIRE["abstained"]["question"])

    (near,) = WIRE["abstained"]["nearest"]
    expect(turn.locator(".say")).to_have_text("The sources don’t say.")
    expect(turn.locator(".answer > .quiet")).to_have_text(
        ["Looked for: line, drawn", "No source mentions: drawn", "Closest:"]
    )
    expect(turn.get_by_role("link", name=near["text"])).to_have_attribute(
        "href", f"{sites.api}/source/articles%2Fescape-and-its-background.md%3Ap1#quote"
    )
    expect(turn.get_by_role("link", name="Contact us")).to_have_attribute(
        "href", "mailto:help@site.example"
    )
    expect(guest.button("Wrong source")).to_have_count(0)


def test_what_every_source_may_mention_is_not_told_as_missing(enter: Callable[..., Guest]) -> None:
    turn = enter().open().ask(WIRE["silent"]["question"])

    expect(turn.locator(".answer > .quiet").first).to_contain_text("Looked for: won, world")
    expect(turn.get_by_text("No source mentions")).to_have_count(0)


def test_the_box_takes_no_more_than_is_read(enter: Callable[..., Guest]) -> None:
    expect(enter().open().box).to_have_attribute("maxlength", str(MAX_CHARS))


def test_small_talk_gets_its_reply_and_no_question_about_it(enter: Callable[..., Guest]) -> None:
    turn = enter().open().ask("hello")

    expect(turn.locator(".answer")).to_have_text("Hello. What would you like to know?")


def test_a_warning_comes_first(enter: Callable[..., Guest]) -> None:
    turn = enter().open().ask(WIRE["warning"]["question"])

    expect(turn.locator(".answer > *").first).to_have_text(WIRE["warning"]["warning"])


@pytest.mark.parametrize(
    ("name", "verdict"), [("Yes", "yes"), ("No", "no"), ("Wrong source", "wrong-source")]
)
def test_a_verdict_is_sent_and_stays_pressed(
    enter: Callable[..., Guest], sites: Sites, name: str, verdict: str
) -> None:
    guest = enter().open()
    turn = guest.ask(ESCAPE)

    guest.button(name).click()

    expect(turn.get_by_role("status")).to_have_text("Noted. Thank you.")
    expect(guest.button(name)).to_have_attribute("aria-pressed", "true")
    assert [sent["verdict"] for sent in sites.recorded.feedback] == [verdict]
    assert guest.heard[-1] == "feedback"


def test_a_verdict_that_could_not_be_kept_is_told(
    enter: Callable[..., Guest], sites: Sites
) -> None:
    guest = enter().open()
    turn = guest.ask(ESCAPE)
    sites.recorded.feedback_status = 503

    guest.button("Yes").click()

    expect(turn.get_by_role("status")).to_have_text("That did not work.")
    expect(turn.locator("[aria-pressed]")).to_have_count(0)


def test_copy_takes_the_sources_along(enter: Callable[..., Guest], sites: Sites) -> None:
    guest = enter(permissions=["clipboard-read", "clipboard-write"]).open()
    turn = guest.ask(LONG)

    guest.button("Copy").click()

    expect(turn.get_by_role("status")).to_have_text("Copy ✓")
    one, two = WIRE["differ"]["quotes"]
    lines = guest.page.evaluate("navigator.clipboard.readText()").split("\n")
    assert lines[0] == f"“{one['text']}” [1] “{two['text']}” [2]"
    assert lines[2] == (
        f"[2] {WIRE['differ']['citations'][1]['title']} 2025-10-19 "
        f"{sites.api}{WIRE['differ']['citations'][1]['link']}"
    )


def test_a_row_of_a_table_keeps_its_columns_and_its_place(enter: Callable[..., Guest]) -> None:
    turn = enter().open().ask("table")

    expect(turn.locator(".lead")).to_have_text("Zone | Length | Width")
    turn.locator("summary").click()
    expect(turn.locator("mark")).to_have_text("Buffer | 248 km | 4 km")
    expect(turn.locator("blockquote")).to_have_text("… Buffer | 248 km | 4 km …")


def test_restart_forgets_the_conversation(enter: Callable[..., Guest], sites: Sites) -> None:
    guest = enter().open(examples=f"{LONG}|{ESCAPE}")
    guest.button(ESCAPE).click()
    expect(guest.widget.locator(".say")).to_contain_text("The usual way out")

    guest.button("Restart").click()
    expect(guest.button(LONG)).to_be_visible()
    guest.ask(LONG)

    assert sites.recorded.asked[-1]["history"] == []
    assert guest.heard[:5] == ["ready", "open", "ask", "answer", "reset"]


def test_the_page_commands_the_widget_also_before_it_is_there(enter: Callable[..., Guest]) -> None:
    guest = enter().arrive(launcher="none")
    expect(guest.launcher).to_be_hidden()
    guest.page.locator("#own").focus()

    guest.page.evaluate("Citewell('on', 'answer', (e) => window.got = e.detail.answer.id)")
    guest.page.evaluate(f"Citewell('ask', {ESCAPE!r})")
    guest.page.wait_for_function(f"window.got === {WIRE['faq']['id']!r}")
    guest.page.evaluate("Citewell('close')")

    assert guest.focused == "Own"
    guest.page.evaluate("Citewell('toggle')")
    expect(guest.panel).to_be_visible()
    guest.page.evaluate("Citewell('no such thing'); Citewell('destroy'); Citewell('open')")
    expect(guest.widget).to_have_count(0)


def test_a_panel_in_the_page_needs_no_launcher(enter: Callable[..., Guest]) -> None:
    guest = enter().arrive("inline", title="Questions")

    guest.ask(ESCAPE)

    expect(guest.widget.get_by_role("region", name="Questions")).to_be_visible()
    expect(guest.launcher).to_have_count(0)
    expect(guest.button("Close")).to_have_count(0)


def test_an_owner_may_put_it_in_other_words(enter: Callable[..., Guest]) -> None:
    guest = enter().open(lang="nl", strings='{"ask": "Vraag", "title": "Hulp"}', suggest="false")

    expect(guest.button("Vraag")).to_be_visible()
    expect(guest.widget.get_by_role("dialog", name="Hulp")).to_be_visible()
    guest.box.press_sequentially("how")
    guest.page.wait_for_timeout(300)
    assert not [url for url in guest.requests if "/api/suggest" in url]


def test_a_slip_in_the_owners_own_words_costs_those_alone(enter: Callable[..., Guest]) -> None:
    guest = enter()
    warned: list[str] = []
    guest.page.on("console", lambda said: warned.append(said.text))

    guest.open(strings="{bad")

    expect(guest.button("Ask")).to_be_visible()
    assert [text for text in warned if text.startswith("Citewell: data-strings")]
    assert guest.errors == []
