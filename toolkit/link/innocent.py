"""What the platform itself brought together, and what therefore says nothing about buyers acting together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.config import DAY
from toolkit.market import pair

if TYPE_CHECKING:
    from toolkit.market import Market

PAIRS = pl.Schema({"buyer": pl.UInt32, "listing": pl.UInt32})


def together(market: Market, orders: pl.DataFrame) -> pl.DataFrame:
    """Orders whose tracking number several buyers' orders bear: row, buyer, address, ordered_at, tracking.

    Args:
        market: The coded tables.
        orders: Some of its orders.
    """
    bearing = orders.select("row", "buyer", "address", "ordered_at", "tracking")
    twice = bearing.filter(pl.col("tracking") < market.size("tracking"))  # others stand on one row: see SINGLE_KINDS
    return twice.filter(pl.col("buyer").n_unique().over("tracking") > 1)


def collective(market: Market) -> pl.DataFrame:
    """Rows of orders that went in one parcel to one address with other buyers' orders of the same week.

    One order of several people, as offices and neighbours place them: the parcel is one act, not several.
    """
    if not market.has("orders", "tracking_id"):
        return pl.DataFrame(schema={"row": pl.UInt32})
    shared = together(market, market.table("orders"))
    one = pl.col("address").drop_nulls().n_unique().over("tracking") <= 1
    span = (pl.col("ordered_at").max() - pl.col("ordered_at").min()).over("tracking")
    return shared.filter(one & (span <= 7 * DAY)).select("row")


def arranged(market: Market) -> pl.DataFrame:
    """Pairs (buyer, listing) that a sampling programme of the platform, or one parcel for several, brought together."""
    parts = [_sampled(market)]
    if market.has("orders"):
        orders = market.table("orders").select("row", *PAIRS.names())
        parts.append(orders.join(collective(market), on="row", how="semi").drop("row"))
    return pl.concat(parts).unique()


def apart_from(innocent: pl.DataFrame) -> pl.Expr:
    """Whether a row's buyer and listing are none of these pairs."""
    return ~pair().is_in(innocent.select(both=pair())["both"].implode()).fill_null(value=False)


def _sampled(market: Market) -> pl.DataFrame:
    if not market.has("vouchers", "kind") or not market.has("orders", "voucher_id"):
        return pl.DataFrame(schema=PAIRS)
    vouchers = market.table("vouchers")
    ours = pl.col("kind").cast(pl.String) == "sampling"
    if "funded_by" in vouchers.columns:
        ours &= pl.col("funded_by").cast(pl.String).fill_null("platform") == "platform"
    codes = vouchers.filter(ours)["voucher"]
    orders = market.table("orders").select("voucher", *PAIRS.names())
    return orders.filter(pl.col("voucher").is_in(codes.implode())).drop("voucher").unique()
