"""How orders ended: delivered within minutes, or undone after the platform had paid its part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.handover import at_once_by_nature, no_parcel
from toolkit.findings.signal import Signal
from toolkit.market import pair

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_REVIEW_S: Final = 60 * 86_400
"""Seconds after an order within which its review is written, if at all."""


def instant(sales: Sales, settings: FindingSettings) -> Signal:
    """Orders delivered before a parcel could have been carried, of listings that are not so by nature.

    Orders without a parcel are left out: codes and downloads are not carried.
    """
    took = pl.col("delivered_at") - pl.col("ordered_at")
    usual = at_once_by_nature(sales.orders, settings)
    carried = sales.orders.lazy().filter(~no_parcel(sales.orders)).select("row", "listing", took=took)
    known = carried.drop_nulls("took").filter(~pl.col("listing").is_in(usual.implode())).collect()
    return Signal("delivered_within_minutes", known.filter(pl.col("took") <= settings.instant_s)["row"], known["row"])


def reviewed(sales: Sales) -> Signal:
    """Orders that their buyer reviewed within two months; orders made up for the sales figures mostly are."""
    if not sales.has("reviews"):
        return Signal("reviewed", sales.orders["row"].clear())
    orders = sales.orders.select("row", "ordered_at", pair=pair())
    both = orders.join(sales.market.table("reviews").select("reviewed_at", pair=pair()), on="pair")
    lag = pl.col("reviewed_at") - pl.col("ordered_at")
    return Signal("reviewed", both.filter(lag.is_between(0, _REVIEW_S))["row"].unique().sort())


def undone(sales: Sales) -> list[Signal]:
    """Orders that were cancelled or refunded: all of them, and the subsidised ones by themselves."""
    gone = pl.col("cancelled_at").is_not_null() | pl.col("refunded_at").is_not_null()
    ended = pl.col("status").cast(pl.String).is_in(["cancelled", "returned"]).fill_null(value=False)
    known = sales.orders.select("row", paid=(pl.col("subsidy") > 0).fill_null(value=False), gone=gone | ended)
    subsidised = known.filter("paid")
    return [
        Signal("undone", known.filter("gone")["row"]),
        Signal("undone_after_subsidy", subsidised.filter("gone")["row"], subsidised["row"]),
    ]
