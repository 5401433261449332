"""The marks of every order, from its own columns, its listing's, its campaign's and the transfers to its buyer.

Claims nothing alone: light goods, digital goods and family wallets mark honest orders too. `shops` and `score` compare.
Cost: one pass over the orders, one join with the transfers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.config import DAY
from toolkit.contracts.family import of_family
from toolkit.contracts.finding_settings import FindingSettings
from toolkit.contracts.handover import at_once_by_nature, no_parcel
from toolkit.contracts.parcels import for_less, wrong_catalogue_weights
from toolkit.link.bargains import far_below_price
from toolkit.link.innocent import together

if TYPE_CHECKING:
    from toolkit.market import Market

LIGHT: Final = 0.25
"""Share of the catalogue weight below which a parcel can't hold the goods; packaging errors are smaller."""
AT_ONCE: Final = 3600
"""Seconds to delivery that no carrier reaches."""
NEAR_MINIMUM: Final = 0.03
"""Orders up to this share above the minimum spend were made for the minimum spend."""
SOON: Final = 3 * DAY
"""A top-up that pays for an order comes at most this long before it."""


def marked(market: Market, innocent: pl.DataFrame) -> pl.DataFrame:
    """Coded row, buyer, listing, seller, ordered_at, and a boolean for each mark that the data can show.

    Args:
        market: The coded tables.
        innocent: Pairs (buyer, listing) that the platform itself brought together; their orders show nothing.
    """
    orders = market.table("orders").join(innocent, on=["buyer", "listing"], how="anti", maintain_order="left")
    marks = _plain(market, orders)
    if market.has("orders", "delivered_at"):
        usual = at_once_by_nature(_with_all(orders), FindingSettings())
        fast = pl.col("delivered_at") - pl.col("ordered_at") <= AT_ONCE
        asked = ~pl.col("listing").is_in(usual.implode()) & ~no_parcel(orders)
        marks["delivered_at_once"] = pl.when(asked).then(fast)
    if market.has("orders", "parcel_weight_g") and market.has("listings", "catalogue_weight_g"):
        weights = market.table("listings").select("listing", "catalogue_weight_g")
        orders = orders.join(weights, on="listing", how="left", maintain_order="left")
        wrong = wrong_catalogue_weights(_priced(market, orders), FindingSettings())
        light = pl.col("parcel_weight_g") < LIGHT * pl.col("catalogue_weight_g")
        marks["light_parcel"] = pl.when(~pl.col("listing").is_in(wrong.implode())).then(light)
    if market.has("transfers") and market.has("orders", "amount"):
        paid = topped_up(market).select("row", topped=pl.lit(value=True)).unique()
        orders = orders.join(paid, on="row", how="left", maintain_order="left")
        marks["paid_by_top_up"] = pl.col("topped").fill_null(value=False)
    if market.has("orders", "amount") and (market.has("vouchers", "min_spend") or market.has("campaigns", "min_spend")):
        orders = _with_minimum(market, orders)
        orders = _with_usual(market, orders)
        near = pl.any_horizontal(_near("amount"), _near("gross"))
        marks["at_minimum_spend"] = pl.when((pl.col("minimum") > 0) & ~_near("usual").fill_null(value=False)).then(near)
    if market.has("orders", "amount"):
        orders = orders.with_columns(far_below_price(market, orders).alias("far_below"))
        marks["far_below_price"] = pl.col("far_below")
    seller = pl.col("seller") if "seller" in orders.columns else pl.lit(None, pl.UInt32).alias("seller")
    return orders.select("row", "buyer", "listing", seller, "ordered_at", **marks)


def _priced(market: Market, orders: pl.DataFrame) -> pl.DataFrame:
    """What tells a light parcel from a lighter thing: weights, times, and whether the order was for less."""
    amount = pl.col("amount") if "amount" in orders.columns else pl.lit(None, pl.Float64).alias("amount")
    parcels = _with_all(orders).select(
        "listing", "seller", "parcel_weight_g", "catalogue_weight_g", amount, at="ordered_at"
    )
    price = pl.lit(None, pl.Float64).alias("price")
    if market.has("listings", "price"):
        prices = market.table("listings").select("listing", "price")
        parcels, price = parcels.join(prices, on="listing", how="left"), pl.col("price")
    return parcels.with_columns(price).with_columns(for_less())


