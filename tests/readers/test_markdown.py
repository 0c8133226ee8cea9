"""Markdown: FAQs by their headings, articles, front matter."""

import pytest

from index.readers import Reading
from tests.readers.shape import blocks, entries, problems, read

FAQ = """\
---
title: Shop help
url: https://shop.example/help
date: 2025-03-07
language: no
tags: [orders, post]
---
# Help

## Orders
### How do I *cancel*? {#cancel}
Also asked as: Undo an order | Stop my order

Go to [orders](https://shop.example/o) &amp; press
`Cancel`.
### Can I change it?
Also asked as:
- Edit my order

Yes.
"""


def test_headings_that_ask_are_entries() -> None:
    first, second = read("help.md", FAQ).documents
    assert (first.id, first.title) == ("help.md:q1", "How do I cancel?")
    assert first.text == "Go to orders & press Cancel."
    assert first.alternates == ("Undo an order", "Stop my order")
    assert (first.line, first.url) == (11, "https://shop.example/help#cancel")
    assert (first.date, first.language, first.tags) == ("2025-03-07", "no", ("orders", "post"))
    assert (second.title, second.text, second.alternates) == (
        "Can I change it?",
        "Yes.",
        ("Edit my order",),
    )
    assert second.url == "https://shop.example/help#can-i-change-it"


def test_a_question_without_answer_is_named_and_the_others_are_read() -> None:
    reading = read("faq.md", "## A?\nOne.\n\n## B?\n## C?\nThree.")
    assert problems(reading) == [
        "faq.md:4: this question has no answer; add text below it or remove the heading"
    ]
    assert entries(reading) == [("faq.md:q1", "A?", "One."), ("faq.md:q3", "C?", "Three.")]


def test_text_beside_the_questions_becomes_an_article() -> None:
    reading = read(
        "faq.md", "# Help\nWe are here.\n## Post\n### When?\nNow.\n### Who?\nWe.\n## Us\nTwo."
    )
    assert entries(reading) == [("faq.md:q1", "When?", "Now."), ("faq.md:q2", "Who?", "We.")]
    article = reading.documents[-1]
    assert blocks(article) == [
        ("heading", "Help"),
        ("paragraph", "We are here."),
        ("heading", "Us"),
        ("paragraph", "Two."),
    ]


def test_a_question_over_questions_is_a_section() -> None:
    reading = read("faq.md", "# Help\n## How do I pay?\n### By card?\nYes.\n#### Which\nAll.")
    assert entries(reading) == [("faq.md:q1", "By card?", "Yes.\n\nWhich\n\nAll.")]
    assert problems(reading) == []


def test_an_article_with_one_rhetorical_heading_stays_one() -> None:
    text = "# Mills\n## Why mills?\nWater.\n## Roof\nTin.\n## Wheel\nOak."
    (document,) = read("mills.md", text).documents
    assert (document.kind, document.title, document.id) == ("article", "Mills", "mills.md")


@pytest.mark.parametrize(("kind", "kinds"), [("faq", ["faq"]), ("article", ["article"])])
def test_front_matter_decides_what_it_is(kind: str, kinds: list[str]) -> None:
    text = f"---\nkind: {kind}\n---\n# Help\n## Cancelling an order\nCall us."
    assert [d.kind for d in read("a.md", text).documents] == kinds


ARTICLE = """\
# Mills &mdash; a guide

Some **bold** and ![a wheel](w.png) <b>raw</b>
text.\\
Next line.

- one
  - two

  more
- three

> Quoted.

```
x = 1
```

| Part | Year |
|------|------|
| Roof | 1901 |
|      | 1902 |

<div>Shown <script>no()</script></div>
<!-- not shown -->

## Roof
## Roof
"""


def test_every_block_is_visible_text() -> None:
    (document,) = read("mills.md", ARTICLE).documents
    assert blocks(document) == [
        ("heading", "Mills — a guide"),
        ("paragraph", "Some bold and a wheel raw text.\nNext line."),
        ("item", "one"),
        ("item", "two"),
        ("paragraph", "more"),
        ("item", "three"),
        ("paragraph", "Quoted."),
        ("paragraph", "x = 1"),
        ("header", "Part | Year"),
        ("row", "Roof | 1901"),
        ("row", " | 1902"),
        ("paragraph", "Shown"),
        ("heading", "Roof"),
        ("heading", "Roof"),
    ]
    headings = [(b.level, b.anchor) for b in document.blocks if b.kind == "heading"]
    assert headings == [(1, "mills--a-guide"), (2, "roof"), (2, "roof-1")]


