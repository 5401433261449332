"""A coded market of a few rows, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from toolkit.case import Case
from toolkit.contracts.tables import dtypes
from toolkit.market import Market

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2025, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def market(path: Path, **tables: list[dict[str, Any]]) -> Market:
    """The tables given, with nulls in every column that a row leaves out."""
    (path / "tables").mkdir(parents=True)
    for name, rows in tables.items():
        kinds = dtypes(name)
        frame = pl.DataFrame([{column: row.get(column) for column in kinds} for row in rows], schema=kinds)
        frame.write_parquet(path / "tables" / f"{name}.parquet")
    return Market(Case(path))


def order(number: int, buyer: str, listing: str = "L1", **more: Any) -> dict[str, Any]:
    usual = {"order_id": f"O{number}", "buyer_id": buyer, "listing_id": listing, "ordered_at": day(number)}
    return {**usual, "seller_id": "S1", **more}
