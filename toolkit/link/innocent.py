"""What the platform itself brought together, and what therefore says nothing about buyers acting together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.config import DAY

if TYPE_CHECKING:
    from toolkit.market import Market

PAIRS = pl.Schema({"buyer": pl.UInt32, "listing": pl.UInt32})


def together(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders whose tracking number several buyers' orders bear: row, buyer, address, ordered_at, tracking."""
    bearing = orders.select("row", "buyer", "address", "ordered_at", "tracking").drop_nulls("tracking")
    twice = bearing.filter(pl.col("tracking").is_duplicated())  # few are; to count buyers of each number takes long
    return twice.filter(pl.col("buyer").n_unique().over("tracking") > 1)


def collective(market: Market) -> pl.DataFrame:
    """Rows of orders that went in one parcel to one address with other buyers' orders of the same week.

    One order of several people, as offices and neighbours place them: the parcel is one act, not several.
    """
    if not market.has("orders", "tracking_id"):
        return pl.DataFrame(schema={"row": pl.UInt32})
    shared = together(market.table("orders"))
    one = pl.col("address").drop_nulls().n_unique().over("tracking") <= 1
    span = (pl.col("ordered_at").max() - pl.col("ordered_at").min()).over("tracking")
    return shared.filter(one & (span <= 7 * DAY)).select("row")


def arranged(market: Market) -> pl.DataFrame:
    """Pairs (buyer, listing) that a sampling programme of the platform, or one parcel for several, brought together."""
    parts = [_sampled(market)]
    if market.has("orders"):
        parts.append(market.table("orders").join(collective(market), on="row", how="semi").select(PAIRS.names()))
    return pl.concat(parts).unique()


def _sampled(market: Market) -> pl.DataFrame:
    if not market.has("vouchers", "kind") or not market.has("orders", "voucher_id"):
        return pl.DataFrame(schema=PAIRS)
    vouchers = market.table("vouchers")
    ours = pl.col("kind").cast(pl.String) == "sampling"
    if "funded_by" in vouchers.columns:
        ours &= pl.col("funded_by").cast(pl.String).fill_null("platform") == "platform"
    codes = vouchers.filter(ours).select("voucher")
    return market.table("orders").join(codes, on="voucher", how="semi").select(PAIRS.names()).unique()
