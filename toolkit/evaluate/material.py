"""What comparison engines work on: the case's evidence graph and its reviews, with buyers as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from toolkit.case import read_frame
from toolkit.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.ports import Compute


@dataclass(frozen=True)
class Material:
    """Input of an engine.

    Args:
        buyers: Ids of all buyers; an engine's numbers are positions in it.
        edges: left, right, weight: the evidence graph, all views of a pair added up.
        reviews: buyer, listing, at (seconds): one row a buyer and listing, the first time.
        attributes: buyer, value: addresses, cards and devices that orders show.
        compute: The engine below for coincidences and Leiden.
        seed: Number that random engines start from.
    """

    buyers: pl.Series
    edges: pl.DataFrame
    reviews: pl.DataFrame
    attributes: pl.DataFrame
    compute: Compute
    seed: int

    @property
    def size(self) -> int:
        """How many buyers there are."""
        return len(self.buyers)


def gather(case: Path, compute: Compute, *, seed: int) -> Material:
    """Read a case's graph and events for the engines."""
    links, orders = _read(case / "results" / "links.parquet"), _read(case / "tables" / "orders.parquet")
    reviewed = case / "tables" / "reviews.parquet"
    acts = orders.select("buyer_id", "listing_id", at="ordered_at")
    if reviewed.is_file():
        acts = read_frame(reviewed).select("buyer_id", "listing_id", at="reviewed_at")
    ids = pl.concat([orders["buyer_id"], acts["buyer_id"], links["left"], links["right"]]).cast(pl.String)
    buyers = ids.unique().sort().alias("buyer_id")
    codes = pl.DataFrame({"buyer_id": buyers}).with_row_index("code")
    return Material(buyers, _edges(links, codes), _events(acts, codes), _attributes(orders, codes), compute, seed)


def _read(path: Path) -> pl.DataFrame:
    if path.is_file():
        return read_frame(path)
    raise InputError("the case has no such table", where=str(path), todo="run `ringscope investigate` on it again")


def _coded(column: str, codes: pl.DataFrame) -> pl.Expr:
    return pl.col(column).replace_strict(codes["buyer_id"], codes["code"], return_dtype=pl.UInt32)


def _edges(links: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    pairs = links.select(_coded("left", codes), _coded("right", codes), "weight")
    return pairs.group_by("left", "right").agg(pl.col("weight").sum()).sort("left", "right")


def _events(acts: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    events = acts.select(
        buyer=_coded("buyer_id", codes),
        listing=pl.col("listing_id").rank("dense").cast(pl.UInt32) - 1,
        at=pl.col("at").dt.epoch("s"),
    )
    return events.sort("listing", "at", "buyer").unique(["buyer", "listing"], keep="first", maintain_order=True)


def _attributes(orders: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    columns = [name for name in ("address_id", "payment_id", "device_id") if name in orders.columns]
    parts = [
        orders.select(buyer=_coded("buyer_id", codes), value=pl.concat_str(pl.lit(name), name)).drop_nulls()
        for name in columns
    ]
    return pl.concat(parts).unique().sort("value", "buyer")
