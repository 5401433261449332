"""The book as CSV files, safe to open in a spreadsheet.

A text cell that a spreadsheet would take for a formula gets a leading apostrophe; numbers stay numbers.
"""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from toolkit.case import write_atomically
from toolkit.report.columns import COLUMNS, records

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from toolkit.contracts.report import Book

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a text begins that a spreadsheet takes for a formula."""


def write(book: Book, out: Path) -> list[Path]:
    """Write every table as CSV into the folder."""
    return [_file(out / f"{name}.csv", COLUMNS[name], records(book, name)) for name in COLUMNS]


def cell(value: Any) -> str:
    """A value as text that no spreadsheet runs."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, int | Decimal):
        return f"{value}"
    return _harmless(str(value))


def _harmless(text: str) -> str:
    text = text.replace("\x00", "\ufffd")
    return f"'{text}" if text.startswith(FORMULA) else text


def _file(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Path:
    def fill(target: Path) -> None:
        with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([cell(value) for value in row] for row in rows)

    write_atomically(path, fill, durable=False)
    return path
