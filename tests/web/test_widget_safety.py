"""The widget on hostile pages and with hostile texts: nothing breaks in, nothing leaks out."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from .fakes import XSS
from .test_browser_access import violations
from .widget_guest import Guest, Sites, guests, widget_sites

pytestmark = pytest.mark.browser

LONG = "How long is the DMZ?"
# Tags that the widget never makes.
FOREIGN = ":is(script, img, svg, iframe, math, style, h1, object, embed, video, base, link, meta)"


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    with widget_sites() as served:
        yield served


@pytest.fixture
def enter(browser: Browser, sites: Sites) -> Iterator[Callable[..., Guest]]:
    sites.recorded.suggestions = [LONG]
    with guests(browser, sites) as entering:
        yield entering


def test_hostile_texts_are_shown_as_texts(enter: Callable[..., Guest], sites: Sites) -> None:
    guest = enter().open()
    for n, payload in enumerate(XSS):
        turn = guest.ask(f"xss {n}")
        turn.locator("summary").click()
        assert turn.locator(".title").first.text_content() == payload
        assert turn.locator(".differ b").text_content() == payload
        assert f"“Said: {payload}”" in (turn.locator(".say").first.text_content() or "")
        guest.box.fill(payload)
        guest.box.press("Enter")
        expect(guest.widget.locator(".question").last).to_have_text(payload)

    assert guest.widget.locator(FOREIGN).count() == 0
    assert guest.page.evaluate("window.__xss === undefined")
    assert (guest.abroad, guest.dialogs, guest.errors) == ([], [], [])
    assert not [url for url in _links(guest) if not url.startswith(("http://", "https://"))]
    assert not [url for url in _links(guest) if "tracker" in url and not url.startswith(sites.api)]


def _links(guest: Guest) -> list[str]:
    links: list[str] = guest.widget.locator("a").evaluate_all("all => all.map((one) => one.href)")
    return links


def test_hostile_choices_and_suggestions_are_names_of_buttons(
    enter: Callable[..., Guest], sites: Sites
) -> None:
    guest = enter().open(title=XSS[0], label=XSS[1], examples="|".join(XSS[:3]), intro=XSS[4])
    assert guest.widget.locator(".start .ask").all_text_contents() == list(XSS[:3])
    for status in ("ask_back", "abstained"):
        for n in range(len(XSS)):
            sites.recorded.answers[f"{status} {n}"] = {
                **sites.recorded.answers[f"xss {n}"],
                "status": status,
                "quotes": [],
                "citations": [],
                "disagreements": [],
            }
            turn = guest.ask(f"{status} {n}")
            assert XSS[n] in (turn.locator(".offer").first.text_content() or "")
    sites.recorded.suggestions = list(XSS)
    guest.box.press_sequentially("xss=1")
    expect(guest.widget.get_by_role("option").first).to_have_text(XSS[0])

    assert guest.widget.locator(FOREIGN).count() == 0
    assert guest.page.evaluate("window.__xss === undefined")
    assert (guest.abroad, guest.dialogs, guest.errors) == ([], [], [])


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("https://example.org/a?b=1#:~:text=c", "https://example.org/a?b=1#:~:text=c"),
        ("/source/p%3A1?start=0&end=4#quote", "{api}/source/p%3A1?start=0&end=4#quote"),
        ("javascript:window.__xss=1", None),
        ("java\tscript:window.__xss=1", None),
        (" javascript:window.__xss=1", None),
        ("data:text/html,<script>1</script>", None),
        ("//evil.example/source/", None),
        ("/admin", None),
        ("https:evil", None),
        ("", None),
    ],
)
def test_a_link_leads_to_the_web_or_to_the_source_view(
    enter: Callable[..., Guest], sites: Sites, link: str, leads: str | None
) -> None:
    wire = {**sites.recorded.answers["How do most North Koreans escape?"]}
    wire["citations"] = [{**wire["citations"][0], "link": link}]
    sites.recorded.answers["linked"] = wire

    turn = enter().open().ask("linked")

    found = turn.locator("sup a")
    assert found.count() == (1 if leads else 0)
    if leads:
        expect(found).to_have_attribute("href", leads.format(api=sites.api))
        expect(found).to_have_attribute("rel", "noopener noreferrer")
        expect(found).to_have_attribute("target", "_blank")


def test_a_host_page_with_hostile_css_does_not_reach_in(enter: Callable[..., Guest]) -> None:
    calm, hostile = enter().open(), enter().open("hostile")
    for guest in (calm, hostile):
        guest.ask(LONG).locator("summary").click()

    assert _looks(hostile) == _looks(calm)
    expect(hostile.panel).to_be_visible()


def _looks(guest: Guest) -> list[object]:
    """How every element of the widget is drawn, and where."""
    looks: list[object] = guest.widget.locator(".root *").evaluate_all(
        """all => all.map((one) => {
             const style = getComputedStyle(one), box = one.getBoundingClientRect();
             return [one.tagName, style.color, style.fontSize, style.letterSpacing, style.opacity,
                     style.textTransform, style.visibility, style.pointerEvents, style.cursor,
                     style.zIndex, Math.round(box.x), Math.round(box.width)] })"""
    )
    return looks


def test_a_strict_host_sees_no_violation(enter: Callable[..., Guest]) -> None:
    guest = enter().open("strict", accent="teal", examples=LONG)
    guest.ask(LONG).locator("summary").click()
    guest.box.press_sequentially("how")
    guest.widget.get_by_role("option").first.wait_for()
    guest.ask("How do most North Koreans escape?")
    guest.button("Yes").last.click()
    guest.ask("busy")

    assert guest.page.evaluate("broken") == []
    assert guest.errors == []
    assert guest.launcher.evaluate("node => getComputedStyle(node).position") == "fixed"


def test_nothing_is_stored_and_nobody_else_is_asked(enter: Callable[..., Guest]) -> None:
    guest = enter().open()
    guest.ask(LONG)
    guest.button("Yes").click()
    guest.ask("And how wide?")
    expect(guest.widget.get_by_role("status").first).to_have_text("Noted. Thank you.")

    stored = guest.page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
                        (await indexedDB.databases()).length, (await caches.keys()).length]"""
    )
    assert stored == [0, 0, "", 0, 0]
    assert guest.page.context.cookies() == []
    assert guest.abroad == []
    api = {url.split("?")[0] for url in guest.requests if url.startswith(guest.sites.api)}
    assert api == {f"{guest.sites.api}{p}" for p in ("/widget.js", "/api/ask", "/api/feedback")}


