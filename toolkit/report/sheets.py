"""The book as one spreadsheet: the tables of the CSV export, one sheet each.

Text is written as text: xlsxwriter makes no formula, number or link of it. Money is a number with its own format; a
sheet holds at most `MOST` rows, and says in its last row how many more the CSV holds.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from toolkit.case import write_atomically
from toolkit.report.columns import COLUMNS, records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toolkit.contracts.report import Book

MOST: Final = 200_000
_LONGEST: Final = 32_767
"""Characters that a cell can hold."""
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed, zoneless date: the file's bytes must not tell when it was made
_OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "constant_memory": True,
    "default_date_format": "yyyy-mm-dd hh:mm:ss",
}


def write(book: Book, out: Path) -> list[Path]:
    """Write `case.xlsx`."""
    path = out / "case.xlsx"
    write_atomically(path, lambda temporary: _workbook(book, temporary))
    return [path]


def _workbook(book: Book, path: Path) -> None:
    import xlsxwriter

    # In memory first: on a full disk the package fails twice, the second time where nobody can catch it.
    made = BytesIO()
    with xlsxwriter.Workbook(made, dict(_OPTIONS)) as workbook:
        workbook.set_properties({"created": _MADE, "title": f"Rings of case {book.run.case_name}"[:255]})
        bold = workbook.add_format({"bold": True})
        for name, columns in COLUMNS.items():
            sheet = workbook.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, columns, bold)
            _fill(sheet, records(book, name), name)
    path.write_bytes(made.getbuffer())


def _fill(sheet: Any, rows: Iterator[tuple[Any, ...]], name: str) -> None:
    written = 0
    for written, row in enumerate(islice(rows, MOST), start=1):
        for column, value in enumerate(row):
            _cell(sheet, written, column, value)
    more = sum(1 for _ in rows)
    if more:
        sheet.write_string(written + 1, 0, f"{more} more rows: {name}.csv")


def _cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None))
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value)
    else:
        text = str(value)
        cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 40]}... ({len(text)} characters)"
        sheet.write_string(row, column, cut)
