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
from toolkit.link.by_code import looked_up, of_code

if TYPE_CHECKING:
    from toolkit.market import Market

FAR: Final = 0.5
"""Share of the usual price of one piece below which an order is far below it: deeper than what sales usually give."""
SALE: Final = 0.5
"""Share of a listing's orders of one day with a code, campaign or discount from which it was in a sale that day."""
DAYS: Final = 3
"""Days with orders of a listing from which on these tell what it usually goes for."""


PRICED: Final = ("listing", "currency", "ordered_at", "amount", "voucher", "campaign", "discount", "subsidy")
"""Columns of orders that tell, as far as there are any."""


def far_below_price(market: Market, orders: pl.DataFrame) -> pl.Series:
    """For each order whether it was placed far below the usual price; null where nothing tells, or nothing was paid."""
    meant = [pl.col(name).is_not_null() for name in ("voucher", "campaign") if name in orders.columns]
    meant += [pl.col(name).fill_null(0) > 0 for name in ("discount", "subsidy") if name in orders.columns]
    goods, cell = _numbers(orders)
    dated = orders.select(
        "amount", goods, cell, _price(market, orders), meant=pl.any_horizontal(pl.lit(value=False), *meant)
    )
    plain = ~pl.col("meant") & ~pl.col("cell").is_in(_sales(dated).implode()) & (pl.col("amount") > 0)
    paid = dated.select("goods", "cell", "price", paid=pl.when(plain).then("amount"))
    below = paid.select(below=pl.col("paid") < FAR * pl.col("price"))["below"]
    # What is not below half of the list price is not below half of a smaller one either: few listings are looked into.
    asked = paid.filter(pl.col("price").is_null() | below)["goods"].unique()
    looked = paid.select(pl.col("goods").is_in(asked.implode()))["goods"]
    paid = paid.filter(looked)
    daily = paid.group_by("cell").agg(pl.col("goods").first(), pl.col("paid").median())
    usual = pl.when(pl.len() >= DAYS).then(pl.col("paid").median())
    went = daily.drop_nulls("paid").group_by("goods").agg(went=usual)
    known = paid.join(went, on="goods", how="left", maintain_order="left")
    told = known.select(below=pl.col("paid") < FAR * pl.min_horizontal("price", "went"))["below"]
    return below.scatter(looked.arg_true(), told)


def _numbers(orders: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """Listing and currency as one number, `goods`; and with the day, `cell`: these compare faster than columns."""
    goods = pl.col("listing").cast(pl.UInt64)
    if "currency" in orders.columns:
        currency = pl.col("currency").cast(pl.UInt64) + 1
        goods = goods * (currency.max().fill_null(0) + 1) + currency.fill_null(0)
    day = pl.col("ordered_at") // DAY - (pl.col("ordered_at") // DAY).min()
    cell = goods * (day.max() + 1).cast(pl.UInt64) + day.cast(pl.UInt64)
    return goods.alias("goods"), cell.alias("cell")


def _sales(dated: pl.DataFrame) -> pl.Series:
    """Days of listings on which they were in a sale."""
    meant = dated.filter("meant").group_by("cell").agg(meant=pl.len())
    every = dated.join(meant, on="cell", how="semi").group_by("cell").agg(n=pl.len())
    return meant.join(every, on="cell").filter(pl.col("meant") >= SALE * pl.col("n"))["cell"]


def _price(market: Market, orders: pl.DataFrame) -> pl.Expr:
    """The list price, where it is in the order's currency, or where one of the two names none at all."""
    if not market.has("listings", "price"):
        return pl.lit(None, pl.Float64).alias("price")
    price = of_code(market, "listing", "listings", "price")
    if "currency" in orders.columns and market.has("listings", "currency"):
        text = market.case.table("listings").select("currency").collect()["currency"]
        named = market.table("listings").select("listing", market.encode("currency", text))
        price = pl.when(looked_up(market, "listing", named).eq_missing(pl.col("currency"))).then(price)
    return price.alias("price")
