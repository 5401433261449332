"""How orders ended: delivered within minutes, or undone after the platform had paid its part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.findings.signal import Signal

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales


def instant(sales: Sales, settings: FindingSettings) -> Signal:
    """Orders delivered before a parcel could have been carried; digital goods are instant by nature, see `excess`."""
    known = sales.orders.select("row", took=pl.col("delivered_at") - pl.col("ordered_at")).drop_nulls()
    marked = known.filter(pl.col("took") <= settings.instant_s)
    return Signal("delivered_within_minutes", marked["row"], known["row"])


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
