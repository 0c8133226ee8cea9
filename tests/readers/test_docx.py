"""Word documents: what a reader sees when every tracked change is accepted."""

import io
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Document
from index.passages import split
from index.readers.draft import one_line
from tests.readers.shape import blocks, entries, problems, read_bytes

FILES = Path(__file__).with_name("files")


def saved(document: WordDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def only(data: bytes) -> Document:
    reading = read_bytes("a.docx", data)
    assert problems(reading) == []
    (document,) = reading.documents
    return document


def with_xml(*paragraphs: str) -> bytes:
    """A document of these paragraphs, each the inside of a `<w:p>`."""
    document = docx.Document()
    for inside in paragraphs:
        document.element.body.insert(
            len(document.element.body) - 1, parse_xml(f"<w:p {nsdecls('w')}>{inside}</w:p>")
        )
    return saved(document)


def test_a_guide_saved_by_libreoffice_keeps_its_structure() -> None:
    guide = only((FILES / "guide-libreoffice.docx").read_bytes())
    kinds = [kind for kind, _ in blocks(guide)]

    assert (guide.title, guide.language) == ("Borrowing at Lantern Street Library", "en-US")
    assert kinds == [
        *("heading", "paragraph", "heading", "paragraph", "heading", "paragraph"),
        *("item", "item", "item", "paragraph", "header", "row", "row"),
        *("heading", "paragraph", "heading", "paragraph"),
    ]
    assert blocks(guide)[10:12] == [
        ("header", "Branch | Lends | For"),
        ("row", "Lantern Street | Violins and guitars | 90 days"),
    ]
    assert {block.page for block in guide.blocks} == {0}


def test_an_faq_made_by_pandoc_is_entries_with_list_link_footnote_and_table() -> None:
    read = read_bytes("faq.docx", (FILES / "faq-pandoc.docx").read_bytes())
    first, second, third = read.documents

    assert problems(read) == []
    assert (first.title, first.text) == (
        "How long is a parcel kept?",
        "Seven days. After that it goes back to the sender, who pays for the way back.",
    )
    assert blocks(second) == [
        ("item", "Scan the code of the message."),
        ("item", "Take the parcel within sixty seconds."),
        ("paragraph", "The help line opens a door that sticks."),
        ("paragraph", "Except between midnight and five, when nobody answers."),
    ]
    assert blocks(third) == [
        ("header", "Size | Height | Weight"),
        ("row", "S | 8 cm | 5 kg"),
        ("row", "L | 40 cm | 25 kg"),
    ]
    assert (first.language, first.date) == ("en-IE", "2026-11-27")


def test_inserted_text_is_in_and_deleted_or_hidden_text_is_out() -> None:
    document = only(
        with_xml(
            "<w:r><w:t xml:space='preserve'>The fee is </w:t></w:r>"
            "<w:del w:id='1' w:author='A'><w:r><w:delText>5</w:delText></w:r></w:del>"
            "<w:ins w:id='2' w:author='A'><w:r><w:t>7</w:t></w:r></w:ins>"
            "<w:r><w:t xml:space='preserve'> euros</w:t></w:r>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t> or so</w:t></w:r><w:r><w:t>.</w:t></w:r>"
        )
    )
    assert document.text == "The fee is 7 euros."


@pytest.mark.parametrize(
    ("font", "code", "sign"),
    [
        ("Symbol", "F061", "α"),
        ("Symbol", "61", "α"),
        ("Symbol", "F057", "Ω"),
        ("Symbol", "F0A3", "≤"),
        ("Symbol", "F0B0", "°"),
        ("Symbol", "F0B1", "±"),
        ("Symbol", "F0D7", "⋅"),
        ("Symbol", "F0AE", "→"),
        ("Symbol", "F0E5", "∑"),
        ("Symbol", "F0F2", "∫"),
        ("Wingdings", "F0FC", "✓"),
        ("Arial", "00E9", "é"),
        ("Symbol", "F0E6", "\ufffd"),  # a piece of a bracket
        ("Webdings", "F061", "\ufffd"),
        ("Arial", "F061", "\ufffd"),
        ("Arial", "D800", "\ufffd"),
        ("Symbol", "such", "\ufffd"),
    ],
)
def test_a_sign_of_a_symbol_font_is_the_sign_or_a_mark_that_one_is_lost(
    font: str, code: str, sign: str
) -> None:
    inside = f"<w:r><w:t>a </w:t><w:sym w:font='{font}' w:char='{code}'/><w:t> b</w:t></w:r>"
    spaced = inside.replace("<w:t>", "<w:t xml:space='preserve'>")
    assert only(with_xml(spaced)).text == f"a {sign} b"


@pytest.mark.parametrize(
    ("font", "typed", "seen"),
    [
        ("Symbol", "\uf0b7 Bring a towel.", "• Bring a towel."),
        ("Symbol", "At most \uf0a3 5 kg.", "At most ≤ 5 kg."),
        ("Wingdings", "\uf0a7 Bring a towel.", "• Bring a towel."),
        ("Wingdings", "\uf0fc Bring a towel.", "✓ Bring a towel."),
        ("Webdings", "\uf0b7 Bring a towel.", "\ufffd Bring a towel."),
        ("Arial", "\uf0b7 Bring a towel.", "• Bring a towel."),
        ("Arial", "Rooms \uf0e0 Lockers", "Rooms → Lockers"),
        ("Arial", "A \uf061 towel.", "A \ufffd towel."),
        ("Arial", "\ue000 stays, and so does \u7a7a", "\ue000 stays, and so does \u7a7a"),
    ],
)
def test_signs_of_a_symbol_font_that_are_typed_are_what_a_reader_sees(
    font: str, typed: str, seen: str
) -> None:
    fonts = f"<w:rPr><w:rFonts w:ascii='{font}' w:hAnsi='{font}'/></w:rPr>"
    document = only(with_xml(f"<w:r>{fonts}<w:t>{typed}</w:t></w:r>"))
    assert document.text == seen
    assert [(block.start, block.end) for block in document.blocks] == [(0, len(seen))]
    passages = split(document)
    assert [document.text[p.start : p.end] for p in passages] == [p.text for p in passages]


def test_what_stands_over_a_word_to_say_how_it_sounds_is_no_text() -> None:
    ruby = (
        "<w:r><w:t>この</w:t></w:r><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>かんじ</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>漢字</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>だ。</w:t></w:r>"
    )
    assert only(with_xml(ruby)).text == "この漢字だ。"


def test_bold_questions_head_their_answers() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("Do you deliver?").bold = True
    document.add_paragraph("Yes, on Fridays.")
    document.add_paragraph().add_run("What does it cost?").bold = True
    document.add_paragraph("Nothing.")
    assert entries(read_bytes("a.docx", saved(document))) == [
        ("a.docx:q1", "Do you deliver?", "Yes, on Fridays."),
        ("a.docx:q2", "What does it cost?", "Nothing."),
    ]


def test_headings_are_known_by_outline_level_in_any_language() -> None:
    document = docx.Document()
    style = document.styles.add_style("Kapitel", 1)
    style.element.get_or_add_pPr().append(parse_xml(f"<w:outlineLvl {nsdecls('w')} w:val='1'/>"))
    document.add_paragraph("Öffnungszeiten", style="Kapitel")
    document.add_paragraph("Von neun bis fünf.")
    read = only(saved(document))
    assert [(b.kind, b.level) for b in read.blocks] == [("heading", 2), ("paragraph", 0)]


def test_a_merged_cell_says_its_text_in_each_row() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells),
        ["Day", "From", "To", "Monday", "9", "12", "", "14", "18"],
        strict=True,
    ):
        cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_table(rows=1, cols=1).cell(0, 0).text = "A note in a box."
    assert blocks(only(saved(document))) == [
        ("row", "Day | From | To"),
        ("row", "Monday | 9 | 12"),
        ("row", "Monday | 14 | 18"),
        ("paragraph", "A note in a box."),
    ]


