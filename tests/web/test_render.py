from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from markdown_it import MarkdownIt

from qa.answer import Answer, Suggestion
from qa.web.render import render_answer, render_question
from qa.web.strings import languages

from . import shape
from .fakes import MAP, ROUTE, WIDTH, XSS, FakeEngine, faq

FIELDS = ("title", "publisher", "source", "date")


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


def test_each_quote_stands_in_quotation_marks_with_its_number(engine: FakeEngine) -> None:
    shown = shape.text(render_answer(engine.answer("How wide is the zone?")))

    assert shown.startswith(f"“{WIDTH}”Source 1“{MAP}”Source 22 sources")


def test_a_source_shows_title_headings_publisher_date_and_the_marked_sentence(
    engine: FakeEngine,
) -> None:
    html = render_answer(engine.answer("How wide is the zone?"))

    assert '<p class="cw-path" dir="auto">The buffer zone</p>' in html
    assert (
        '<bdi>International Desk</bdi> · <time datetime="2025&#45;10&#45;19">19 Oct 2025</time>'
        in html
    )
    assert "<mark>The zone is four kilometres wide&#46;</mark> Its length is 248" in html


def test_links_open_at_the_sentence_on_the_source_or_on_our_view_of_it(engine: FakeEngine) -> None:
    view = f"source/fortress:p1?start=0&end={len(WIDTH)}#quote"
    page = "https://example.org/map?a=1&b=2#:~:text=On%20the%20map"

    html = render_answer(engine.answer("How wide is the zone?"))

    assert shape.hrefs(html) == [view, page, view, page]


def test_an_faq_answer_names_its_question_unless_it_is_the_one_asked(engine: FakeEngine) -> None:
    lead = "Answer to: How do most people leave?"

    assert lead in shape.text(render_answer(engine.answer("Which way do they go?")))
    assert lead not in shape.text(render_answer(engine.answer("How do most people leave?")))


def test_quotes_of_one_passage_share_a_paragraph() -> None:
    second = "They travel on from there."
    both = FakeEngine(answers={"Both?": (ROUTE, second)}).answer("Both?")

    html = render_answer(both)

    assert html.count('<p class="cw-quote"') == 1
    assert f"“{ROUTE}”Source 1 “{second}”Source 2" in shape.text(html)


def test_a_quote_keeps_its_lines_in_one_pair_of_quotation_marks() -> None:
    text = "Bring to the desk:\n<b>the old card</b>\n\nIt is free."
    engine = FakeEngine([faq("faq:1", "How?", text)], {"How?": (text,)})

    html = render_answer(engine.answer("How?"))

    card = "&#60;b&#62;the old card&#60;&#47;b&#62;"
    said = f"Bring to the desk&#58;&#10;{card}&#10;&#10;It is free&#46;"
    assert html.startswith(f'<div class="cw-answer"><p class="cw-quote" dir="auto">“{said}”<sup>')
    assert (html.count("“"), html.count("”")) == (1, 1)


def test_a_row_stands_under_its_column_names(engine: FakeEngine) -> None:
    html = render_answer(engine.answer("How long is the control line?"))

    head = "".join(f'<th scope="col">{name}</th>' for name in ("Zone", "Length", "Width"))
    assert html.count(f"<thead><tr>{head}</tr></thead>") == 2  # as the answer, and in its source
    assert "<td><mark>Control line</mark></td><td><mark>250 km</mark></td>" in html


def test_a_row_that_does_not_fit_its_columns_follows_them(engine: FakeEngine) -> None:
    answer = engine.answer("How long is the control line?")
    odd = replace(answer, citations=(replace(answer.citations[0], header="Zone | Length"),))

    shown = shape.text(render_answer(odd))

    assert shown.startswith("Zone · Length“Control line | 250 km | 5 to 20 km”Source 1")


def test_a_silence_says_so_and_points_to_passages_without_quoting_them(engine: FakeEngine) -> None:
    answer = engine.answer("Who is the president of France?")

    html = render_answer(answer, [Suggestion("Measures", "fortress:p2")])

    assert shape.text(html) == "The sources don't say.Closest:Measures"
    assert shape.hrefs(html) == ["source/fortress%3Ap2?g=gen-1#quote"]
    assert "<mark>" not in html


def test_a_silence_says_what_was_looked_for_and_what_stands_nowhere(engine: FakeEngine) -> None:
    silent = engine.answer("Who is the president of France?")
    answer = replace(silent, looked_for=("president", "<b>"), not_found=("<b>",))

    assert shape.text(render_answer(answer)) == (
        "The sources don't say.Looked for: president, <b>. No source mentions: <b>."
    )


def test_differing_sources_are_shown_side_by_side_without_a_verdict(engine: FakeEngine) -> None:
    values = [{"value": "four", "quotes": [0]}, {"value": "4 km", "quotes": [1]}]
    answer = replace(
        engine.answer("How wide is the zone?"),
        disagreements=({"about": "width", "values": values},),
    )

    assert shape.text(render_answer(answer)).startswith(
        "Sources differ on the width:"
        "four (International Desk, 19 Oct 2025)Source 1"
        "4 km (The Review, 2025)Source 2“"
    )


def test_a_completed_follow_up_says_what_it_answers(engine: FakeEngine) -> None:
    answer = replace(engine.answer("How wide is the zone?"), answering="How wide is the DMZ?")

    assert shape.text(render_answer(answer)).startswith(
        "Answering: How wide is the DMZ? Ask it as typed“"
    )


