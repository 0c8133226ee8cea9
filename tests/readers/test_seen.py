"""What is quoted is what a reader sees: the same words, whichever format they are written in."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Document
from index.passages import split
from tests.readers.shape import blocks, read

# What is seen, and how HTML, Markdown and plain text may write it.
Atom = tuple[str, str, str, str]
LETTERS: list[Atom] = [(c, c, c, c) for c in "aeknrtAT7äж語"]
SPECIAL: list[Atom] = [
    ("é", "&eacute;", "&#233;", "é"),
    ("&", "&amp;", "&amp;", "&"),
    ("<", "&lt;", "&lt;", "<"),
    ("fi", "&#xFB01;", "ﬁ", "ﬁ"),
    ("ffl", "ﬄ", "&#64260;", "ﬄ"),
    ("", "&shy;", "&shy;", "\xad"),
    ("", "&#8203;", "\u200b", "\u200b"),
    ("", "\u202e", "\u202e", "\u202e"),
    ("", "<wbr>", "\ufeff", "\ufeff"),
    ("", "<!-- hid -->", "<!-- hid -->", ""),
    ("", "<span hidden>hid</span>", "<span hidden>hid</span>", ""),
    ("", "<i style='color:red; display: none'>hid</i>", "<i style='display:none'>hid</i>", ""),
    ("", "<template>hid</template>", "<template>hid</template>", ""),
    ("", "<b aria-hidden=true>hid</b>", "<b aria-hidden=true>hid</b>", ""),
]
SPACES: list[Atom] = [
    (" ", " ", " ", " "),
    (" ", "&nbsp;", "&nbsp;", "\xa0"),
    (" ", "\n  ", "\n", "\u2009"),
    (" ", "<br>", "<br>", "\u3000"),
    (" ", "&ensp;", "&#8239;", "\u202f"),
]
MARKS: list[Atom] = [
    ("", "", "", ""),
    ("", "<b>|</b>", "**|**", "|"),
    ("", "<code>|</code>", "<em>|</em>", "|"),
]
HIDDEN = [
    "<nav>hid</nav>", "<aside>hid</aside>", "<footer>hid</footer>", "<p hidden>hid</p>",
    "<div role='Navigation'>hid</div>", "<div role=dialog><p>hid</p></div>",
    "<dialog open>hid</dialog>",
    "<div style='DISPLAY:none!important'><p>hid</p></div>", "<noscript>hid</noscript>",
    "<script>hid()</script>", "<div popover>hid</div>", "<section role=complementary>hid</section>",
    "<table hidden><tr><td>hid</table>", "<svg><text>hid</text></svg>", "<!--\nhid\n-->",
]  # fmt: skip


@dataclass(frozen=True)
class Written:
    """One text, as it is seen and as each format has it."""

    seen: str
    html: str
    markdown: str
    plain: str


@dataclass(frozen=True)
class Part:
    """A block of a page: `cells` has one text, or a row of a table's."""

    kind: str
    cells: tuple[Written, ...]


def joined(*parts: Written | Atom) -> Written:
    texts = [p if isinstance(p, tuple) else (p.seen, p.html, p.markdown, p.plain) for p in parts]
    return Written(*("".join(column) for column in zip(*texts, strict=True)))


def marked(inner: Written, mark: Atom) -> Written:
    _, html, markdown, plain = (m.split("|") if "|" in m else ["", ""] for m in mark)
    around = (html, markdown, plain)
    texts = zip(around, (inner.html, inner.markdown, inner.plain), strict=True)
    return Written(inner.seen, *(text.join(ends) for ends, text in texts))


# Each word begins and ends with a letter, so that marks stand where Markdown takes them for marks.
words = st.tuples(
    st.sampled_from([letter for letter in LETTERS if letter[0] != "7"]),
    st.lists(st.sampled_from(LETTERS + SPECIAL), max_size=4),
    st.sampled_from(LETTERS),
    st.sampled_from(MARKS),
).map(lambda w: marked(joined(w[0], *w[1], w[2]), w[3]))
texts = st.lists(st.tuples(words, st.sampled_from(SPACES)), min_size=1, max_size=6).map(
    lambda pairs: joined(*(part for pair in pairs for part in pair), ("end",) * 4)
)
cells = words
parts = st.one_of(
    st.builds(Part, st.sampled_from(["heading", "paragraph", "item"]), texts.map(lambda t: (t,))),
    st.builds(Part, st.just("row"), st.lists(cells, min_size=2, max_size=2).map(tuple)),
)
pages = st.lists(st.tuples(parts, st.sampled_from(HIDDEN)), min_size=1, max_size=6)


