"""Orders of one odd amount: many buyers paid exactly the same, and it is no number of pieces at the listing's price.

Exports name no quantity; a whole multiple of the price is one. Who makes orders up tells everybody the same amount,
often under a variant that nobody else sees. Sale prices and bundles give many buyers one amount as well: so the mark
counts only where a shop has more of it than others do, is not looked for where anything was taken off, because a
livestream has a price of its own, and is one with the marks of a subsidy. Misses: amounts that vary, whole multiples,
and whatever a voucher was used on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.currency import units
from toolkit.findings.signal import Signal

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_ENOUGH: Final = 5
"""Orders of a listing whose commonest amount is its price, where no table says it."""
_PIECES: Final = 50
"""Pieces of one order beyond which an amount is no quantity but chance."""
_ROUNDING: Final = 0.005
"""Share of the price by which an amount may miss a whole number of pieces."""


def same_odd_amount(sales: Sales, settings: FindingSettings) -> Signal:
    """Orders whose amount several buyers paid at the shop, and that is no whole number of pieces.

    Known for orders at full price of listings that have one.
    """
    none = sales.orders["row"].clear()
    if not sales.has("orders", "amount"):
        return Signal("same_odd_amount", none, none)
    taken_off = pl.max_horizontal(pl.col("discount", "subsidy").fill_null(0.0)) > 0
    orders = sales.orders.lazy().filter((pl.col("amount") > 0) & pl.col("voucher").is_null() & ~taken_off)
    known = _priced(sales, orders.select("row", "listing", "seller", "buyer", "currency", "amount").collect())
    odd = known.filter(~_whole())
    same = odd.with_columns(exact=units(pl.col("amount"))).drop_nulls("seller")
    people = pl.col("buyer").n_unique().over("seller", "currency", "exact")
    marked = same.filter(people >= settings.fewest_buyers)["row"].sort()
    return Signal("same_odd_amount", marked, known["row"].sort())


def _priced(sales: Sales, orders: pl.DataFrame) -> pl.DataFrame:
    """Orders with the price of their listing: as the table says, or else the commonest of its amounts."""
    told = pl.DataFrame(schema={"listing": pl.UInt32, "usual": pl.Float64})
    if sales.has("listings", "price"):
        told = sales.market.table("listings").select("listing", usual="price").drop_nulls()
    unpriced = orders.filter(~pl.col("listing").is_in(told["listing"].implode()))
    counted = unpriced.group_by("listing", "amount").agg(n=pl.len(), buyers=pl.col("buyer").n_unique())
    usual = counted.sort("buyers", "n", "amount", descending=True).group_by("listing", maintain_order=True)
    common = usual.agg(usual=pl.col("amount").first(), n=pl.col("n").sum()).filter(pl.col("n") >= _ENOUGH)
    every = pl.DataFrame({"listing": pl.int_range(sales.market.size("listing"), dtype=pl.UInt32, eager=True)})
    prices = pl.concat([told, common.select("listing", "usual")])
    price = every.join(prices, on="listing", how="left", maintain_order="left")["usual"]
    return orders.with_columns(price.gather(orders["listing"])).filter(pl.col("usual") > 0)


def _whole() -> pl.Expr:
    """Whether an amount is a whole number of pieces at the usual price."""
    pieces = pl.col("amount") / pl.col("usual")
    near = (pieces - pieces.round()).abs() <= _ROUNDING * pieces.round()
    return pieces.round().is_between(1, _PIECES) & near