def test_details_in_markdown_are_entries() -> None:
    text = "<details><summary>Why?</summary>\n\nBecause **so**.\n\n</details>\n"
    assert entries(read("faq.md", text)) == [("faq.md:q1", "Why?", "Because so.")]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (
            "title: Mills\nurl: [",
            "a.md:3: front matter is not YAML (expected the node content, but found "
            "'<stream end>'); mend it or remove it",
        ),
        (
            "a: &x [1]\nb: *x",
            "a.md:1: front matter has an alias (`*name`); write the value out or quote it",
        ),
        ("a: " + "[" * 300, "a.md:1: front matter has more than 200 brackets; write plain lines"),
        (
            "a: " + "b" * 17_000,
            "a.md:1: front matter is longer than 16,000 characters; shorten it",
        ),
    ],
)
def test_a_file_with_broken_front_matter_is_left_out(head: str, message: str) -> None:
    # It may have said that the text is a draft.
    reading = read("a.md", f"---\n{head}\n---\nText.")
    assert (problems(reading), reading.documents) == ([message], ())


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (
            "date: soon",
            "a.md:2: date is not a day like 2025-10-19: soon; write it so",
        ),
        (
            "url: javascript:alert(1)",
            "a.md:2: url is not http or https: javascript:alert(1); write it in full, from "
            "https:// on",
        ),
        ("title: {a: b}", "a.md:2: title is an object, not text; write it as text"),
        (
            "title: Mills\n# dates\ntags:\n- x\ndate: soon",
            "a.md:6: date is not a day like 2025-10-19: soon; write it so",
        ),
        (
            "published: ''\nupdated: soon",
            "a.md:3: date is not a day like 2025-10-19: soon; write it so",
        ),
        ("\nkind: faqs", "a.md:3: kind is faq or article, not 'faqs'; write one of the two"),
    ],
)
def test_a_wrong_field_in_front_matter_is_a_problem_and_the_text_is_read(
    head: str, message: str
) -> None:
    reading = read("a.md", f"---\n{head}\n---\nText.")
    assert problems(reading) == [message]
    assert [(d.text, d.url, d.date) for d in reading.documents] == [("Text.", "", "")]


def test_prose_between_two_rules_is_text() -> None:
    (document,) = read("a.md", "---\n\nFirst part.\n\n---\nSecond.").documents
    assert document.text == "First part.\n\nSecond."


def test_an_id_in_front_matter_names_the_entries() -> None:
    assert entries(read("a.md", "---\nid: help\n---\n# Q?\nA.")) == [("help:q1", "Q?", "A.")]


def test_a_file_may_hold_one_entry_with_its_question_for_a_title() -> None:
    head = "---\nid: pay\ntitle: How do I pay?\nalternates:\n- Can I use a card?\n---\n"
    (document,) = read("pay.md", head + "By card.\n\nOr in cash.").documents
    assert (document.kind, document.id, document.title) == ("faq", "pay", "How do I pay?")
    assert (document.text, document.line) == ("By card.\n\nOr in cash.", 7)
    assert document.alternates == ("Can I use a card?",)


def test_nesting_without_end_is_a_problem() -> None:
    assert problems(read("a.md", ">" * 200 + " deep")) == [
        "a.md:1: nested too deep to read; take out some of the levels"
    ]


def test_html_that_nests_without_end_is_a_problem_and_the_rest_is_read() -> None:
    reading = read("a.md", "Text.\n\n" + "<div>" * 3000 + "deep\n\nMore.")
    assert problems(reading) == ["a.md:3: nested too deep to read; take out some of the levels"]
    assert [d.text for d in reading.documents] == ["Text.\n\nMore."]


def test_a_break_in_html_parts_lines_and_words() -> None:
    text = "# One<br>two\n\nfirst<br>second <BR />\nthird\n\n| a<br/>b |\n|---|\n| c<br>d |\n"
    (document,) = read("a.md", text).documents
    assert blocks(document) == [
        ("heading", "One two"),
        ("paragraph", "first\nsecond\nthird"),
        ("header", "a b"),
        ("row", "c d"),
    ]


@pytest.mark.parametrize(
    "text", ["# Returns\n", "# Returns\n\n## How\n", "# Returns\n\n| a | b |\n|---|---|\n"]
)
def test_an_article_without_text_is_a_problem(text: str) -> None:
    reading = read("a.md", f"\n{text}")
    assert (problems(reading), reading.documents) == (
        ["a.md:2: no text below its headings; add text or remove the file"],
        (),
    )


def test_a_table_header_without_rows_is_a_row() -> None:
    table = "| {} | b |\n|---|---|\n"
    text = f"Text.\n\n{table.format('a')}\n## Parts\n\n{table.format('c')}| d | e |\n"
    (document,) = read("a.md", text).documents
    assert blocks(document) == [
        ("paragraph", "Text."),
        ("row", "a | b"),
        ("heading", "Parts"),
        ("header", "c | b"),
        ("row", "d | e"),
    ]


@pytest.mark.parametrize("head", ["draft: true", "title: Mills\nDraft: True\ndate: soon"])
def test_nothing_is_read_of_a_draft(head: str) -> None:
    reading = read("help/a.md", f"---\n{head}\n---\n# When?\n\nNow.\n")
    assert reading == Reading(ignored=("help/a.md (draft)",))


@pytest.mark.parametrize("head", ["draft: false", "draft:", "draft: [true]", "title: draft"])
def test_what_is_no_draft_is_read(head: str) -> None:
    reading = read("a.md", f"---\n{head}\n---\nText.\n")
    assert ([d.text for d in reading.documents], reading.ignored) == (["Text."], ())