def as_html(page: list[tuple[Part, str]]) -> str:
    tags = {"heading": "h2", "paragraph": "p", "item": "li"}
    shown = [
        f"<table><tr><td>{part.cells[0].html}</td><td hidden>hid</td><td>{part.cells[1].html}"
        "<tr hidden><td>hid</table>"
        if part.kind == "row"
        else f"<{tags[part.kind]}>{part.cells[0].html}</{tags[part.kind]}>"
        for part, _ in page
    ]
    around = "".join(text + hidden for text, (_, hidden) in zip(shown, page, strict=True))
    return f"<header>hid</header><p>begin</p>{around}"


def as_markdown(page: list[tuple[Part, str]]) -> str:
    return "begin\n\n" + "\n\n".join(_markdown(part) + f"\n\n{hid}" for part, hid in page)


def _markdown(part: Part) -> str:
    texts = [cell.markdown for cell in part.cells]
    if part.kind == "row":
        return f"| {texts[0]} | {texts[1]} |\n|---|---|"
    if part.kind == "heading":
        return "## " + texts[0].replace("\n", " ")
    return "- " * (part.kind == "item") + texts[0].replace(
        "\n", "\n  " * (part.kind == "item") or "\n"
    )


def as_plain(page: list[tuple[Part, str]]) -> str:
    return "begin\n\n" + "\n\n".join(_plain(part) for part, _ in page)


def _plain(part: Part) -> str:
    texts = [cell.plain for cell in part.cells]
    return (
        f"| {texts[0]} | {texts[1]} |"
        if part.kind == "row"
        else "- " * (part.kind == "item") + texts[0]
    )


def seen(page: list[tuple[Part, str]]) -> list[str]:
    cells = (cell.seen for part, _ in page for cell in part.cells)
    return ["begin", *(word for cell in cells for word in cell.split())]


@pytest.mark.parametrize(
    ("name", "write"), [("a.html", as_html), ("a.md", as_markdown), ("a.txt", as_plain)]
)
def test_every_word_comes_out_once_and_nothing_that_is_hidden(
    name: str, write: Callable[[list[tuple[Part, str]]], str]
) -> None:
    @settings(max_examples=14, deadline=None)
    @given(pages)
    def property_(page: list[tuple[Part, str]]) -> None:
        (document,) = read(name, write(page)).documents

        assert document.text.replace(" | ", " ").split() == seen(page)
        check_spans(document)

    property_()


def check_spans(document: Document) -> None:
    """Every quote that can be cut from the document holds, and no character in it is unseen."""
    assert all(
        c in "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Zl") for c in document.text
    )
    quoted = []
    for passage in split(document):
        assert document.text[passage.start : passage.end] == passage.text
        end = 0
        for sentence in passage.sentences:
            assert not passage.text[end : sentence[0]].strip()
            end = sentence[1]
        assert not passage.text[end:].strip()
        quoted.append(passage.text)
    whole = "".join(
        document.text[b.start : b.end]
        for b in document.blocks
        if b.kind != "heading" and b.kind != "header"
    )
    assert "".join("".join(quoted).split()) == "".join(whole.split())


def test_a_hidden_row_or_cell_of_a_table_is_no_text() -> None:
    page = """<table><tr><th>Day<th hidden>Key<th>Hours<tbody hidden><tr><td>Never<td>x<td>0
    <tbody><tr><td>Monday<td hidden>k1<td><p>nine</p>to five
    <tr style="display : none"><td>x</table>"""
    (document,) = read("a.html", page).documents

    assert blocks(document) == [("header", "Day | Hours"), ("row", "Monday | nine to five")]


def test_preformatted_lines_stay_lines() -> None:
    (document,) = read("a.html", "<pre>\nopen\n  shut\n</pre><p>two\nwords</p>").documents

    assert document.text == "open\nshut\n\ntwo words"


def test_a_tag_that_never_ends_hides_nothing_after_it() -> None:
    (document,) = read(
        "a.md", "Put the <title> first. <b hidden>Not this.</b> Then the rest."
    ).documents

    assert document.text.split() == ["Put", "the", "first.", "Then", "the", "rest."]


def test_a_hidden_main_is_not_the_page() -> None:
    (document,) = read("a.html", "<main hidden>Loading</main><main>The ferry.</main>").documents

    assert document.text == "The ferry."
