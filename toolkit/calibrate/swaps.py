"""A null world of the same data: who did what is drawn anew inside weeks, and everything else stays.

Within a week and a currency, orders change buyers: each buyer keeps how many orders it places in each week, each
listing how many it gets, with amount, voucher, parcel, delivery and refund; a buyer takes its card, address and device
with it, so households, shared places and attributes stay as they are. A review goes with its order; one without an
order, and a click, changes hands within its week. Gift cards and top-ups stay with their buyers. What accounts do
together beyond their habits and attributes is gone; what a shop's orders look like is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.config import DAY

if TYPE_CHECKING:
    from numpy.random import Generator

    from toolkit.market import Market

WEEK: Final = 7 * DAY
CARRIED: Final = ("buyer", "payment", "address", "device")
"""What a buyer takes along to another order."""


def swapped(market: Market, seed: int) -> Market:
    """The market with its acts dealt out anew; its codes and ids are those of `market`.

    Args:
        market: The coded tables.
        seed: The same seed gives the same world.
    """
    rng = np.random.default_rng(seed)
    dealt: dict[str, pl.DataFrame] = {}
    if market.has("orders"):
        dealt["orders"] = _orders(market.table("orders"), rng)
    if market.has("reviews"):
        dealt["reviews"] = _reviews(market, dealt.get("orders"), rng)
    if market.has("clicks"):
        dealt["clicks"] = _shuffled(market.table("clicks"), ("buyer",), "clicked_at", rng)
    return market.with_tables(dealt)


def _shuffled(rows: pl.DataFrame, carried: tuple[str, ...], moment: str, rng: Generator) -> pl.DataFrame:
    """Rows whose carried columns are permuted together within week and, where there is one, currency."""
    stratum = [pl.col(moment) // WEEK, *([pl.col("currency")] if "currency" in rows.columns else [])]
    keyed = rows.with_columns(stratum=pl.struct(stratum).rank("dense"), draw=pl.Series(rng.random(rows.height)))
    kept = [name for name in carried if name in rows.columns]
    taken = keyed.sort("stratum", "draw").select(kept)
    settled = keyed.sort("stratum", "row").drop(*kept, "stratum", "draw")
    return pl.concat([settled, taken], how="horizontal").select(rows.columns).sort("row")


def _orders(orders: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """Orders in other hands; a refund that went back to the card that paid goes back to the new one."""
    dealt = _shuffled(orders, CARRIED, "ordered_at", rng)
    if not {"refund_payment", "payment"} <= set(orders.columns):
        return dealt
    same = orders.sort("row").select((pl.col("refund_payment") == pl.col("payment")).fill_null(value=False)).to_series()
    return dealt.with_columns(refund_payment=pl.when(same).then("payment").otherwise("refund_payment"))


def _reviews(market: Market, orders: pl.DataFrame | None, rng: Generator) -> pl.DataFrame:
    """Reviews by whoever has the order now."""
    reviews = market.table("reviews")
    alone = _shuffled(reviews, ("buyer",), "reviewed_at", rng)
    if orders is None:
        return alone
    placed = market.table("orders").sort("row").select("row", "buyer", "listing")
    before = placed.unique(["buyer", "listing"], keep="first", maintain_order=True)
    now = before.join(orders.select("row", now="buyer"), on="row").select("buyer", "listing", "now")
    moved = reviews.join(now, on=["buyer", "listing"], how="left", maintain_order="left")
    loose = alone.select("row", loose="buyer")
    moved = moved.join(loose, on="row", how="left", maintain_order="left")
    return moved.with_columns(buyer=pl.coalesce("now", "loose")).select(reviews.columns)
