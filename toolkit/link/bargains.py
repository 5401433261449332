"""Orders far below the usual price: what is paid where a price is an evident mistake, or a variant that few know of.

Claims nothing alone: sales, outlets and broken sets sell below half as well; `score` compares with the other buyers of
the same listings in the same weeks. The usual price is careful: the smaller of the list price and of the median over
days of what the listing went for, so that what is always sold below its list price is no bargain, and a crowd of one
day moves nothing. What a code, a campaign or a discount gives is meant, and tells nothing; nor do orders of a day on
which half of the listing's orders have one: it was in a sale. Misses: bargains of several pieces in one order, since
exports name no quantity. Cost: one pass over the orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.config import DAY

if TYPE_CHECKING:
    from toolkit.market import Market

FAR: Final = 0.5
"""Share of the usual price of one piece below which an order is far below it: deeper than what sales usually give."""
SALE: Final = 0.5
"""Share of a listing's orders of one day with a code, campaign or discount from which it was in a sale that day."""
DAYS: Final = 3
"""Days with orders of a listing from which on these tell what it usually goes for."""


def far_below_price(market: Market, orders: pl.DataFrame) -> pl.Series:
    """For each order whether it was placed far below the usual price; null where nothing tells, or nothing was paid."""
    keys = ["listing", "currency"] if "currency" in orders.columns else ["listing"]
    meant = [pl.col(name).is_not_null() for name in ("voucher", "campaign") if name in orders.columns]
    meant += [pl.col(name).fill_null(0) > 0 for name in ("discount", "subsidy") if name in orders.columns]
    dated = orders.select(
        *keys, "amount", day=pl.col("ordered_at") // DAY, meant=pl.any_horizontal(pl.lit(value=False), *meant)
    )
    sale = pl.col("meant").mean().over(*keys, "day") >= SALE
    plain = ~pl.col("meant") & ~sale & (pl.col("amount") > 0)
    paid = dated.select(*keys, "day", paid=pl.when(plain).then("amount"))
    daily = paid.group_by(*keys, "day").agg(pl.col("paid").median()).drop_nulls("paid")
    went = daily.group_by(keys).agg(went=pl.when(pl.len() >= DAYS).then(pl.col("paid").median()))
    known = paid.join(went, on=keys, how="left", maintain_order="left", nulls_equal=True)
    known = _listed(market, known, keys)
    return known.select(below=pl.col("paid") < FAR * pl.min_horizontal("price", "went"))["below"]


def _listed(market: Market, paid: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """With the list price, where it is in the order's currency, or where one of the two names none."""
    if not market.has("listings", "price"):
        return paid.with_columns(price=pl.lit(None, pl.Float64))
    prices = market.table("listings").select("listing", "price")
    by = ["listing"]
    if "currency" in keys and market.has("listings", "currency"):
        named = market.case.table("listings").select("currency").collect()["currency"]
        prices, by = prices.with_columns(currency=market.encode("currency", named)), keys
    return paid.join(prices, on=by, how="left", maintain_order="left", nulls_equal=True)
