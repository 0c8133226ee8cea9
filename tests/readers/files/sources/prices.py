"""Writes a price list with openpyxl: merged cells, formats, a hidden sheet, row and column."""

import sys

from openpyxl import Workbook

book = Workbook()
book.properties.title = "Prices of the print room"
sheet = book.active
sheet.title = "Prices"
for cells in (
    ["Kind", "Paper", "Cost", "Price", "Rebate"],
    ["Poster", "matt", 1.1, 4.5, 0.25],
    [None, "gloss", 2, 1234.5, 0.1],
    ["Secret", "none", 0, 0, 0],
    ["Card", "cotton", 0.2, 0.75, 0],
):
    sheet.append(cells)
sheet.merge_cells("A2:A3")
for row in range(2, 6):
    sheet.cell(row, 4).number_format = '"€"#,##0.00'
    sheet.cell(row, 5).number_format = "0%"
sheet.row_dimensions[4].hidden = True
sheet.column_dimensions["C"].hidden = True
hidden = book.create_sheet("Suppliers")
hidden.append(["Nobody should read this"])
hidden.sheet_state = "hidden"
book.save(sys.argv[1])
