"""Small exports for the tests of reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from toolkit.errors import InputError
from toolkit.ingest import ingest

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.contracts.input_report import TableReport

HEADER = "order_id,buyer_id,listing_id,ordered_at,amount,delivered_at,status,currency\n"
GOOD = [f"o{n},b{n % 3},l1,2024-01-02T03:04:0{n % 10}Z,10.50,2024-01-05T00:00:00Z,paid,usd" for n in range(20)]
REVIEW_HEADER = "review_id,buyer_id,listing_id,reviewed_at,rating,text\n"


def lines(rows: list[str], header: str = HEADER) -> str:
    return header + "".join(f"{row}\n" for row in rows)


def write(folder: Path, name: str, content: str | bytes | list[str]) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    text = lines(content) if isinstance(content, list) else content
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def read(folder: Path, case: Path, table: str = "orders", **options: Any) -> tuple[TableReport, pl.DataFrame]:
    report = ingest(folder, case, **options).table(table)
    assert report is not None
    return report, pl.read_parquet(case / "tables" / f"{table}.parquet")


def quarantined(case: Path, table: str = "orders") -> dict[int, str]:
    frame = pl.read_parquet(case / "quarantine" / f"{table}.parquet")
    return dict(frame.select("row_number", "rule").iter_rows())


def refused(folder: Path, *words: str) -> str:
    """The message of the error that reading raises: short, with a next step, and naming all of the words."""
    with pytest.raises(InputError) as caught:
        ingest(folder, None)
    text = str(caught.value)
    assert len(text.splitlines()) <= 5
    assert "next:" in text
    for word in words:
        assert word in text
    return text
