"""Web pages: JSON-LD, details, headings, and the main text as a person sees it."""

import json

import pytest

from tests.readers.shape import blocks, entries, problems, read


def linked(*pairs: tuple[str, str]) -> str:
    questions = [
        {"@type": "Question", "name": name, "acceptedAnswer": {"@type": "Answer", "text": text}}
        for name, text in pairs
    ]
    page = {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": questions}
    return f'<script type="application/ld+json">{json.dumps([{"@graph": [page]}])}</script>'


def test_questions_in_json_ld_are_entries() -> None:
    page = linked(("How much?", "<p>Ten&nbsp;euro.</p><ul><li>tax<li>post</ul>"))
    page += linked(("Per night &amp; person?", "Yes &amp; no"))
    reading = read("a.html", "<title>Prices</title>\n" + page)
    assert entries(reading) == [
        ("a.html:q1", "How much?", "Ten euro.\ntax\npost"),
        ("a.html:q2", "Per night & person?", "Yes & no"),
    ]
    assert [d.line for d in reading.documents] == [2, 2]


def test_details_are_entries_with_their_anchor() -> None:
    page = """<link rel=canonical href=https://a.example/faq><main>
    <details id=when><summary>When <b>now</b>?</summary>At <i>ten</i>.</details></main>"""
    (document,) = read("a.html", page).documents
    assert (document.title, document.text) == ("When now?", "At ten.")
    assert (document.url, document.line) == ("https://a.example/faq#when", 2)


def test_details_that_hold_details_are_a_section() -> None:
    page = "<details><summary>Post</summary><details><summary>When?</summary>Now.</details>"
    assert entries(read("a.html", page)) == [("a.html:q1", "When?", "Now.")]


def test_a_question_on_the_page_and_in_json_ld_is_read_once() -> None:
    page = (
        linked(("How much?", "Ten."), ("When?", "At noon."))
        + """
    <link rel=canonical href=https://a.example/>
    <main><h2 id=much>How  much?</h2><p>Ten.</p><p>Call us.</p>
    <details id=when><summary>when?</summary>At noon.</details></main>"""
    )
    reading = read("a.html", page)
    assert entries(reading) == [
        ("a.html:q1", "How much?", "Ten."),
        ("a.html:q2", "When?", "At noon."),
    ]
    assert [d.url for d in reading.documents[:2]] == [
        "https://a.example/#much",
        "https://a.example/#when",
    ]
    assert [d.text for d in reading.documents[2:]] == ["Call us."]


def test_headings_that_ask_are_entries() -> None:
    page = "<h1>Help</h1><h2><button>Open on Sunday?</button></h2><div>No.</div>"
    assert entries(read("a.html", page)) == [("a.html:q1", "Open on Sunday?", "No.")]


ARTICLE = """\
<!doctype html><html lang="de"><head><title>Mills | Site</title>
<meta property="og:url" content="https://m.example/mills">
<meta property="og:site_name" content="Mill Site"></head>
<body><header>Menu</header><nav>Links</nav><section id=top><h1>Mills</h1>
bare text<p>In<b>line</b> <i>words</i>,<br>a new line and soft&shy;ness&#8203;.</p></section>
<time datetime="10:00">ten</time> <time datetime="2024-02-03T10:00Z">then</time>
<div>outer <div>inner</div> tail</div>
<ul><li>one<ul><li>two</ul></li><li><p>three</p></ul>
<table><caption>Parts</caption><tr><th>Part<th>Year<tr><th>Roof<td>1901</table>
<table><tr><td><h2 id=f>Frame</h2>laid out</table>
<p hidden>no</p><p aria-hidden="true">no</p><aside>no</aside><form><label>no</label><input value=no>
<button>no</button><select><option>no</select><textarea>no</textarea></form>
<template>no</template><noscript>no</noscript><style>no</style>
<script>no</script><footer>Imprint</footer></body></html>
"""


def test_an_article_is_what_a_person_sees() -> None:
    (document,) = read("a.html", ARTICLE).documents
    assert blocks(document) == [
        ("heading", "Mills"),
        ("paragraph", "bare text"),
        ("paragraph", "Inline words,\na new line and softness."),
        ("paragraph", "ten then"),
        ("paragraph", "outer"),
        ("paragraph", "inner"),
        ("paragraph", "tail"),
        ("item", "one"),
        ("item", "two"),
        ("item", "three"),
        ("paragraph", "Parts"),
        ("header", "Part | Year"),
        ("row", "Roof | 1901"),
        ("heading", "Frame"),
        ("paragraph", "laid out"),
    ]
    assert [b.anchor for b in document.blocks if b.kind == "heading"] == ["top", "f"]
    assert (document.title, document.publisher, document.language) == ("Mills", "Mill Site", "de")
    assert (document.url, document.date) == ("https://m.example/mills", "2024-02-03")


def test_main_is_read_and_the_rest_of_the_page_is_not() -> None:
    page = "<div>banner</div><main><header><h1>A</h1></header><p>Text.</p></main><p>more</p>"
    (document,) = read("a.html", page).documents
    assert document.text == "A\n\nText."


def test_json_ld_names_publisher_and_day() -> None:
    data = {"@type": "NewsArticle", "datePublished": "2024-01-02", "publisher": {"name": "Weekly"}}
    page = f'<script type="application/ld+json">{json.dumps(data)}</script><p>Text.'
    (document,) = read("a.html", page).documents
    assert (document.publisher, document.date) == ("Weekly", "2024-01-02")


def test_text_beside_the_entries_of_a_page_becomes_an_article() -> None:
    page = "<h1>Questions?</h1><p>We answer.</p><details><summary>When?</summary>Now.</details>"
    reading = read("a.html", page)
    assert entries(reading) == [("a.html:q1", "When?", "Now.")]
    assert blocks(reading.documents[1]) == [
        ("heading", "Questions?"),
        ("paragraph", "We answer."),
    ]


def test_broken_json_ld_is_a_problem_and_the_page_is_read() -> None:
    page = '<p>Text.</p>\n<script type="application/ld+json">\n{"a": nope}</script>'
    reading = read("a.html", page)
    assert problems(reading) == [
        "a.html:3: this JSON-LD is not JSON (Expecting value); mend it or remove it"
    ]
    assert [d.text for d in reading.documents] == ["Text."]


def test_a_question_in_json_ld_without_answer_is_a_problem() -> None:
    reading = read("a.html", linked(("When?", ""), ("", "Now."), ("Why?", "So.")))
    assert problems(reading) == [
        "a.html:1: this question has no answer; add the text of its acceptedAnswer or remove the "
        "question",
        "a.html:1: this entry has no question; add one or remove the entry",
    ]
    assert [title for _, title, _ in entries(reading)] == ["Why?"]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://a.example", "http://[x"])
def test_a_link_that_is_no_web_address_is_left_out(link: str) -> None:
    reading = read("a.html", f'<link rel="canonical" href="{link}"><p>Text.')
    assert problems(reading) == [
        f"a.html:1: url is not http or https: {link}; write it in full, from https:// on"
    ]
    assert [d.url for d in reading.documents] == [""]


@pytest.mark.parametrize("link", ["/returns", "returns.html", "//a.example/x", "?page=2"])
def test_a_relative_address_of_the_page_is_left_out_quietly(link: str) -> None:
    reading = read("a.html", f'<link rel=canonical href="{link}"><p>Text.')
    assert (problems(reading), [d.url for d in reading.documents]) == ([], [""])
    reading = read("a.html", f'<meta property="og:url" content="{link}"><p>Text.')
    assert (problems(reading), [d.url for d in reading.documents]) == ([], [""])


def test_an_absolute_address_counts_beside_a_relative_one() -> None:
    head = "<link rel=canonical href=/x><meta property=og:url content=https://a.example/x>"
    assert [d.url for d in read("a.html", head + "<p>Text.").documents] == ["https://a.example/x"]


def test_a_page_within_one_form_is_read_without_its_controls() -> None:
    page = """<form><h1>Shop</h1><p>We ship.</p><label>Name</label><input><button>Send</button>
    <h2><button>Where</button></h2><p>To Norway.</p><button aria-expanded=false>How</button>
    </form><button>After</button>"""
    (document,) = read("a.html", page).documents
    assert blocks(document) == [
        ("heading", "Shop"),
        ("paragraph", "We ship."),
        ("heading", "Where"),
        ("paragraph", "To Norway."),
        ("paragraph", "How"),
        ("paragraph", "After"),
    ]


def test_a_page_of_headings_alone_is_a_problem() -> None:
    reading = read("a.html", "<h1>Returns</h1><h2>How</h2>")
    assert (problems(reading), reading.documents) == (
        ["a.html:1: no text below its headings; add text or remove the file"],
        (),
    )


def test_nesting_without_end_is_a_problem() -> None:
    assert problems(read("a.html", "<div>" * 3000)) == [
        "a.html:1: elements nest more than 2000 deep; simplify the page"
    ]
