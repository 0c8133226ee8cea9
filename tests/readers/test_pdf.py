"""PDF: reading order, paragraphs rejoined, the page of each; what cannot be read is named."""

import io
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from pypdf import DocumentInformation, PdfReader, PdfWriter

from index.documents import Document
from index.readers import READERS, SourceFile
from index.readers.folder import parsed
from tests.readers.printing import bomb, paragraph, printed
from tests.readers.shape import blocks, entries, problems, read_bytes

FILES = Path(__file__).with_name("files")
LOANS = (
    "Books are lent for twenty-one days, films for seven. An efficient way to keep a book for "
    "longer is to renew it online before it is due, at most three times, unless another reader "
    "has reserved it. Oversized atlases, the first-edition cabinet and the newspapers of the "
    "current week do not leave the building, but the staff will gladly photograph a page for you."
)
TABLE = [
    ("header", "Branch | Lends | For"),
    ("row", "Lantern Street | Violins and guitars | 90 days"),
    ("row", "Mill Lane | Tools | 7 days"),
]
GUIDE = [
    ("heading", "Borrowing at Lantern Street Library"),
    ("heading", "Loans"),
    ("heading", "Fines and lost items"),
    ("heading", "Renewals by post"),
    ("heading", "Closing days"),
]


def only(data: bytes) -> Document:
    """The one document of a PDF without problems."""
    reading = read_bytes("a.pdf", data)
    assert problems(reading) == []
    (document,) = reading.documents
    return document


def texts(data: bytes) -> list[str]:
    return [text for _, text in blocks(only(data))]


@pytest.mark.parametrize(
    ("name", "language"), [("guide-chromium.pdf", "en-GB"), ("guide-libreoffice.pdf", "en-US")]
)
def test_a_guide_keeps_headings_paragraphs_and_table(name: str, language: str) -> None:
    guide = only((FILES / name).read_bytes())
    shown = blocks(guide)

    assert (guide.kind, guide.title) == ("article", "Borrowing at Lantern Street Library")
    assert (guide.date, guide.language) == ("2026-11-27", language)
    assert [block for block in shown if block[0] == "heading"] == GUIDE
    assert shown[3] == ("paragraph", LOANS)
    assert [block for block in shown if block[0] in ("header", "row")] == TABLE
    assert "Lantern Street Library ·" not in guide.text
    assert "Page 1" not in guide.text


def test_a_paragraph_over_a_page_break_is_one_with_the_page_it_begins_on() -> None:
    guide = only((FILES / "guide-chromium.pdf").read_bytes())
    pages = {guide.text[b.start : b.end][:16]: b.page for b in guide.blocks}

    assert pages["Books are lent f"] == 1
    assert pages["Readers who cann"] == 2
    assert pages["Closing days"] == 3
    place = guide.text.index("as if nobody had written at all.")  # printed on page 3
    assert guide.page_at(place) == 2


def test_two_columns_are_read_one_after_the_other() -> None:
    assert texts((FILES / "columns-chromium.pdf").read_bytes()) == [
        "The Repair Bench",
        "The repair bench stands open on Saturdays from ten until two. Volunteers mend lamps, "
        "toasters, radios and zips, and show you how it is done.",
        "Nothing is charged for the work. Spare parts are sold at the price we paid for them, and "
        "a jar by the door takes gifts for new tools.",
        "What we cannot mend",
        "Microwave ovens stay closed, because their capacitors hold a charge for days. Screens "
        "that are cracked are sent to the glass works in Tarn.",
        "Bring the power supply along. Half of all the faults we see are in the plug.",
    ]


def test_headings_that_ask_are_entries() -> None:
    read = read_bytes("faq.pdf", (FILES / "faq-chromium.pdf").read_bytes())
    assert entries(read) == [
        (
            "faq.pdf:q1",
            "How do I unlock a bicycle?",
            "Hold the card against the lock until the light turns green. The first ride of a day "
            "needs the four-figure code from your receipt as well.",
        ),
        (
            "faq.pdf:q2",
            "What does an hour cost?",
            "An hour costs €3 and a day at most €12.\n\nMembers pay half.\n\n"
            "Children under six ride free in a child’s seat.",
        ),
        (
            "faq.pdf:q3",
            "Where may I leave it, and what happens if every stand of the harbour station is taken "
            "when I arrive late in the evening?",
            "Any stand with a blue ring will do. Where all are taken, press the button on the "
            "post: the ride stops counting and you have twenty minutes to reach the next station.",
        ),
        (
            "faq.pdf:q4",
            "Can I take a bicycle on the ferry?",
            "Yes, on the lower deck. The ferry asks €1 for it.",
        ),
    ]


