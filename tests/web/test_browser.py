"""What a reader does, in a real browser, on a real knowledge base."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, expect

from index.encoder import Encoder

from .conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.model]

FAQ = """---
kind: faq
publisher: Harbour Library
date: 2026-03-01
---

# Library questions

## How long can a book be kept?
A book can be kept for four weeks. After that it can be renewed twice at the desk or by telephone.

## What does it cost to join the library?
Joining the library is free for everyone who lives in the county. A lost card costs three euros.

## Can children borrow films?
Children may borrow films marked as suitable for their age. A parent signs for them once.

## How do I renew a library card?
Renewing a card takes five minutes.

Bring to the desk:

- the old card
- a passport

It is then valid for two years.
"""
RENEWING = """Renewing a card takes five minutes.

Bring to the desk:
the old card
a passport

It is then valid for two years."""
FAQ_QUESTIONS = re.findall("^## (.+)$", FAQ, re.MULTILINE)
ARTICLE = f"""---
title: A short history of the harbour library
publisher: Harbour Gazette
date: 2025-10-19
---

# A short history of the harbour library

## How it began

The library opened in a former fish hall in 1904. Its first librarian was Ada Holm, a teacher.

{"The building was repaired and enlarged several times in the years between. " * 60}

## The flood

A flood destroyed eleven thousand books in the cellar in February 1953. Readers from forty towns
sent replacements, which filled the shelves again within two years.

