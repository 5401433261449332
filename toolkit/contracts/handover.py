"""Which listings are delivered at once by nature: codes, downloads, and shops round the corner.

Both the marks of rings and the findings about shops ask whether an order was done before a parcel could have been
carried, so both ask here for whom that says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings

_WEEK: Final = 7 * 86_400
_WEEKS: Final = 5
"""Weeks with orders that show how goods are usually handed over."""
_OFTEN: Final = 0.2
"""Share at once, of a listing's orders in a usual week, from which it is how the thing is delivered."""
_SHOP: Final = 0.5
"""The same for a whole shop, which speaks for its listings that sell too little to show it."""


def at_once_by_nature(orders: pl.DataFrame, settings: FindingSettings) -> pl.Series:
    """Listings of which a usual week's orders are delivered at once.

    Only orders without a subsidy are asked, and every week has one vote: a campaign's rush neither makes a listing
    such nor hides that it is, and made-up orders come within weeks.

    Args:
        orders: listing, seller, ordered_at and delivered_at (seconds), subsidy.
        settings: How long a delivery at once takes at most.
    """
    took = pl.col("delivered_at") - pl.col("ordered_at")
    known = orders.select("listing", "seller", "subsidy", week=pl.col("ordered_at") // _WEEK, took=took)
    plain = known.filter(pl.col("took").is_not_null() & (pl.col("subsidy").fill_null(0) <= 0))
    fast = plain.filter(pl.col("took") <= settings.instant_s)
    asked = plain.with_columns(fast=pl.col("took") <= settings.instant_s)
    listings = _usual(asked.join(fast.select("listing").unique(), on="listing", how="semi"), "listing", _OFTEN)
    shops = _usual(asked.join(fast.select("seller").unique(), on="seller", how="semi"), "seller", _SHOP)
    theirs = orders.join(shops.to_frame(), on="seller", how="semi")["listing"]
    return pl.concat([listings, theirs]).unique().sort()


def no_parcel(orders: pl.DataFrame) -> pl.Expr:
    """Whether an order has neither a tracking number nor a weight where others have: nothing was carried.

    Args:
        orders: Any of tracking and parcel_weight_g; where it has neither, or only empty ones, no order is told apart.
    """
    told = [name for name in ("tracking", "parcel_weight_g") if name in orders.columns]
    told = [name for name in told if orders[name].null_count() < orders.height]
    return pl.all_horizontal(pl.col(name).is_null() for name in told) if told else pl.lit(value=False)


def _usual(orders: pl.DataFrame, by: str, often: float) -> pl.Series:
    weekly = orders.group_by(by, "week").agg(pl.col("fast").mean())
    found = weekly.group_by(by).agg(weeks=pl.len(), fast=pl.col("fast").mean())
    return found.filter((pl.col("weeks") >= _WEEKS) & (pl.col("fast") >= often))[by]
