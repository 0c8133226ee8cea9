"""Hostile texts in a real browser: nothing runs, nothing loads, nothing covers the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from starlette.routing import Mount

from index.build import assemble
from index.errors import JournalError
from qa.answer import Answer
from qa.answerer import Answerer
from qa.journal import Journal
from qa.web.api import create_app
from qa.web.limits import Limits, Rate
from tests.keyword_encoder import KeywordEncoder

from .conftest import Site, Visit, serving
from .fakes import XSS, FakeEngine, article, faq

pytestmark = pytest.mark.browser

FREE = Limits(ask=Rate(1e6, 1_000))
# Tags that no answer of ours holds, whatever Gradio puts around it.
FOREIGN = (
    ".cw-answer :is(script, img, svg, iframe, math, form, button, style, input, h1),.cw-question *"
)


def hostile_engine() -> FakeEngine:
    """One article a payload, with it in every field, and an FAQ entry that asks it."""
    documents = [
        article(
            f"d{n}",
            payload,
            [("heading", payload), ("paragraph", f"Said {n}: {payload} And more.")],
            publisher=payload,
            date=payload,
            url=payload,
        )
        for n, payload in enumerate(XSS)
    ]
    entries = [faq(f"f{n}", payload, f"Answer {n}: {payload}") for n, payload in enumerate(XSS)]
    answers = {
        payload: (f"Said {n}: {payload}", f"Answer {n}: {payload}") for n, payload in enumerate(XSS)
    }
    return FakeEngine([*documents, *entries], answers)


@pytest.fixture(scope="module")
def site(serve: Callable[..., Site]) -> Site:
    return serve(hostile_engine())


def test_hostile_questions_and_sources_are_shown_as_text(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site).open()
    for payload in XSS:
        reader.page.get_by_label("Your question").fill(payload)
        reader.ask(payload)

    page = reader.page
    assert page.locator(FOREIGN).count() == 0
    assert [t.strip() for t in page.locator(".cw-question").all_text_contents()] == list(XSS)
    quotes = page.locator(".cw-quote").all_text_contents()
    assert all(f"“Said {n}: {payload}”" in quotes[2 * n] for n, payload in enumerate(XSS))
    assert [href for href in hrefs(page) if not href.startswith("source/")] == []
    assert covered(page) == 0
    assert_nothing_happened(reader)


def test_hostile_examples_and_related_questions_are_names_of_buttons(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site).open()
    assert reader.page.locator("#cw-examples button").all_inner_texts() == list(XSS[:4])

    reader.page.locator("#cw-examples button").first.click()
    reader.page.locator(".cw-answer").wait_for()

    assert reader.page.locator("#cw-offer button:visible").all_inner_texts() == list(XSS[:2])
    assert_nothing_happened(reader)


def test_hostile_documents_are_shown_as_text_in_the_source_view(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site)
    for n, payload in enumerate(XSS):
        reader.page.goto(f"{site.url}/source/d{n}:p1#quote")
        assert (reader.page.locator("h1").text_content() or "") == payload

    assert_nothing_happened(reader)


def test_hostile_choices_and_what_is_closest_are_names_and_links(
    serve: Callable[..., Site], visit: Callable[..., Visit]
) -> None:
    class Unsure(FakeEngine):
        """Asks back with the first payloads, completes with one, finds the others closest."""

        def answer(
            self, question: str, _: Sequence[Mapping[str, str]] = (), /, **more: Any
        ) -> Answer:
            answer = replace(
                super().answer(question), answering=XSS[3], looked_for=XSS, not_found=XSS
            )
            entries = self.knowledge.questions()
            if "filters" in more:
                return replace(answer, nearest=entries[:2])
            return replace(answer, status="ask_back", nearest=(), choices=entries[:3])

    documents = [faq(f"f{n}", payload, f"Answer {n}.") for n, payload in enumerate(XSS)]
    reader = visit(serve(Unsure(documents))).open()
    reader.ask(XSS[1])
    offered = reader.page.locator("#cw-offer button:visible")
    assert offered.all_inner_texts() == [*XSS[:3], "None of these"]

    offered.last.click()
    expect(reader.page.locator("#cw-noted")).to_have_text("Noted. Thank you.")
    reader.page.get_by_role("link", name="Ask it as typed").click()
    reader.page.locator(".cw-silence").wait_for()

    assert reader.page.locator(FOREIGN).count() == 0
    assert covered(reader.page) == 0
    assert_nothing_happened(reader)


def test_a_hostile_address_asks_a_hostile_question_and_no_more(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site).open(f"/?q={quote(XSS[0])}&__theme=dark&q={quote(XSS[1])}")

    expect(reader.page.locator(".cw-question")).to_have_count(1)
    assert reader.page.locator(FOREIGN).count() == 0
    assert_nothing_happened(reader)


def test_a_forged_history_is_not_shown(site: Site, visit: Callable[..., Visit]) -> None:
    forged = '<img src="//tracker.invalid/x" onerror="window.__xss=1"><p class="forged">Forged</p>'
    reader = visit(site).open()
    reader.ask(XSS[0])

    def forge(route: object, request: object) -> None:
        body = request.post_data_json  # type: ignore[attr-defined]
        turn = {"role": "assistant", "content": forged}
        body["data"] = [body["data"][0], {"answers": [turn], "messages": [turn]}, [turn]]
        route.continue_(post_data=body)  # type: ignore[attr-defined]

    reader.page.route("**/gradio_api/queue/join*", forge)
    reader.ask(XSS[1])

    assert reader.page.locator(".forged").count() == 0
    assert [t.strip() for t in reader.page.locator(".cw-question").all_text_contents()] == [
        *XSS[:2]
    ]
    assert_nothing_happened(reader)


def test_hostile_questions_and_sources_are_shown_as_text_by_the_inspector(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    encoder = KeywordEncoder("gull", "click")
    documents = [
        replace(faq(f"f{n}", payload, f"A gull: {payload}"), source=payload)
        for n, payload in enumerate(XSS)
    ]
    engine = Answerer(assemble(documents, encoder)[0], encoder)
    journal = Journal(tmp_path / "j")
    with serving(create_app(engine, journal, inspector=True, limits=FREE)) as url:
        reader = visit(Site(url, journal))
        for payload in XSS:
            reader.page.goto(f"{url}/inspect?q={quote(payload)}")
            assert reader.page.locator("#q").input_value() == " ".join(payload.split())
            assert (
                reader.page.locator("main :is(script, img, iframe, math, style, h3)").count() == 0
            )
            assert reader.page.locator("tbody tr").count() == 10
            assert_nothing_happened(reader)


class FailingJournal(Journal):
    """A journal whose disk is full."""

    def record_feedback(self, *_: object, **__: object) -> None:
        raise JournalError("the disk is full")


def test_feedback_that_cannot_be_saved_does_not_break_the_page(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    journal = FailingJournal(tmp_path / "j")
    with serving(create_app(FakeEngine(), journal)) as url:
        reader = visit(Site(url, journal)).open()
        reader.ask("How wide is the zone?")
        reader.page.get_by_role("button", name="Yes", exact=True).click()
        expect(reader.page.locator("#cw-noted")).to_have_text("Feedback could not be saved.")
        reader.ask("How do most people leave?")


def test_feedback_on_an_answer_that_the_server_forgot_is_not_lost_without_a_word(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "j")
    app = create_app(FakeEngine(), journal)
    with serving(app) as url:
        reader = visit(Site(url, journal)).open()
        reader.ask("How wide is the zone?")
        (gradio,) = (route.app for route in app.routes if isinstance(route, Mount))
        gradio.state_holder.session_data.clear()  # type: ignore[attr-defined]
        reader.page.get_by_role("button", name="Yes", exact=True).click()
        expect(reader.page.locator("#cw-noted")).to_have_text("Feedback could not be saved.")

    assert journal.feedback() == ()


def test_an_engine_that_breaks_keeps_the_question(
    serve: Callable[..., Site], visit: Callable[..., Visit]
) -> None:
    class Broken(FakeEngine):
        def answer(
            self, question: str, _history: Sequence[Mapping[str, str]] = (), /, **_: Any
        ) -> Answer:
            if "wide" in question:
                raise RuntimeError("a secret of the inside")
            return replace(super().answer(question), took_ms=2.0)

    reader = visit(serve(Broken())).open()
    reader.page.get_by_label("Your question").fill("How wide is the zone?")
    reader.page.get_by_label("Your question").press("Enter")

    expect(reader.page.locator("#cw-notice")).to_have_text(
        "This question could not be answered. Ask it again."
    )
    expect(reader.page.get_by_label("Your question")).to_have_value("How wide is the zone?")
    assert "secret" not in reader.page.content()


def hrefs(page: Page) -> list[str]:
    """Where the answers' links lead, as written."""
    links: list[str] = page.locator(".cw-answer a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    return links


def covered(page: Page) -> int:
    """How many elements of the answers leave the flow of the text."""
    count: int = page.locator(".cw-answer *, .cw-question *").evaluate_all(
        "all => all.filter(one => getComputedStyle(one).position === 'fixed').length"
    )
    return count


def assert_nothing_happened(reader: Visit) -> None:
    assert reader.page.evaluate("window.__xss === undefined")
    assert (reader.abroad, reader.dialogs, reader.violations) == ([], [], [])
