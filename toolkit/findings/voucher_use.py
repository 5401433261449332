"""How vouchers were used: again after a cancellation, and for all that they pay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.findings.signal import Signal

if TYPE_CHECKING:
    from toolkit.findings.sales import Sales

_SAME: Final = 0.005
"""Share of the cap within which a discount is the cap: rounding to the currency's smallest coin."""
_VARIED: Final = 0.1
"""Share of a voucher's orders that must lie under its cap; a voucher that always pays the same has no cap to aim at."""


def reused_after_cancelling(sales: Sales) -> Signal:
    """Orders under a voucher that the same buyer had used on an order that was cancelled; known for all with a voucher.

    Cancelling gives the voucher back, so somebody who ordered the wrong size leaves this mark too; a farm leaves it
    again and again.
    """
    used = _used(sales)
    first = used.filter("cancelled").group_by("buyer", "voucher").agg(given_back=pl.col("ordered_at").min())
    again = used.join(first, on=["buyer", "voucher"]).filter(pl.col("ordered_at") > pl.col("given_back"))
    return Signal("voucher_reused", again["row"].sort(), used["row"])


def chance_of_reuse(sales: Sales) -> pl.DataFrame:
    """buyer, chance: of those with a voucher, how likely one of them is used again after a cancellation by chance.

    Every order but a voucher's last is cancelled as often as orders with vouchers are. Who uses an ordinary code every
    week will once cancel and use it again; who used it twice hardly will.
    """
    used = _used(sales)
    rate = float(used.select(pl.col("cancelled").mean().fill_null(0.0)).item())
    times = (
        used.group_by("buyer", "voucher").len().group_by("buyer").agg(before=(pl.col("len").cast(pl.Int64) - 1).sum())
    )
    return times.select("buyer", chance=1.0 - (pl.col("before") * np.log1p(-min(rate, 0.99))).exp())


def _used(sales: Sales) -> pl.DataFrame:
    """row, buyer, voucher, ordered_at, cancelled of orders with a voucher."""
    ended = (pl.col("status").cast(pl.String) == "cancelled").fill_null(value=False)
    cancelled = (ended | pl.col("cancelled_at").is_not_null()).alias("cancelled")
    return sales.orders.select("row", "buyer", "voucher", "ordered_at", cancelled).drop_nulls("voucher")


def at_the_cap(sales: Sales) -> Signal:
    """Orders whose discount is the most that their voucher pays; known for vouchers that pay less on other orders."""
    known = _capped(sales)
    at_cap = (pl.col("discount") - pl.col("cap")).abs() <= _SAME * pl.col("cap")
    under = (pl.col("discount") < pl.col("cap") * (1 - _SAME)).mean().over("voucher")
    varied = known.filter(under >= _VARIED)
    return Signal("at_voucher_cap", varied.filter(at_cap)["row"], varied["row"])


def _capped(sales: Sales) -> pl.DataFrame:
    """row, voucher, discount, cap of orders under a voucher or campaign with a cap."""
    orders = sales.orders.select("row", "voucher", "campaign", "discount").drop_nulls(["voucher", "discount"])
    caps = []
    for table, kind in (("vouchers", "voucher"), ("campaigns", "campaign")):
        if sales.has(table, "max_discount"):
            most = sales.market.table(table).select(kind, pl.col("max_discount").alias(f"{kind}_cap"))
            orders = orders.join(most.filter(pl.col(f"{kind}_cap") > 0), on=kind, how="left")
            caps.append(f"{kind}_cap")
    if not caps:
        return orders.clear().with_columns(cap=pl.lit(0.0))
    return orders.with_columns(cap=pl.coalesce(caps)).drop_nulls("cap").sort("row")