def test_questions_set_apart_in_the_letters_of_the_text_are_entries() -> None:
    asked = [
        (72, 700, 11, "When is the shop open?"),
        (72, 672, 11, "From nine to five."),
        (72, 644, 11, "Who may come?"),
        (72, 616, 11, "Everybody."),
    ]
    assert entries(read_bytes("a.pdf", printed(asked))) == [
        ("a.pdf:q1", "When is the shop open?", "From nine to five."),
        ("a.pdf:q2", "Who may come?", "Everybody."),
    ]


def test_labels_of_questions_and_answers_are_no_part_of_them() -> None:
    page = [(72, 700, 11, "Q: Is it far?"), (72, 672, 11, "A: Two miles.")]
    assert entries(read_bytes("a.pdf", printed(page))) == [("a.pdf:q1", "Is it far?", "Two miles.")]


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        # The word stands elsewhere in one piece, with its hyphen, or nowhere.
        ("the informa-\ntion desk has information", "the information desk has information"),
        ("a well-\nknown and well-known desk", "a well-known and well-known desk"),
        ("the twenty-\none desks of ours", "the twenty-one desks of ours"),
        ("the UTF-\n8 desks of ours", "the UTF-8 desks of ours"),
        ("from ten -\nor eleven at times", "from ten - or eleven at times"),
        # Where most hyphens go, one that nothing tells about goes too.
        (
            "the informa-\ntion of mem-\nbers and sta-\ntion: information",
            "the information of mem-bers and sta-tion: information".replace("mem-", "mem").replace(
                "sta-", "sta"
            ),
        ),
    ],
)
def test_a_hyphen_at_a_line_end_goes_where_the_document_says_so(lines: str, joined: str) -> None:
    assert texts(printed(paragraph(lines))) == [joined]


def test_what_runs_along_the_pages_and_their_numbers_are_left_out() -> None:
    def page(number: int, *lines: str) -> list[tuple[float, float, float, str]]:
        head = (72.0, 800.0, 9.0, "Handbook of the shop")
        return [head, *paragraph("\n".join(lines)), (290, 30, 9, f"- {number} -")]

    first = page(1, "The first page says this, and it", "goes on with")
    assert texts(printed(first, page(2, "the second page."), page(3, "Then the third."))) == [
        "The first page says this, and it goes on with the second page.",
        "Then the third.",
    ]


SAID = ["The ferry leaves at nine.", "The tide turns.", "Fog is rare.", "Gulls are not."]


def heads_left(*heads: str) -> list[str]:
    """Which of these lines, one at the top of each page, are read as text."""
    pages = [
        [(72, 800, 11, head), *paragraph(text)] for head, text in zip(heads, SAID, strict=False)
    ]
    return [text for text in texts(printed(*pages)) if text not in SAID]


@pytest.mark.parametrize(
    "heads",
    [
        ("1", "2"),
        ("- 1 -", "- 2 -"),
        ("Page 1", "Page 2"),
        ("p. 1", "p. 2"),
        ("Seite 1 von 2", "Seite 2 von 2"),
        ("S. 1", "S. 2"),
        ("page 1 sur 2", "page 2 sur 2"),
        ("Página 1 de 2", "Página 2 de 2"),
        ("Pagina 1 di 2", "Pagina 2 di 2"),
        ("1 / 2", "2 / 2"),
        ("The shop, page 1", "The shop, page 2"),
        ("The shop 1/2", "The shop 2/2"),
        ("The shop 1", "The shop 2", "The shop 3", "The shop 4"),
    ],
)
def test_the_number_of_a_page_is_no_text(heads: tuple[str, ...]) -> None:
    assert heads_left(*heads) == []


