"""Orders whose value lies just at the minimum spend of the voucher or campaign that they used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.findings.signal import Signal

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales


def at_minimum_spend(sales: Sales, settings: FindingSettings) -> Signal:
    """Orders in [minimum, minimum x (1 + band)]; known for orders that used a voucher or campaign with a minimum."""
    known = with_floor(sales)
    value = pl.col("value") / pl.col("floor")
    return Signal("at_minimum_spend", known.filter(value.is_between(1 - 1e-9, 1 + settings.band))["row"], known["row"])


def with_floor(sales: Sales) -> pl.DataFrame:
    """row, listing, value, floor of orders that a minimum spend applied to.

    Exports differ in whether `amount` is before or after the discount. The minimum holds before it, so where more than
    one order in a hundred lies under its minimum, the amounts are taken as after the discount, which is added.
    """
    orders = sales.orders.select("row", "listing", "voucher", "campaign", "amount", "discount")
    floors = []
    for table, kind in (("vouchers", "voucher"), ("campaigns", "campaign")):
        if sales.has(table, "min_spend"):
            minimum = sales.market.table(table).select(kind, pl.col("min_spend").alias(f"{kind}_floor"))
            orders = orders.join(minimum.filter(pl.col(f"{kind}_floor") > 0), on=kind, how="left")
            floors.append(f"{kind}_floor")
    if not floors:
        return orders.clear().with_columns(value=pl.lit(0.0), floor=pl.lit(0.0))
    known = orders.with_columns(floor=pl.coalesce(floors)).filter(
        pl.col("floor").is_not_null() & pl.col("amount").is_not_null()
    )
    under = known.select((pl.col("amount") < pl.col("floor") * (1 - 1e-9)).mean()).item() or 0.0
    after_discount = pl.col("amount") + pl.col("discount").fill_null(0.0)
    return known.with_columns(value=after_discount if under > 0.01 else pl.col("amount"))
