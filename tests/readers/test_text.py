"""Plain text: FAQs opened by dashes, articles with bare headings."""

import pytest

from tests.readers.shape import blocks, entries, problems, read

FAQ = """\
-
Where do you ship?
To Norway and Sweden.
Not to Iceland.
-
Is gift wrap free?
Also asked as: Do you wrap presents? | Gift wrap cost
Yes:
- paper
- ribbon
"""


def test_a_dash_opens_each_entry() -> None:
    reading = read("faq.txt", FAQ)
    assert entries(reading) == [
        ("faq.txt:q1", "Where do you ship?", "To Norway and Sweden.\n\nNot to Iceland."),
        ("faq.txt:q2", "Is gift wrap free?", "Yes:\npaper\nribbon"),
    ]
    assert [d.line for d in reading.documents] == [2, 6]
    assert reading.documents[1].alternates == ("Do you wrap presents?", "Gift wrap cost")
    assert blocks(reading.documents[1]) == [
        ("paragraph", "Yes:"),
        ("item", "paper"),
        ("item", "ribbon"),
    ]


def test_an_entry_without_answer_is_a_problem_and_keeps_its_number() -> None:
    reading = read("faq.txt", "-\nWhen?\n\n-\nWhere?\nHere.\n-\n")
    assert problems(reading) == [
        "faq.txt:2: this question has no answer; add text below it or remove the question"
    ]
    assert entries(reading) == [("faq.txt:q2", "Where?", "Here.")]


def test_text_above_the_first_entry_becomes_an_article() -> None:
    first, second = read("faq.txt", "We answer here.\n-\nWhen?\nNow.").documents
    assert (first.kind, first.id, first.text) == ("article", "faq.txt", "We answer here.")
    assert (second.kind, second.title, second.line) == ("faq", "When?", 3)


def test_dashes_between_the_sections_of_an_article_make_no_faq() -> None:
    (document,) = read("a.txt", "The first part.\n-\nThe second part.").documents
    assert (document.kind, document.text) == ("article", "The first part.\n\nThe second part.")


ARTICLE = """\
The Old Mill
By Harbour Weekly
The mill opened in 1820 and burned down twice.
How It Was Rebuilt
Volunteers raised the roof in a summer, and it stands now.
| Part | Year |
|---|---:|
| Roof | 1901 |
| Wheel | |
Visit: mill@example.org
"""


def test_an_article_has_headings_paragraphs_and_tables() -> None:
    (document,) = read("mill.txt", ARTICLE).documents
    assert (document.id, document.title, document.publisher) == (
        "mill.txt",
        "The Old Mill",
        "Harbour Weekly",
    )
    assert blocks(document) == [
        ("heading", "The Old Mill"),
        ("paragraph", "By Harbour Weekly"),
        ("paragraph", "The mill opened in 1820 and burned down twice."),
        ("heading", "How It Was Rebuilt"),
        ("paragraph", "Volunteers raised the roof in a summer, and it stands now."),
        ("header", "Part | Year"),
        ("row", "Roof | 1901"),
        ("row", "Wheel | "),
        ("paragraph", "Visit: mill@example.org"),
    ]
    assert [b.level for b in document.blocks if b.kind == "heading"] == [1, 2]


def test_a_title_may_stand_right_above_the_first_section() -> None:
    (document,) = read("a.txt", "The Mill\nIts Roof\nIt leaks.").documents
    assert [b.level for b in document.blocks] == [1, 2, 0]


def test_a_list_of_names_is_no_heading() -> None:
    (document,) = read("a.txt", "They came.\nAnn Lee\nBob Ray\nThey left.").documents
    assert [kind for kind, _ in blocks(document)] == ["paragraph"] * 4


def test_a_last_line_without_text_below_is_no_heading() -> None:
    (document,) = read("old-mill_facts.txt", "It burned.\nAll Rights Reserved").documents
    assert [kind for kind, _ in blocks(document)] == ["paragraph", "paragraph"]
    assert document.title == "Old mill facts"


