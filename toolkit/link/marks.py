"""The marks of every order, from its own columns, its listing's, its campaign's and the transfers to its buyer.

Claims nothing alone: light goods, digital goods and family wallets mark honest orders too. `shops` and `score` compare.
Cost: one pass over the orders, and one over the transfers and the orders of those who got some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.config import DAY
from toolkit.contracts.family import of_family
from toolkit.contracts.finding_settings import FindingSettings
from toolkit.contracts.handover import at_once_by_nature, no_parcel
from toolkit.contracts.parcels import for_less, wrong_catalogue_weights
from toolkit.link.bargains import PRICED, far_below_price
from toolkit.link.by_code import looked_up, of_code
from toolkit.link.innocent import apart_from, together
from toolkit.ranges import Line, spread

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.market import Market

LIGHT: Final = 0.25
"""Share of the catalogue weight below which a parcel can't hold the goods; packaging errors are smaller."""
AT_ONCE: Final = 3600
"""Seconds to delivery that no carrier reaches."""
NEAR_MINIMUM: Final = 0.03
"""Orders up to this share above the minimum spend were made for the minimum spend."""
SOON: Final = 3 * DAY
"""A top-up that pays for an order comes at most this long before it."""


def marked(market: Market, innocent: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """Coded row, buyer, listing, seller, ordered_at, and a boolean for each mark that the data can show.

    Args:
        market: The coded tables.
        innocent: Pairs (buyer, listing) that the platform itself brought together; their orders show nothing.
        paid: What was topped up for an order (`topped_up`).
    """
    orders = market.table("orders")
    kept = orders.select(kept=apart_from(innocent))["kept"]

    def some(*names: str) -> pl.DataFrame:
        return orders.select(name for name in names if name in orders.columns).filter(kept)

    marks = _plain(market)
    if market.has("orders", "tracking_id"):
        marks["reused_tracking"] = reused_tracking(market, some("row", "buyer", "address", "ordered_at", "tracking"))
    if market.has("orders", "delivered_at"):
        marks["delivered_at_once"] = _at_once(
            some("listing", "seller", "ordered_at", "delivered_at", "subsidy"),
            some("row", "tracking", "parcel_weight_g"),
        )
    if market.has("orders", "parcel_weight_g") and market.has("listings", "catalogue_weight_g"):
        marks["light_parcel"] = _light(market, some)
    if market.has("transfers") and market.has("orders", "amount"):
        marks["paid_by_top_up"] = pl.col("row").is_in(paid["row"].implode())
    if market.has("orders", "amount") and (market.has("vouchers", "min_spend") or market.has("campaigns", "min_spend")):
        usually = _usual(market, some("listing", "amount", "discount", "subsidy"))
        marks["at_minimum_spend"] = _at_minimum(_minimum(market), usually, _gross(orders))
    seller = pl.col("seller") if "seller" in orders.columns else pl.lit(None, pl.UInt32).alias("seller")
    told = orders.select("row", "buyer", "listing", seller, "ordered_at", **marks).filter(kept)
    if market.has("orders", "amount"):
        told = told.with_columns(far_below_price(market, some(*PRICED)).alias("far_below_price"))
    return told


def _at_once(orders: pl.DataFrame, parcels: pl.DataFrame) -> pl.Expr:
    """Whether an order was delivered at once, though a parcel was sent and such goods usually take longer."""
    usual = at_once_by_nature(_with_all(orders), FindingSettings())
    fast = pl.col("delivered_at") - pl.col("ordered_at") <= AT_ONCE
    return pl.when(~pl.col("listing").is_in(usual.implode()) & ~no_parcel(parcels)).then(fast)


def _light(market: Market, some: Callable[..., pl.DataFrame]) -> pl.Expr:
    """Whether an order's parcel is too light for the goods, where parcels of the listing aren't always."""
    stated = of_code(market, "listing", "listings", "catalogue_weight_g")
    parcels = _priced(market, some("listing", "seller", "ordered_at", "amount", "parcel_weight_g"), stated)
    wrong = wrong_catalogue_weights(parcels, FindingSettings())
    light = pl.col("parcel_weight_g") < LIGHT * stated
    return pl.when(~pl.col("listing").is_in(wrong.implode())).then(light)


def _priced(market: Market, orders: pl.DataFrame, stated: pl.Expr) -> pl.DataFrame:
    """What tells a light parcel from a lighter thing: weights, times, and whether the order was for less."""
    amount = pl.col("amount") if "amount" in orders.columns else pl.lit(None, pl.Float64).alias("amount")
    price = pl.lit(None, pl.Float64)
    if market.has("listings", "price"):
        price = of_code(market, "listing", "listings", "price")
    parcels = _with_all(orders).select(
        "listing", "seller", "parcel_weight_g", amount, catalogue_weight_g=stated, at="ordered_at", price=price
    )
    return (
        parcels.with_columns(for_less()).drop("amount", "price").drop_nulls(["parcel_weight_g", "catalogue_weight_g"])
    )


def _with_all(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders with the columns that decide on nature, empty where the input has none."""
    empty = {"seller": pl.UInt32, "subsidy": pl.Float64}
    lacking = [pl.lit(None, kind).alias(name) for name, kind in empty.items() if name not in orders.columns]
    return orders.with_columns(lacking)


def _plain(market: Market) -> dict[str, pl.Expr]:
    """The marks that an order's own columns show.

    What only some orders can show, such as being cancelled after a subsidy, is null for the others: whoever is in a
    group because of a subsidy or a refund must be compared with people who had one. Where the export has no subsidies,
    a code is taken for one.
    """
    marks: dict[str, pl.Expr] = {}
    by_code = not market.has("orders", "subsidy")
    subsidised = pl.col("voucher").is_not_null() if by_code else pl.col("subsidy").fill_null(0) > 0
    if market.has("orders", "voucher_id" if by_code else "subsidy"):
        marks["subsidised"] = subsidised
        if market.has("orders", "cancelled_at"):
            marks["cancelled_after_subsidy"] = pl.when(subsidised).then(pl.col("cancelled_at").is_not_null())
    if market.has("orders", "refunded_at"):
        undone = pl.col("cancelled_at").is_not_null() if market.has("orders", "cancelled_at") else pl.lit(value=False)
        marks["refunded"] = pl.col("refunded_at").is_not_null() & ~undone  # what was cancelled is always paid back
    if market.has("orders", "refund_payment_id", "payment_id"):
        elsewhere = (pl.col("refund_payment") != pl.col("payment")).fill_null(value=False)
        back = pl.col("refunded_at").is_not_null() if market.has("orders", "refunded_at") else elsewhere
        marks["refunded_elsewhere"] = pl.when(back).then(elsewhere)
    return marks


def reused_tracking(market: Market, orders: pl.DataFrame) -> pl.Expr:
    """True for an order whose tracking number serves several buyers at several addresses, or weeks apart.

    Several buyers' orders in one parcel to one address are an office's or a neighbour's collective order.

    Args:
        market: The coded tables.
        orders: Those of its orders that tell which numbers do.
    """
    shared = together(market, orders)
    places = pl.col("address").drop_nulls().n_unique() > 1
    apart = (pl.col("ordered_at").max() - pl.col("ordered_at").min()) > 7 * DAY
    reused = shared.group_by("tracking").agg(reused=places | apart).filter(pl.col("reused"))
    return pl.col("tracking").is_in(reused["tracking"].implode()).fill_null(value=False)


def topped_up(market: Market) -> pl.DataFrame:
    """Transfers that came just before an order of about their amount: source, buyer, at, transfer (row), row (order).

    What a shop pays after an order is compensation, what an employer pays after one is an expense, and what one of the
    household pays is the family's own money.
    """
    if not (market.has("transfers") and market.has("orders", "amount")):
        codes = dict.fromkeys(("source", "buyer", "transfer", "row"), pl.UInt32)
        return pl.DataFrame(schema={**codes, "at": pl.Int64})
    paid = market.table("transfers").select("source", "buyer", "at", got="amount", transfer="row")
    got = paid.join(of_family(market, paid, FindingSettings()), on=["source", "buyer"], how="anti")
    orders = market.table("orders").select("buyer", "row", "ordered_at", "amount")
    orders = orders.filter(pl.col("buyer").is_in(got["buyer"].unique().implode())).drop_nulls()
    orders = orders.sort("buyer", "ordered_at")
    soon = Line.of(orders["buyer"], orders["ordered_at"]).window(got["buyer"], got["at"], got["at"] + SOON)
    which, place = spread(*soon)
    near = got[which].hstack(orders.select("row", "amount")[place])
    fits = pl.col("got").is_between(0.9 * pl.col("amount"), 1.25 * pl.col("amount"))
    return near.filter(fits).select("source", "buyer", "at", "transfer", "row")


def _at_minimum(minimum: pl.Expr, usual: pl.Expr, gross: pl.Expr) -> pl.Expr:
    """Whether an order lies at the minimum spend or a little above it, and what it is for does not usually."""

    def near(value: pl.Expr) -> pl.Expr:
        return value.is_between(minimum, (1 + NEAR_MINIMUM) * minimum)

    aimed = pl.any_horizontal(near(pl.col("amount")), near(gross))
    return pl.when((minimum > 0) & ~near(usual).fill_null(value=False)).then(aimed)


def _usual(market: Market, orders: pl.DataFrame) -> pl.Expr:
    """What the order's listing usually costs: its price, or else the median of its orders without a subsidy.

    Where one of the thing costs about the minimum spend, everybody's order lies there, and nobody aimed at it.
    """
    prices = pl.DataFrame(schema={"listing": pl.UInt32, "price": pl.Float64})
    if market.has("listings", "price"):
        prices = market.table("listings").select("listing", "price").drop_nulls()
    unpriced = orders.filter(~pl.col("listing").is_in(prices["listing"].implode()))
    plain = unpriced.filter(pl.col("subsidy").fill_null(0) == 0) if "subsidy" in orders.columns else unpriced
    median = plain.group_by("listing").agg(price=_gross(orders).median())
    return looked_up(market, "listing", pl.concat([prices, median]))


def _minimum(market: Market) -> pl.Expr:
    """The minimum spend of an order's voucher, or else of its campaign."""
    columns = market.table("orders").columns
    spend = [
        of_code(market, key, table, "min_spend")
        for table, key in (("vouchers", "voucher"), ("campaigns", "campaign"))
        if market.has(table, "min_spend") and key in columns
    ]
    return pl.coalesce(spend)


def _gross(orders: pl.DataFrame) -> pl.Expr:
    """The amount of an order before its discount."""
    discount = pl.col("discount").fill_null(0) if "discount" in orders.columns else pl.lit(0.0)
    return pl.col("amount") + discount
