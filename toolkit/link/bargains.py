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
    dated = orders.select(*keys, "amount", _cell(keys), meant=pl.any_horizontal(pl.lit(value=False), *meant))
    plain = ~pl.col("meant") & ~pl.col("cell").is_in(_sales(dated).implode()) & (pl.col("amount") > 0)
    paid = _listed(market, dated.select(*keys, "cell", paid=pl.when(plain).then("amount")), keys)
    # What is not below half of the list price is not below half of a smaller one either: few listings are looked into.
    asked = paid.filter(pl.col("price").is_null() | (pl.col("paid") < FAR * pl.col("price"))).select(keys).unique()
    daily = paid.join(asked, on=keys, how="semi", nulls_equal=True).group_by(*keys, "cell").agg(pl.col("paid").median())
    usual = pl.when(pl.len() >= DAYS).then(pl.col("paid").median())
    went = daily.drop_nulls("paid").group_by(keys).agg(went=usual)
    known = paid.join(went, on=keys, how="left", maintain_order="left", nulls_equal=True)
    return known.select(below=pl.col("paid") < FAR * pl.min_horizontal("price", "went"))["below"]


def _cell(keys: list[str]) -> pl.Expr:
    """Listing, currency and day as one number, so that days of listings are told apart by a comparison of numbers."""
    number = pl.col("listing").cast(pl.UInt64)
    if "currency" in keys:
        currency = pl.col("currency").cast(pl.UInt64) + 1
        number = number * (currency.max().fill_null(0) + 1) + currency.fill_null(0)
    day = pl.col("ordered_at") // DAY - (pl.col("ordered_at") // DAY).min()
    return (number * (day.max() + 1).cast(pl.UInt64) + day.cast(pl.UInt64)).alias("cell")


def _sales(dated: pl.DataFrame) -> pl.Series:
    """Days of listings on which they were in a sale."""
    meant = dated.filter("meant").group_by("cell").agg(meant=pl.len())
    every = dated.join(meant, on="cell", how="semi").group_by("cell").agg(n=pl.len())
    return meant.join(every, on="cell").filter(pl.col("meant") >= SALE * pl.col("n"))["cell"]


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