WRAPPED = """\
A Wet Summer
The rain began on the second day of June and it did not stop
before the last boats had left the harbour, three weeks after
the fair.

1. Bring a coat
   with a hood
2. Bring boots
"""


def test_lines_broken_at_a_width_are_one_paragraph() -> None:
    (document,) = read("a.txt", WRAPPED).documents
    assert blocks(document) == [
        ("heading", "A Wet Summer"),
        (
            "paragraph",
            "The rain began on the second day of June and it did not stop before the last boats "
            "had left the harbour, three weeks after the fair.",
        ),
        ("item", "1. Bring a coat with a hood"),
        ("item", "2. Bring boots"),
    ]


def test_sentences_of_one_length_are_paragraphs() -> None:
    lines = ["The harbour was closed on Monday for the whole of the day.", "It opened on Tuesday."]
    (document,) = read("a.txt", "\n".join(lines)).documents
    assert [text for _, text in blocks(document)] == lines


def test_a_head_names_what_the_file_is() -> None:
    head = "Title: Mills\nPublisher: Weekly\nDate: 2024/5/6\nURL: https://m.example\n"
    (document,) = read("a.txt", head + "Language: en\nTags: mill, water\n\nText.").documents
    assert (document.title, document.publisher, document.date) == ("Mills", "Weekly", "2024-05-06")
    assert (document.url, document.language) == ("https://m.example", "en")
    assert (document.tags, document.text, document.line) == (("mill", "water"), "Text.", 8)


def test_a_head_without_a_blank_line_is_text() -> None:
    (document,) = read("a.txt", "Date: today.\nMore.").documents
    assert document.text == "Date: today.\n\nMore."


def test_a_head_names_the_line_of_what_is_wrong() -> None:
    assert problems(read("a.txt", "Title: Mills\nPublisher: Weekly\nDate: soon\n\nText.")) == [
        "a.txt:3: date is not a day like 2025-10-19: soon; write it so"
    ]


@pytest.mark.parametrize("line", ["Topic: Returns", "Source: Weekly", "Link: x", "Id: 7"])
def test_only_the_six_names_make_a_head(line: str) -> None:
    (document,) = read("a.txt", f"{line}\n\nText.").documents
    assert (document.id, document.text) == ("a.txt", f"{line}\n\nText.")
    assert (document.publisher, document.url, document.tags) == ("", "", ())


def test_a_name_twice_makes_no_head() -> None:
    (document,) = read("a.txt", "Tags: a\nTags: b\n\nText.").documents
    assert (document.text, document.tags) == ("Tags: a\n\nTags: b\n\nText.", ())


@pytest.mark.parametrize("title", ["Our FAQ\n", "\nOur FAQ\n\n"])
def test_a_title_above_the_first_entry_is_no_article(title: str) -> None:
    reading = read("a.txt", f"{title}-\nWhen?\nNow.\n")
    assert [(d.kind, d.title) for d in reading.documents] == [("faq", "When?")]
    assert problems(reading) == []


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ("3. Oktober ist frei.", [("item", "3. Oktober ist frei.")]),
        ("- 5 Grad", [("paragraph", "- 5 Grad")]),
        (
            "Nachts:\n- 5 Grad\n1. Mai",
            [*[("paragraph", t) for t in ("Nachts:", "- 5 Grad")], ("item", "1. Mai")],
        ),
        ("- 5 eggs\n- 2 pans", [("item", "5 eggs"), ("item", "2 pans")]),
        ("- 5 eggs,\n  fresh\n• salt", [("item", "5 eggs, fresh"), ("item", "salt")]),
        ("* alone", [("item", "alone")]),
        ("2) second", [("item", "2) second")]),
    ],
)
def test_what_a_mark_of_a_list_is_and_what_a_number(
    answer: str, seen: list[tuple[str, str]]
) -> None:
    (document,) = read("a.txt", f"-\nWhen?\n{answer}\n").documents
    assert blocks(document) == seen