BOX = "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WITH_BOX = (
    "<w:r><w:t>Beside it.</w:t></w:r>"
    f"<w:r><mc:AlternateContent xmlns:mc='{COMPATIBILITY}'><mc:Choice Requires='wps'>{BOX}"
    f"</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r>"
)


def test_a_text_box_follows_its_paragraph_and_is_read_once() -> None:
    assert [t for _, t in blocks(only(with_xml(WITH_BOX)))] == ["Beside it.", "In the box."]


def test_a_cell_says_its_text_boxes_once_and_tables_within_it() -> None:
    document = docx.Document()
    first, second = document.add_table(rows=1, cols=2).rows[0].cells
    first._tc.append(parse_xml(f"<w:p {nsdecls('w')}>{WITH_BOX}</w:p>"))
    second.text = "Outer."
    second.add_table(rows=1, cols=2).cell(0, 1).text = "Inner."

    assert blocks(only(saved(document))) == [("row", "Beside it. In the box. | Outer. Inner.")]


def with_footnotes(document: WordDocument, *texts: str) -> None:
    """Give the document these footnotes, numbered from 1."""
    notes = "".join(
        f"<w:footnote w:id='{n}'><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>"
        for n, text in enumerate(texts, 1)
    )
    xml = f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>".encode()
    part = Part(
        PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, xml, document.part.package
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def test_a_cell_has_the_footnotes_that_it_refers_to() -> None:
    document = docx.Document()
    with_footnotes(document, "Not on Sundays.", "By card alone.")
    hours, price = document.add_table(rows=1, cols=2).rows[0].cells
    for number, (cell, text) in enumerate(((hours, "Nine to five"), (price, "€3")), 1):
        cell.text = text
        mark = f"<w:r {nsdecls('w')}><w:footnoteReference w:id='{number}'/></w:r>"
        cell.paragraphs[0]._p.append(parse_xml(mark))

    assert blocks(only(saved(document))) == [
        ("row", "Nine to five Not on Sundays. | €3 By card alone.")
    ]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9)
TEXT = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@settings(max_examples=8, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=5))
def test_any_paragraphs_come_back_as_they_were_written(texts: list[str]) -> None:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    reading = read_bytes("a.docx", saved(document))
    read = [text for d in reading.documents for text in (d.title, *(t for _, t in blocks(d)))]
    assert [t for t in map(one_line, texts) if t and t not in read] == []
