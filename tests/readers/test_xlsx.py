"""Spreadsheets: values as they are seen, questions as entries, hidden things left out."""

import io
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from index.readers.xlsx_shown import shown
from tests.readers.shape import blocks, entries, problems, read_bytes

FILES = Path(__file__).with_name("files")


def saved(*rows: list[object], title: str = "Sheet") -> bytes:
    """A workbook of one sheet with these rows."""
    book = Workbook()
    book.active.title = title
    for cells in rows:
        book.active.append(cells)
    return written(book)


def written(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_by_libreoffice_is_entries_and_an_article() -> None:
    reading = read_bytes("opening.xlsx", (FILES / "opening-libreoffice.xlsx").read_bytes())
    entry, article = reading.documents

    assert problems(reading) == []
    assert (entry.title, entry.line, entry.date) == ("Are dogs let in?", 2, "2026-03-01")
    assert entry.text == "On the last Sunday of September,\n\nwhen the water is let out."
    assert (article.title, article.id) == ("Opening", "opening.xlsx")
    assert blocks(article) == [
        ("heading", "Pools"),
        ("paragraph", "Public pools of the district"),
        ("header", "Pool | Opened | Litres | Sunny days"),
        ("row", "Weir Bath | 1931-06-14 | 1,250,000 | 37.5%"),
        ("row", "All together |  | 2,500,000 | "),
    ]


def test_hidden_sheets_rows_and_columns_are_left_out_and_merged_cells_said_again() -> None:
    reading = read_bytes("a.xlsx", (FILES / "prices-openpyxl.xlsx").read_bytes())
    (article,) = reading.documents

    assert (article.title, problems(reading)) == ("Prices of the print room", [])
    assert blocks(article) == [
        ("header", "Kind | Paper | Price | Rebate"),
        ("row", "Poster | matt | €4.50 | 25%"),
        ("row", "Poster | gloss | €1,234.50 | 10%"),
        ("row", "Card | cotton | €0.75 | 0%"),
    ]


def test_columns_go_by_the_names_that_csv_knows_below_a_title() -> None:
    data = saved(
        ["Our questions"], [], ["Nr", "Q", "Reply", "Also asked as"],
        [1, "Open?", "Yes.", "Hours | When open"], [], [2, "Parking?", None], [3, None, "?"],
    )  # fmt: skip
    reading = read_bytes("a.xlsx", data)
    assert entries(reading) == [("a.xlsx:q1", "Open?", "Yes.")]
    assert reading.documents[0].alternates == ("Hours", "When open")
    assert problems(reading) == [
        "a.xlsx:6: this question has no answer; add one or remove the entry",
        "a.xlsx:7: this entry has no question; add one or remove the entry",
    ]


def test_a_formula_that_was_never_worked_out_is_named() -> None:
    reading = read_bytes("a.xlsx", saved(["Item", "Price"], ["Tea", "=1+1"], ["Cake", "=2+2"]))
    assert problems(reading) == [
        "a.xlsx: sheet Sheet: no result of the formula in B2 and 1 more; open it in a spreadsheet "
        "program and save it"
    ]
    assert blocks(reading.documents[0]) == [
        ("header", "Item | Price"),
        ("row", "Tea | "),
        ("row", "Cake | "),
    ]


def test_a_sheet_with_a_cell_far_out_is_refused_without_filling_the_way() -> None:
    book = Workbook()
    book.active.append(["Item", "Price"])
    book.active.cell(1_000_000, 2_000).value = "far"
    assert problems(read_bytes("a.xlsx", written(book))) == [
        "a.xlsx: sheet Sheet has 2,000 columns; keep to 1,000"
    ]


@pytest.mark.parametrize(
    ("value", "number_format", "said"),
    [
        (0.375, "0.0%", "37.5%"),
        (0.5, "0%", "50%"),
        (1234567, "#,##0", "1,234,567"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-3.5, '"€"#,##0.00', "-€3.50"),
        (12, '#,##0.00\\ "kg"', "12.00 kg"),
        (9.9, "[$£-809]#,##0.00;[Red]-[$£-809]#,##0.00", "£9.90"),
        (7, "00000", "00007"),
        (2.5, "0.##", "2.5"),
        (2.0, "0.##", "2"),
        (3, "General", "3"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (5200000, "0.0,,", "5.2"),
        (0.5, "# ?/?", "0.5"),
        (5200000, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "5200000"),
        (12, '[>=1000000]0.0,,"M";0.0', "12"),
        (12, "0.0;[<-5]0", "12"),
        (9, '0.0"; "', "9.0;"),
        (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (1234.5, "#,##0", "1,235"),
        (0.125, "0.00", "0.13"),
        (1.005, "0.00", "1.01"),
        (0.145, "0%", "15%"),
        (2_500, "0,", "3"),
        (1e299, "0", "1" + "0" * 299),
        (1e301, "0.00", "1e+301"),
        (5, ";;;", ""),
        ("secret", ";;;", ""),
        (-5, "0;;0", ""),
        (0, "0;-0;", ""),
        (5, "0;;", "5"),
        ("open", "0;;", "open"),
        (True, "General", "TRUE"),
        (datetime(2025, 10, 19), "d/m/yy", "2025-10-19"),
        (datetime(2025, 10, 19, 14, 30), "d/m/yy h:mm", "2025-10-19 14:30"),
        (time(9, 0), "h:mm", "09:00"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        ("=1+1", "General", "=1+1"),
        (None, "General", ""),
    ],
)
def test_a_value_reads_as_its_cell_shows_it(value: object, number_format: str, said: str) -> None:
    assert shown(value, number_format) == said


WORD = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=6))
def test_any_texts_come_back_in_their_rows(cells: list[tuple[str, str]]) -> None:
    rows: list[list[object]] = [[f"a{left}", f"b{right}"] for left, right in cells]
    (document,) = read_bytes("a.xlsx", saved(["A1 =", "B1 ="], *rows)).documents
    read = [document.text[b.start : b.end] for b in document.blocks[1:]]
    assert read == [" | ".join(map(str, row)) for row in rows]