LABELLED = """\
Q: Where do you ship?
A: To Norway and Sweden.
Not to Iceland.

Only by boat.

Q: Is gift wrap
free?
Also asked as: Do you wrap presents? | Gift wrap cost

A:
Yes:
- paper
- ribbon
"""


def test_a_label_opens_each_question_and_each_answer() -> None:
    reading = read("faq.txt", LABELLED)
    assert entries(reading) == [
        (
            "faq.txt:q1",
            "Where do you ship?",
            "To Norway and Sweden.\n\nNot to Iceland.\n\nOnly by boat.",
        ),
        ("faq.txt:q2", "Is gift wrap free?", "Yes:\npaper\nribbon"),
    ]
    assert [d.line for d in reading.documents] == [1, 7]
    assert reading.documents[1].alternates == ("Do you wrap presents?", "Gift wrap cost")
    assert (len(reading.documents), problems(reading)) == (2, [])


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Q:", "A:"),
        ("q.", "a."),
        ("Question:", "Answer:"),
        ("QUESTION :", "answer :"),
        ("  Q：", "  A："),
        ("-\nQ:", "A:"),
    ],
)
def test_the_labels_are_written_in_many_ways(question: str, answer: str) -> None:
    text = f"{question} When?\n{answer} Now.\n{question} Where?\n\n{answer} Here.\n"
    reading = read("a.txt", text)
    assert entries(reading) == [("a.txt:q1", "When?", "Now."), ("a.txt:q2", "Where?", "Here.")]
    assert (len(reading.documents), problems(reading)) == (2, [])


def test_a_labelled_question_without_answer_is_a_problem_and_keeps_its_number() -> None:
    reading = read("a.txt", "Q: When?\nSoon.\n\nQ: Where?\nA: Here.\nQ: Why?\nA:\nQ:\nA: So.\n")
    remedy = "add a line `A: …` below it or remove the question"
    assert problems(reading) == [
        f"a.txt:1: this question has no answer; {remedy}",
        f"a.txt:6: this question has no answer; {remedy}",
        "a.txt:8: this entry has no question; add one or remove the entry",
    ]
    assert entries(reading) == [("a.txt:q2", "Where?", "Here.")]


def test_only_the_first_label_of_an_answer_is_no_part_of_it() -> None:
    assert entries(read("a.txt", "Q: Who?\nA. Ann\nA. Lee\n")) == [
        ("a.txt:q1", "Who?", "Ann\n\nA. Lee")
    ]


@pytest.mark.parametrize(
    "text", ["Q: When?\nNow.", "A: Now.\nQ: When?", "Quebec: x\nA: y", "Q.E.D.\nA: y", "Q\nA: y"]
)
def test_without_a_question_and_its_answer_labels_are_text(text: str) -> None:
    (document,) = read("a.txt", text).documents
    assert (document.kind, document.text) == ("article", text.replace("\n", "\n\n"))


def test_what_stands_above_the_first_label() -> None:
    head = "Publisher: Weekly\n\n"
    (document,) = read("a.txt", f"{head}Our FAQ\n\nQ: When?\nA: Now.\n").documents
    assert (document.title, document.line, document.publisher) == ("When?", 5, "Weekly")
    article, entry = read("a.txt", f"{head}We answer here.\n\nQ: When?\nA: Now.\n").documents
    assert (article.kind, article.text, article.line) == ("article", "We answer here.", 3)
    assert (entry.kind, entry.title, entry.text) == ("faq", "When?", "Now.")


def test_labels_within_an_answer_below_a_dash_are_text() -> None:
    reading = read("a.txt", "-\nHow do I ask?\nLike this:\nQ: When?\nA: Now.\n")
    assert entries(reading) == [("a.txt:q1", "How do I ask?", "Like this:\n\nQ: When?\n\nA: Now.")]