@pytest.mark.parametrize("payload", XSS)
def test_a_question_is_echoed_as_typed_and_is_no_markup(payload: str) -> None:
    html = render_question(payload)

    assert shape.tags(html) == shape.tags(render_question("harmless"))
    assert shape.text(html) == payload


@pytest.mark.parametrize("payload", XSS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_a_source_is_no_markup(engine: FakeEngine, field: str, payload: str) -> None:
    answer = engine.answer("How wide is the zone?")

    html = render_answer(_with(answer, field, payload))

    assert payload in shape.text(html)
    assert _names(html) == _names(render_answer(_with(answer, field, "harmless")))


@pytest.mark.parametrize("payload", XSS)
def test_a_heading_is_no_markup(engine: FakeEngine, payload: str) -> None:
    answer = engine.answer("How wide is the zone?")
    citation = replace(answer.citations[0], headings=("Top", payload))

    html = render_answer(replace(answer, citations=(citation, *answer.citations[1:])))

    assert f"Top › {payload}" in shape.text(html)
    assert _names(html) == _names(render_answer(answer))


@pytest.mark.parametrize("payload", XSS)
def test_a_quote_and_its_paragraph_are_no_markup(payload: str) -> None:
    hostile, harmless = _answer_quoting(payload), _answer_quoting("harmless")

    html = render_answer(hostile)

    assert shape.text(html).count(payload) == 2
    assert _names(html) == _names(render_answer(harmless))


@pytest.mark.parametrize("payload", XSS)
def test_a_link_that_is_not_of_the_web_is_not_made(engine: FakeEngine, payload: str) -> None:
    answer = engine.answer("How wide is the zone?")

    html = render_answer(_with(answer, "link", payload))

    assert len(shape.hrefs(html)) == 2  # the other source's, in the text and below


@pytest.mark.parametrize("payload", XSS)
def test_markdown_leaves_a_whole_hostile_answer_as_it_is(payload: str) -> None:
    html = render_answer(_answer_quoting(payload))

    assert MarkdownIt("commonmark", {"html": True}).render(html).strip() == html


def _with(answer: Answer, field: str, value: str) -> Answer:
    changed: dict[str, Any] = {"publisher": "" if field == "source" else "P", field: value}
    citation = replace(answer.citations[0], **changed)
    return replace(answer, citations=(citation, *answer.citations[1:]))


def _answer_quoting(text: str) -> Answer:
    entry = faq("hostile", "Is it safe?", f"Before. {text} After.")
    return FakeEngine([entry], {"Is it safe?": (text,)}).answer("Is it safe?")


def _names(html: str) -> list[str]:
    return [tag for tag, _ in shape.tags(html)]


def test_small_talk_gets_its_reply_and_no_word_of_the_sources() -> None:
    answer = Answer("1", "Hi", "abstained", (), (), 0.1, "gen-1", 1.0, reply="Hello <there>.")

    assert shape.text(render_answer(answer)) == "Hello <there>."
    assert "<there>" not in render_answer(answer)


def test_what_was_typed_is_linked_so_that_no_mark_of_it_ends_the_link(engine: FakeEngine) -> None:
    typed = 'wide? & "more" <b>\'s #1'
    answer = replace(engine.answer("How wide is the zone?"), question=typed, answering="How wide?")

    (link, *_) = shape.hrefs(render_answer(answer))

    assert link == f"?q={quote(typed, safe='')}"


def test_our_own_words_are_in_the_readers_language_and_the_sources_in_theirs(
    engine: FakeEngine,
) -> None:
    values = [{"value": "four", "quotes": [0]}, {"value": "4 km", "quotes": [1]}]
    answer = replace(
        engine.answer("How wide is the zone?"),
        disagreements=({"about": "width", "values": values},),
    )

    shown = shape.text(render_answer(answer, (), languages()["de"]))

    assert shown.startswith("Die Quellen sind sich nicht einig (Breite):four (")
    assert f"“{WIDTH}”Quelle 1“{MAP}”Quelle 22 Quellen" in shown
    assert "In der Quelle lesen" in shown


@pytest.mark.parametrize("code", sorted(languages()))
def test_every_language_names_all_that_sources_can_differ_on(code: str) -> None:
    names = languages()["de"].about.keys()

    assert languages()[code].about.keys() == (names if code != "en" else set())


def test_a_silence_names_whom_to_ask_where_the_site_says(engine: FakeEngine) -> None:
    silent = engine.answer("Who is the president of France?")

    html = render_answer(silent, contact="mailto:desk@example.org?subject=<b>")

    assert shape.hrefs(html) == ["mailto:desk@example.org?subject=<b>"]
    assert shape.text(html) == "The sources don't say.Contact us"


@pytest.mark.parametrize(("language", "page"), [("en", "p. 3"), ("de", "S. 3"), ("es", "pág. 3")])
def test_a_source_with_pages_shows_which(engine: FakeEngine, language: str, page: str) -> None:
    answer = engine.answer("How wide is the zone?")
    on_page = replace(
        answer, citations=tuple(replace(citation, page=3) for citation in answer.citations)
    )
    assert f"International Desk · {page} · " in shape.text(
        render_answer(on_page, strings=languages()[language])
    )
    assert page not in shape.text(render_answer(answer, strings=languages()[language]))