@pytest.mark.parametrize(
    "heads",
    [("Step 1", "Step 2"), ("Step 1", "Step 2", "Step 3"), ("Tip 1", "Odd", "Even", "Last")],
)
def test_lines_that_count_along_on_few_pages_are_text(heads: tuple[str, ...]) -> None:
    assert heads_left(*heads) == [*heads]


@pytest.mark.parametrize("title", ["Microsoft Word - x.doc", "untitled", "Document1", "x.indd", ""])
def test_what_programs_write_for_a_title_is_none(title: str) -> None:
    page = [(72, 740, 20, "Opening hours"), *paragraph("We are open from nine to five each day.")]
    assert only(printed(page, info=f"/Title ({title})")).title == "Opening hours"


def test_the_given_title_and_the_day_it_was_made_are_kept() -> None:
    info = "/Title (Microsoft Word - Our shop) /CreationDate (D:20240229101500+01'00')"
    document = only(printed(paragraph("We are open."), info=info))
    assert (document.title, document.date) == ("Our shop", "2024-02-29")


def locked(user: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(printed(paragraph("Open to all."))))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_password_is_asked_for_only_where_there_is_one() -> None:
    assert texts(locked("")) == ["Open to all."]
    assert problems(read_bytes("a.pdf", locked("secret"))) == [
        "a.pdf: locked with a password; open it and print it to a PDF without one"
    ]


@pytest.mark.skipif(find_spec("cryptography") is not None, reason="AES is read where that is")
@pytest.mark.parametrize("name", ["aes-128.pdf", "aes-256.pdf", "aes-256-locked.pdf"])
def test_what_is_encrypted_with_aes_is_named_once_with_the_way_out(name: str) -> None:
    reading = parsed(READERS[".pdf"], SourceFile(name, (FILES / "aes" / name).read_bytes()))
    assert (problems(reading), reading.documents) == (
        [
            f"{name}: encrypted with AES, which is not read here; open it and print it to a PDF "
            "without a password"
        ],
        (),
    )


def test_a_scan_is_named_with_the_way_out() -> None:
    image = "<< /Subtype /Image /Width 1 /Height 1 >>"
    data = printed([]).replace(b"/Font << /F1 3 0 R >>", f"/XObject << /I {image} >>".encode())
    assert problems(read_bytes("a.pdf", data)) == [
        "a.pdf: this PDF holds pictures of text; run OCR (text recognition) on it"
    ]


def test_a_broken_table_of_places_is_rebuilt_and_a_broken_file_named() -> None:
    whole = printed(paragraph("We are open."))
    assert texts(whole.replace(b"startxref\n", b"startxref\n9")) == ["We are open."]
    (problem,) = problems(read_bytes("a.pdf", b"%PDF-1.4\nnothing else"))
    assert problem.startswith("a.pdf: not a PDF that can be read (")
    assert problem.endswith("); print it to PDF again")


BOMB = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from index.readers import SourceFile
from index.readers.pdf import read_pdf
from index.errors import ReadError
try:
    reading = read_pdf(SourceFile("a.pdf", open(sys.argv[1], "rb").read()))
    print(*reading.problems, sep="\\n")
except ReadError as error:
    print(error)
except MemoryError:
    print("MemoryError")
"""


def test_a_bomb_ends_with_a_problem_within_a_gigabyte(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(bomb())

    code = [sys.executable, "-c", BOMB, str(tmp_path / "a.pdf")]
    ran = subprocess.run(code, capture_output=True, text=True, timeout=60, check=True)

    assert ran.stdout.startswith("a.pdf:1: page 1 cannot be read (Limit reached while decompress")
    assert ran.stdout.strip().endswith("; print it to PDF again")


def test_the_files_hold_what_their_names_say() -> None:
    makers = {path.name: (PdfReader(path).metadata or DocumentInformation()).producer or ""
              for path in FILES.glob("*.pdf")}  # fmt: skip
    assert len(makers) == 4
    for name, maker in makers.items():
        assert ("LibreOffice" if "libreoffice" in name else "Skia/PDF") in maker
