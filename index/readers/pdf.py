"""PDF files: their text in the order it was written, with the page of every block."""

import io
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from index.readers.asked import with_questions
from index.readers.draft import one_line
from index.readers.faq import add_page
from index.readers.fields import Fields
from index.readers.harvest import Harvest
from index.readers.pdf_lines import Line, page_lines
from index.readers.pdf_pieces import pieces_of
from index.readers.source import Reading, SourceFile

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 2_000
MAX_STREAM_BYTES = 20_000_000  # of one stream unpacked; a page of text has some thousands

_OFFICE = re.compile(r"microsoft \w+ - ", re.IGNORECASE)
# What programs write where nobody gave a title.
_NO_TITLE = re.compile(
    r"untitled.*|(document|presentation|slide|title)\s?\d*|about:blank|(file|https?):.*"
    r"|.*\.(docx?|odt|rtf|txt|html?|pdf|tex|dvi|indd|pptx?|xlsx?)",
    re.IGNORECASE,
)
_DAY = re.compile(r"D:(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")

# Its notes on broken files would land in the terminal; the problems say what matters.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


def read_pdf(file: SourceFile) -> Reading:
    """An FAQ where headings or lines set apart are questions, else one article.

    A line of it is a page. Raises ReadError for a file that is locked, only pictures, or no PDF.
    """
    from pypdf.errors import DependencyError

    try:
        return _read(file)
    except DependencyError:  # pypdf knows the older cipher, RC4, by itself
        reason = "encrypted with AES, which is not read here"
        raise file.problem(
            0, f"{reason}; open it and print it to a PDF without a password"
        ) from None


def _read(file: SourceFile) -> Reading:
    from pypdf import apply_configuration

    filters = ("array_based_stream", "brotli", "lzw", "run_length", "zlib")
    limits: dict[str, Any] = {f"{name}_maximum_output_length": MAX_STREAM_BYTES for name in filters}
    harvest = Harvest(file)
    with apply_configuration(**limits):
        pages = _pages(file, harvest)
        lines = [line for n, page in enumerate(pages, 1) for line in _lines(page, n, harvest)]
        _look_for_pictures(pages, {line.page for line in lines}, harvest)
    add_page(harvest, with_questions(pieces_of(lines, len(pages))))
    return harvest.reading


def _pages(file: SourceFile, harvest: Harvest) -> list["PageObject"]:
    """The pages; what the file says of itself is noted on the way."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    try:
        pdf = PdfReader(io.BytesIO(file.data))
        count = len(pdf.pages)
        if 0 < count <= MAX_PAGES:
            harvest.page = _about(pdf)
            return list(pdf.pages)
    except FileNotDecryptedError:
        reason = "locked with a password; open it and print it to a PDF without one"
        raise file.problem(0, reason) from None
    except Exception as error:  # broken files make it fail in every way there is
        if _ends_all(error):
            raise
        reason = f"not a PDF that can be read ({_why(error)}); print it to PDF again"
        raise file.problem(0, reason) from None
    if count:
        raise file.problem(0, f"{count:,} pages; split it into files of at most {MAX_PAGES:,}")
    raise file.problem(0, "no pages in this PDF; print it to PDF again")


def _lines(page: "PageObject", number: int, harvest: Harvest) -> list[Line]:
    try:
        return page_lines(page, number)
    except Exception as error:  # as above: one page lost, the others are read
        if _ends_all(error):
            raise
        reason = f"page {number} cannot be read ({_why(error)}); print it to PDF again"
        harvest.problem(number, reason)
        return []


def _ends_all(error: Exception) -> bool:
    """Whether no page can be read after this: no memory is left, or all of it is in AES."""
    from pypdf.errors import DependencyError

    return isinstance(error, MemoryError) or (
        isinstance(error, DependencyError) and "AES" in str(error)
    )


def _why(error: Exception) -> str:
    said = one_line(str(error)).rstrip(".") or type(error).__name__
    return said if len(said) <= 80 else said[:79] + "…"


def _look_for_pictures(pages: list["PageObject"], written: set[int], harvest: Harvest) -> None:
    """Say so where most pages have pictures and no text: a scan says nothing to a search."""
    bare = [n for n, page in enumerate(pages, 1) if n not in written and _has_picture(page)]
    if 2 * len(bare) <= len(pages):
        return
    what = (
        "this PDF holds" if len(bare) == len(pages) else f"{len(bare)} of {len(pages)} pages hold"
    )
    harvest.problem(0, f"{what} pictures of text; run OCR (text recognition) on it")


def _has_picture(page: "PageObject") -> bool:
    try:
        objects = page["/Resources"]["/XObject"].values()  # type: ignore[index]
        return any(o.get_object().get("/Subtype") in ("/Image", "/Form") for o in objects)
    except Exception:  # a page without pictures, or too broken to have any
        return False


def _about(pdf: "PdfReader") -> Fields:
    """What the file says of itself. Its date is the day this PDF was made."""
    about: Mapping[str, Any] = pdf.metadata or {}
    days = (_DAY.match(_text(about.get(name))) for name in ("/CreationDate", "/ModDate"))
    day = next(filter(None, days), None)
    return Fields(
        title=_title(_text(about.get("/Title"))),
        date="-".join(day.groups()) if day else "",
        language=_text(pdf.root_object.get("/Lang")),
    )


def _title(text: str) -> str:
    title = _OFFICE.sub("", text)
    return "" if _NO_TITLE.fullmatch(title) else title


def _text(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""