{"The reading room keeps a small exhibition about those days and what followed. " * 60}
"""
FLOOD = "How many books did the flood destroy?"
KEPT = "A book can be kept for four weeks."


@pytest.fixture(scope="module")
def site(
    serve: Callable[..., Site], tmp_path_factory: pytest.TempPathFactory, default_encoder: Encoder
) -> Site:
    import qa
    from index.build import build

    folder: Path = tmp_path_factory.mktemp("library")
    (folder / "faq.md").write_text(FAQ)
    (folder / "history.md").write_text(ARTICLE)
    build(folder, folder / "kb", default_encoder)
    return serve(qa.load(folder / "kb"))


def test_a_question_gets_its_sentence_with_a_number_and_a_source(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site).open()

    reader.ask("For how long may I keep a book?")

    answer = reader.page.locator(".cw-answer")
    expect(answer.locator(".cw-quote").first).to_contain_text(f"“{KEPT}")
    expect(answer.locator("sup a").first).to_be_visible()
    expect(answer.locator(".cw-quiet").first).to_have_text(
        "Answer to: How long can a book be kept?"
    )
    expect(answer.locator(".cw-origin").first).to_contain_text("Harbour Library · Mar 1, 2026")
    expect(answer.locator("mark").first).to_contain_text(KEPT)
    expect(reader.page.get_by_label("Your question")).to_have_value("")


def test_a_citation_opens_the_source_at_the_marked_sentence(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site).open()
    reader.ask(FLOOD)

    with reader.page.context.expect_page() as opened:
        reader.page.get_by_role("link", name="Read in source").first.click()

    source = opened.value
    expect(source.get_by_role("heading", level=1)).to_have_text(
        "A short history of the harbour library"
    )
    expect(source.locator("#quote")).to_contain_text("eleven thousand books")
    expect(source.locator("#quote")).to_be_in_viewport()
    assert source.evaluate("scrollY") > 500


def test_a_question_the_sources_do_not_answer_is_met_with_silence(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site).open()

    reader.ask("Who won the football world cup in 1998?")

    answer = reader.page.locator(".cw-answer")
    expect(answer.locator(".cw-silence")).to_have_text("The sources don't say.")
    assert answer.locator(".cw-quote, sup, .cw-sources").count() == 0
    expect(reader.page.get_by_role("button", name="Wrong source")).to_be_hidden()


@pytest.mark.parametrize(
    ("button", "verdict"), [("Yes", "yes"), ("No", "no"), ("Wrong source", "wrong-source")]
)
def test_feedback_is_noted_quietly_and_kept(
    site: Site, visit: Callable[..., Visit], button: str, verdict: str
) -> None:
    reader = visit(site).open()
    reader.ask(FLOOD)

    reader.page.get_by_role("button", name=button, exact=True).click()

    expect(reader.page.locator("#cw-noted")).to_have_text("Noted. Thank you.")
    last = site.journal.feedback()[-1]
    assert (last.question, last.verdict) == (FLOOD, verdict)
    assert last.passages[0].startswith("history.md")
    assert last.generation == "gen-1"


def test_an_example_asks_itself(site: Site, visit: Callable[..., Visit]) -> None:
    reader = visit(site).open()
    question = "What does it cost to join the library?"

    reader.page.get_by_role("button", name=question).click()

    expect(reader.page.locator(".cw-question")).to_have_text(question)
    expect(reader.page.locator(".cw-quote").first).to_contain_text("Joining the library is free")
    expect(reader.page.locator("#cw-examples")).to_be_hidden()


def test_the_keyboard_alone_asks_and_reaches_the_sources(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site).open()
    page = reader.page
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == FAQ_QUESTIONS[-1]
    page.keyboard.press("Tab")
    page.keyboard.type(FLOOD)
    page.keyboard.press("Enter")
    page.locator(".cw-answer").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"

    reached = []
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        reached.append(page.evaluate("document.activeElement.textContent").strip())

    assert any(name.startswith("Read in source") for name in reached)
    assert {"Yes", "No", "Wrong source", "Copy", "Link"} <= set(reached)
    assert any(re.fullmatch(r"\d sources?", name) for name in reached)


def test_an_answer_of_several_paragraphs_keeps_them(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site, permissions=["clipboard-read", "clipboard-write"]).open()

    reader.ask(FAQ_QUESTIONS[-1])

    (quoted,) = reader.page.locator(".cw-quote").all_inner_texts()
    assert quoted.split("”") == [f"“{RENEWING}", "\nSource\n1"]
    reader.page.get_by_role("button", name="Copy").click()
    expect(reader.page.locator(".cw-copied")).to_have_text("Copied.")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“{RENEWING}” [1]\n[1] {FAQ_QUESTIONS[-1]} ")


@pytest.mark.parametrize("width", [1280, 375])
def test_related_questions_are_clear_of_the_question_box(
    site: Site, visit: Callable[..., Visit], width: int
) -> None:
    window = {"width": width, "height": 600}
    reader = visit(site, viewport=window, reduced_motion="reduce").open()
    page = reader.page
    reader.ask(FAQ_QUESTIONS[-1])
    related = page.locator("#cw-offer button:visible")
    expect(related.first).to_be_visible()
    box = page.get_by_label("Your question")
    box.fill("one\ntwo\nthree\nfour")  # the bar at its highest

    for button in related.all():
        page.evaluate("scrollTo(0, 0)")
        button.focus()
        assert _bottom(button) <= _top(page.locator("#cw-ask"))
    # The page makes room for the bar a moment after it has grown.
    for _ in range(50):
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        if clear := _bottom(related.last) <= _top(page.locator("#cw-ask")):
            break
        page.wait_for_timeout(100)
    assert clear


def _top(shown: Locator) -> float:
    top: float = shown.evaluate("node => node.getBoundingClientRect().top")
    return top


def _bottom(shown: Locator) -> float:
    bottom: float = shown.evaluate("node => node.getBoundingClientRect().bottom")
    return bottom


def test_an_empty_question_is_told_and_a_long_one_stays_in_the_box(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site).open()
    box, notice = reader.page.get_by_label("Your question"), reader.page.locator("#cw-notice")

    reader.page.get_by_role("button", name="Ask", exact=True).click()
    expect(notice).to_have_text("The question is empty; type one.")
    box.fill("long " * 200)
    box.press("Enter")

    expect(notice).to_contain_text("500 characters are read at most")
    expect(box).to_have_value("long " * 200)
    reader.ask(FLOOD)
    expect(notice).to_have_text("")


def test_copy_and_link_give_the_answer_with_its_source(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site, permissions=["clipboard-read", "clipboard-write"]).open()
    reader.ask(FLOOD)
    read = "navigator.clipboard.readText()"

    reader.page.get_by_role("button", name="Copy").click()
    expect(reader.page.locator(".cw-copied")).to_have_text("Copied.")
    copied = reader.page.evaluate(read)
    reader.page.get_by_role("button", name="Link").click()
    reader.page.wait_for_timeout(200)

    assert copied.startswith("“A flood destroyed eleven thousand books")
    assert f"[1] A short history of the harbour library {site.url}/source/" in copied
    assert reader.page.evaluate(read) == f"{site.url}/?q={quote(FLOOD)}"


def test_two_readers_do_not_see_each_other(site: Site, visit: Callable[..., Visit]) -> None:
    first, second = visit(site).open(), visit(site).open()

    first.ask(FLOOD)
    second.ask("Can children borrow films?")

    assert first.page.locator(".cw-question").all_inner_texts() == [FLOOD]
    assert second.page.locator(".cw-question").all_inner_texts() == ["Can children borrow films?"]


def test_nothing_leaves_for_another_host_and_no_policy_is_broken(
    site: Site, visit: Callable[..., Visit]
) -> None:
    reader = visit(site).open()
    reader.ask(FLOOD)
    reader.page.get_by_role("button", name="Yes", exact=True).click()
    expect(reader.page.locator("#cw-noted")).to_have_text("Noted. Thank you.")
    reader.ask("Who won the football world cup in 1998?")

    assert (reader.abroad, reader.violations, reader.dialogs) == ([], [], [])
