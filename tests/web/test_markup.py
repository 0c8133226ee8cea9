import pytest
from markdown_it import MarkdownIt

from qa.web.markup import (
    cut,
    literal,
    marked,
    safe_link,
    source_link,
    spoken_date,
    spoken_moment,
    time_tag,
)

from . import shape
from .fakes import XSS


@pytest.mark.parametrize("payload", XSS)
def test_literal_text_reads_as_itself_and_holds_no_tag(payload: str) -> None:
    assert shape.tags(literal(payload)) == []
    assert shape.text(literal(payload)) == payload


@pytest.mark.parametrize("payload", XSS)
def test_markdown_finds_nothing_in_literal_text(payload: str) -> None:
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(literal(payload))

    assert shape.tags(html) == [("p", ()), ("/p", ())]
    assert shape.text(html).strip() == payload.strip()


def test_literal_text_is_exactly_numbers_for_marks_and_nothing_for_controls() -> None:
    assert literal("<b> 1*2\n") == "&#60;b&#62; 1&#42;2&#10;"
    assert literal("a\x00b\x1b[0m\ud800") == "ab&#91;0m"
    assert literal("naïve – 부산 ‘x’") == "naïve – 부산 ‘x’"


def test_cut_walks_a_stretch_in_and_out_of_spans() -> None:
    assert list(cut(0, 10, [(6, 8), (2, 4), (3, 5)])) == [
        (0, 2, False),
        (2, 4, True),
        (4, 5, True),
        (5, 6, False),
        (6, 8, True),
        (8, 10, False),
    ]
    assert list(cut(4, 6, [(0, 2), (8, 9)])) == [(4, 6, False)]


def test_marked_text_marks_only_the_span() -> None:
    assert marked("a <b> c", 0, 7, [(2, 5)]) == "a <mark>&#60;b&#62;</mark> c"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=1&c=2#:~:text=x", "https://example.org/a?b=1&#38;c=2#:~:text=x"),
        ("http://example.org/", "http://example.org/"),
        ("/source/p1?start=0&end=4#quote", "source/p1?start=0&#38;end=4#quote"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
        ("https://example.org/' x", "https://example.org/&#39;%20x"),
        ("HTTPS://example.org/", "HTTPS://example.org/"),
    ],
)
def test_links_lead_to_the_web_or_to_our_own_source_view(url: str, link: str) -> None:
    assert safe_link(url) == link


@pytest.mark.parametrize(
    "url",
    [
        "javascript:window.__xss=1",
        " javascript:window.__xss=1",
        "java\tscript:window.__xss=1",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "data:text/html,<script>1</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org/",
        "/sourcery",
        "/gradio_api/file=/etc/passwd",
        "https:",
        "https://[bad/",
        "https://:80/",
        "",
    ],
)
def test_other_links_are_none(url: str) -> None:
    assert safe_link(url) == ""


def test_a_passage_link_keeps_any_id_in_one_path_segment() -> None:
    assert source_link('a/b?c#d"') == "source/a%2Fb%3Fc%23d%22#quote"


@pytest.mark.parametrize(
    ("iso", "spoken"),
    [("2025-10-09", "9 Oct 2025"), ("2025", "2025"), ("autumn", "autumn"), ("", "")],
)
def test_dates_are_spoken_where_they_are_whole(iso: str, spoken: str) -> None:
    assert spoken_date(iso) == spoken


def test_a_date_carries_its_machine_form() -> None:
    assert shape.tags(time_tag("2025-10-09")) == [
        ("time", (("datetime", "2025-10-09"),)),
        ("/time", ()),
    ]
    assert time_tag("") == ""


@pytest.mark.parametrize(
    ("iso", "spoken"),
    [
        ("2026-11-27T09:30:00+00:00", "27 Nov 2026, 09:30 UTC"),
        ("2026-11-27T00:30:00+02:00", "26 Nov 2026, 22:30 UTC"),
        ("2026-11-27", "27 Nov 2026"),
        ("of late", "of late"),
    ],
)
def test_a_moment_is_told_in_the_time_of_nobody(iso: str, spoken: str) -> None:
    assert spoken_moment(iso) == spoken