def _with_all(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders with the columns that decide on nature, empty where the input has none."""
    empty = {"seller": pl.UInt32, "subsidy": pl.Float64}
    lacking = [pl.lit(None, kind).alias(name) for name, kind in empty.items() if name not in orders.columns]
    return orders.with_columns(lacking)


def _plain(market: Market, orders: pl.DataFrame) -> dict[str, pl.Expr]:
    """The marks that an order's own columns show.

    What only some orders can show, such as being cancelled after a subsidy, is null for the others: whoever is in a
    group because of a subsidy or a refund must be compared with people who had one.
    """
    marks: dict[str, pl.Expr] = {}
    subsidised = pl.col("subsidy").fill_null(0) > 0
    if market.has("orders", "subsidy"):
        marks["subsidised"] = subsidised
    if market.has("orders", "subsidy", "cancelled_at"):
        marks["cancelled_after_subsidy"] = pl.when(subsidised).then(pl.col("cancelled_at").is_not_null())
    if market.has("orders", "refunded_at"):
        undone = pl.col("cancelled_at").is_not_null() if market.has("orders", "cancelled_at") else pl.lit(value=False)
        marks["refunded"] = pl.col("refunded_at").is_not_null() & ~undone  # what was cancelled is always paid back
    if market.has("orders", "refund_payment_id", "payment_id"):
        elsewhere = (pl.col("refund_payment") != pl.col("payment")).fill_null(value=False)
        back = pl.col("refunded_at").is_not_null() if market.has("orders", "refunded_at") else elsewhere
        marks["refunded_elsewhere"] = pl.when(back).then(elsewhere)
    if market.has("orders", "tracking_id"):
        marks["reused_tracking"] = reused_tracking(orders)
    return marks


def reused_tracking(orders: pl.DataFrame) -> pl.Expr:
    """True for an order whose tracking number serves several buyers at several addresses, or weeks apart.

    Several buyers' orders in one parcel to one address are an office's or a neighbour's collective order.
    """
    shared = together(orders)
    places = pl.col("address").drop_nulls().n_unique() > 1
    apart = (pl.col("ordered_at").max() - pl.col("ordered_at").min()) > 7 * DAY
    reused = shared.group_by("tracking").agg(reused=places | apart).filter(pl.col("reused"))
    return pl.col("tracking").is_in(reused["tracking"].implode()).fill_null(value=False)


def topped_up(market: Market) -> pl.DataFrame:
    """Transfers that came just before an order of about their amount: source, buyer, at, transfer (row), row (order).

    What a shop pays after an order is compensation, what an employer pays after one is an expense, and what one of the
    household pays is the family's own money.
    """
    orders = market.table("orders").select("buyer", "row", "ordered_at", "amount").drop_nulls()
    paid = market.table("transfers").select("source", "buyer", "at", got="amount", transfer="row")
    got = paid.join(of_family(market, paid, FindingSettings()), on=["source", "buyer"], how="anti")
    near = got.join(orders, on="buyer").filter(
        (pl.col("ordered_at") - pl.col("at")).is_between(0, SOON)
        & pl.col("got").is_between(0.9 * pl.col("amount"), 1.25 * pl.col("amount"))
    )
    return near.select("source", "buyer", "at", "transfer", "row")


def _near(column: str) -> pl.Expr:
    """Whether a value lies at the minimum spend or a little above it."""
    return pl.col(column).is_between(pl.col("minimum"), (1 + NEAR_MINIMUM) * pl.col("minimum"))


def _with_usual(market: Market, orders: pl.DataFrame) -> pl.DataFrame:
    """Orders with what the listing usually costs: its price, or else the median of its orders without a subsidy.

    Where one of the thing costs about the minimum spend, everybody's order lies there, and nobody aimed at it.
    """
    prices = pl.DataFrame(schema={"listing": pl.UInt32, "price": pl.Float64})
    if market.has("listings", "price"):
        prices = market.table("listings").select("listing", "price").drop_nulls()
    unpriced = orders.join(prices, on="listing", how="anti")
    plain = unpriced.filter(pl.col("subsidy").fill_null(0) == 0) if "subsidy" in orders.columns else unpriced
    median = plain.group_by("listing").agg(price=pl.col("gross").median())
    usual = pl.concat([prices, median]).rename({"price": "usual"})
    return orders.join(usual, on="listing", how="left", maintain_order="left")


def _with_minimum(market: Market, orders: pl.DataFrame) -> pl.DataFrame:
    """Orders with the minimum spend of their voucher, or else of their campaign, and the amount before discount."""
    spend = []
    for table, key in (("vouchers", "voucher"), ("campaigns", "campaign")):
        if market.has(table, "min_spend") and key in orders.columns:
            known = market.table(table).select(key, pl.col("min_spend").alias(f"min_{key}"))
            orders = orders.join(known, on=key, how="left", maintain_order="left")
            spend.append(pl.col(f"min_{key}"))
    discount = pl.col("discount").fill_null(0) if "discount" in orders.columns else pl.lit(0.0)
    return orders.with_columns(minimum=pl.coalesce(spend), gross=pl.col("amount") + discount)