def test_requests_carry_neither_cookies_nor_where_the_reader_is(
    enter: Callable[..., Guest],
) -> None:
    guest = enter()
    guest.page.context.add_cookies([{"name": "id", "value": "1", "url": guest.sites.api}])
    guest.open(secret="in the address")
    with guest.page.expect_request(lambda request: request.url.endswith("/api/ask")) as asked:
        guest.ask(LONG)

    headers = asked.value.all_headers()
    assert "cookie" not in headers
    assert "referer" not in headers
    assert "secret" not in (asked.value.post_data or "")


@pytest.mark.parametrize("path", ["/demo?lang=de&label=Fragen", "/widget/frame?lang=ar&theme=dark"])
def test_our_own_pages_live_by_the_strictest_policy(
    enter: Callable[..., Guest], sites: Sites, path: str
) -> None:
    guest = enter()
    broken: list[str] = []
    guest.page.on("console", lambda message: broken.append(message.text))
    guest.page.goto(sites.api + path)
    guest.widget.locator(".panel").wait_for(state="attached")
    if "demo" in path:
        guest.launcher.click()
    guest.ask(LONG)

    assert broken == []
    assert violations(guest.page) == []


def test_a_script_that_is_loaded_twice_makes_one_widget(enter: Callable[..., Guest]) -> None:
    guest = enter().arrive()
    guest.page.add_script_tag(url=f"{guest.sites.api}/widget.js")

    expect(guest.widget).to_have_count(1)
    assert guest.errors == []
