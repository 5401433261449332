"""Reads a case's results and a truth folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.case import read_frame
from toolkit.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

TRUTH: Final[dict[str, dict[str, Any]]] = {
    "rings": {"ring_id": pl.String, "scheme": pl.String, "level": pl.Int64},
    "members": {"ring_id": pl.String, "buyer_id": pl.String},
    "targets": {"ring_id": pl.String, "listing_id": pl.String},
    "orders": {"order_id": pl.String, "ring_id": pl.String},
    "category_switches": {"listing_id": pl.String, "starts_at": pl.String, "ends_at": pl.String},
    "linked_sellers": {"seller_a": pl.String, "seller_b": pl.String},
    "messages": {"message_id": pl.String, "solicitation": pl.Boolean},
    "traps": {"trap_id": pl.String, "kind": pl.String, "entity_kind": pl.String, "entity_id": pl.String},
}
"""Files of a truth folder: the columns that are read. Only `rings` and `members` must be there."""

_NEEDED: Final = ("rings", "members")


@dataclass(frozen=True)
class Truth:
    """A truth folder; `None` where it has no such file."""

    rings: pl.DataFrame
    members: pl.DataFrame
    targets: pl.DataFrame | None
    orders: pl.DataFrame | None
    category_switches: pl.DataFrame | None
    messages: pl.DataFrame | None
    traps: pl.DataFrame | None
    linked_sellers: pl.DataFrame | None = None


@dataclass(frozen=True)
class Results:
    """What a case found; `None` where that stage wrote nothing. `orders` are the case's clean orders."""

    rings: pl.DataFrame
    members: pl.DataFrame
    targets: pl.DataFrame | None
    virtual_orders: pl.DataFrame | None
    findings: pl.DataFrame | None
    orders: pl.DataFrame | None
    seller_links: pl.DataFrame | None = None


def read_truth(folder: Path) -> Truth:
    """Read a truth folder as `ringscope simulate` writes it."""
    return Truth(**{name: _truth(folder / f"{name}.csv", name) for name in TRUTH})  # type: ignore[arg-type]


def _truth(path: Path, name: str) -> pl.DataFrame | None:
    if not path.is_file():
        if name in _NEEDED:
            raise InputError("a truth file is missing", where=str(path), todo="give the folder that holds rings.csv")
        return None
    wanted = TRUTH[name]
    times = [_time(column) for column in ("starts_at", "ends_at") if column in wanted]
    try:
        return pl.read_csv(path, schema_overrides=wanted).select(list(wanted)).with_columns(times)
    except pl.exceptions.PolarsError as error:
        columns = ", ".join(wanted)
        raise InputError(
            "a truth file can't be read", where=str(path), todo=f"it needs the columns {columns}"
        ) from error


def _time(column: str) -> pl.Expr:
    return pl.col(column).str.to_datetime(time_zone="UTC", time_unit="us")


def read_results(case: Path) -> Results:
    """Read the results of a case."""
    found = {
        name: _parquet(case / "results" / f"{name}.parquet", needed=name in _NEEDED)
        for name in ("rings", "members", "targets", "virtual_orders", "findings", "seller_links")
    }
    return Results(orders=_parquet(case / "tables" / "orders.parquet", needed=False), **found)  # type: ignore[arg-type]


def _parquet(path: Path, *, needed: bool) -> pl.DataFrame | None:
    if path.is_file():
        return read_frame(path)
    if needed:
        raise InputError("the case has no results", where=str(path), todo="run `ringscope investigate` on it first")
    return None
