import re
from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.documents import Block, Document
from qa.live import Live
from qa.web.source import View, render_view, source_routes
from qa.web.strings import languages

from . import shape
from .fakes import DOCUMENTS, GUARD, WIDTH, XSS, FakeEngine, article, faq


def client(engine: FakeEngine | None = None) -> TestClient:
    app = FastAPI()
    app.include_router(source_routes(Live(engine or FakeEngine())))
    return TestClient(app)


def test_the_whole_document_is_shown_under_its_title_publisher_and_date() -> None:
    page = client().get("/source/fortress:p1").text

    assert "<title>A border guarded like a fortress</title>" in page
    assert '<h1 dir="auto" lang="en">A border guarded like a fortress</h1>' in page
    assert "International Desk</span>" in page
    assert '<time datetime="2025-10-19">19 Oct 2025</time>' in page
    shown = shape.text(page)
    assert all(
        DOCUMENTS[2].text[block.start : block.end].split(" | ")[0] in shown
        for block in DOCUMENTS[2].blocks
    )


def test_around_the_source_the_page_speaks_the_readers_language() -> None:
    page = Block("paragraph", 0, 11, page=3)
    document = Document("map", "article", "Maps", "On the map.", "a.pdf", (page,), language="en")
    view = View(document, (0, 11), "2026-11-27T09:30:00+00:00", "changed")
    spanish, arabic = (render_view(view, "", languages()[code]) for code in ("es", "ar"))

    assert '<html lang="es">' in spanish
    assert '<article lang="en">' in spanish
    told = shape.text(spanish)
    assert "pág. 3" in told
    assert "Fuentes a fecha de 27 Nov 2026, 09:30 UTC" in told
    assert "Esta fuente ha cambiado" in told
    assert '<html lang="ar" dir="rtl">' in arabic
    asked = client().get("/source/fortress:p1", headers={"Accept-Language": "fr-CH,de;q=0.9"})
    assert "Poser une question" in asked.text
    assert asked.headers["vary"] == "Accept-Language"


def test_the_cited_sentence_is_marked_and_the_fragment_finds_it() -> None:
    start = len(f"{WIDTH} Its length is 248 kilometres. ")

    page = client().get(f"/source/fortress:p1?start={start}&end={start + len(GUARD)}").text

    assert f'kilometres. <mark id="quote">{GUARD}</mark> Mines' in page
    assert page.count("<mark") == 1


def test_a_span_over_several_blocks_is_marked_in_each_and_named_once() -> None:
    page = client().get("/source/fortress:p3").text

    row = '<tr><td><mark id="quote">Control line</mark></td><td><mark>250 km</mark></td>'
    assert row in page
    assert page.count('id="quote"') == 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?start=5",
        "?start=5&end=2",
        "?start=0&end=99999",
        "?start=-1&end=4",
        "?start=x&end=y",
        "?start=%C2%B2&end=%C2%B3",
        f"?start=0&end={'9' * 5000}",
    ],
)
def test_offsets_that_mean_nothing_mark_the_whole_passage(query: str) -> None:
    page = client().get(f"/source/map:p1{query}")

    whole = "On the map the zone measures 4 kilometres across. It runs from coast to coast."
    assert page.status_code == 200
    assert f'<mark id="quote">{whole}</mark>' in page.text


def test_headings_lists_and_tables_keep_their_form() -> None:
    names = [tag for tag, _ in shape.tags(client().get("/source/fortress:p1").text)]

    assert [name for name in names if name in ("h1", "h2", "h3")] == ["h1", "h2", "h2", "h2"]
    assert names.count("li") == 2
    assert (names.count("th"), names.count("td")) == (3, 6)


def test_headings_never_skip_a_level() -> None:
    document = article("deep", "Deep", [("heading", "A"), ("heading", "B"), ("paragraph", "Text.")])
    first, second, text = document.blocks
    blocks = (replace(first, level=4), replace(second, level=6), text)
    engine = FakeEngine([replace(document, blocks=blocks)])

    names = [tag for tag, _ in shape.tags(client(engine).get("/source/deep:p1").text)]

    assert [name for name in names if name[0] == "h" and name[1:].isdigit()] == ["h1", "h2", "h3"]


def test_an_article_that_opens_with_its_title_shows_it_once() -> None:
    engine = FakeEngine([article("twice", "Title", [("heading", "Title"), ("paragraph", "Text.")])])

    page = client(engine).get("/source/twice:p1").text

    assert page.count(">Title</h") == 1


PAGED = Document(
    "paged", "article", "Fares", "The ferry leaves.\nIt costs two.\nDogs ride free.", "fares.pdf",
    (Block("paragraph", 0, 17, page=3), Block("paragraph", 18, 31, page=4),
     Block("paragraph", 32, 47, page=4)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ((4, 17), [("p. 3", "ferry leaves.")]),
        ((18, 31), [("p. 4", "It costs two.")]),
        ((4, 47), [("p. 3", "ferry leaves."), ("p. 4", "It costs two.")]),
    ],
)
def test_the_page_stands_beside_the_words_that_are_cited(
    span: tuple[int, int], told: list[tuple[str, str]]
) -> None:
    page = render_view(View(PAGED, span, ""))

    beside = re.findall(r'<span class="page">(.*?)</span> <mark.*?>(.*?)</mark>', page)
    assert beside == told
    assert page.count('class="page"') == len(told)


def test_where_nothing_is_cited_or_there_are_no_pages_none_is_told() -> None:
    assert 'class="page"' not in render_view(View(PAGED, None, ""))
    assert 'class="page"' not in client().get("/source/fortress:p1").text


def test_only_a_web_address_becomes_a_link() -> None:
    page = client().get("/source/map:p1").text

    assert "https://example.org/map?a=1&b=2" in shape.hrefs(page)
    hostile = FakeEngine([replace(DOCUMENTS[3], url="javascript:window.__xss=1")])
    assert shape.hrefs(client(hostile).get("/source/map:p1").text) == ["/"]


@pytest.mark.parametrize("path", ["nothing", "../../etc/passwd", "a/b", "%00", "fortress:p99"])
def test_an_unknown_passage_is_a_page_that_says_so(path: str) -> None:
    page = client().get(f"/source/{path}", follow_redirects=False)

    assert page.status_code == 404
    if "text/html" in page.headers["content-type"]:
        assert "The sources hold no passage at this address." in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_page_may_run_no_script_and_load_only_its_own_style() -> None:
    page = client().get("/source/map:p1")

    assert page.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    assert "script" not in {tag for tag, _ in shape.tags(page.text)}


@pytest.mark.parametrize("payload", XSS)
def test_a_hostile_document_is_shown_as_text(payload: str) -> None:
    def page(text: str) -> str:
        entry = faq("f", text, text, publisher=text, date=text, language="en")
        return client(FakeEngine([replace(entry, source=text)])).get("/source/f").text

    html = page(payload)

    assert shape.text(html).count(payload) == 6  # title twice, publisher, date, source, answer
    assert [tag for tag, _ in shape.tags(html)] == [tag for tag, _ in shape.tags(page("harmless"))]


def test_the_page_of_what_is_cited_is_named() -> None:
    text = "First page.\n\nSecond page."
    blocks = (Block("paragraph", 0, 11, page=1), Block("paragraph", 13, 25, page=2))
    document = Document("a", "article", "A", text, "a.pdf", blocks)

    assert "<bdi>a.pdf</bdi></span><span>p. 2</span></p>" in render_view(
        View(document, (13, 25), "")
    )
    assert "<span>p. 1</span>" in render_view(View(document, (0, 11), ""))
