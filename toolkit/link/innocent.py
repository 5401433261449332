"""What the platform itself brought together, and what therefore says nothing about buyers acting together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from toolkit.market import Market

PAIRS = pl.Schema({"buyer": pl.UInt32, "listing": pl.UInt32})


def arranged(market: Market) -> pl.DataFrame:
    """Pairs (buyer, listing) of orders that the platform's own sampling programme paid for."""
    if not market.has("vouchers", "kind") or not market.has("orders", "voucher_id"):
        return pl.DataFrame(schema=PAIRS)
    vouchers = market.table("vouchers")
    ours = pl.col("kind").cast(pl.String) == "sampling"
    if "funded_by" in vouchers.columns:
        ours &= pl.col("funded_by").cast(pl.String).fill_null("platform") == "platform"
    codes = vouchers.filter(ours).select("voucher")
    return market.table("orders").join(codes, on="voucher", how="semi").select(PAIRS.names()).unique()
