"""Marks on orders (F7): the ring's orders carry a mark far more often than the same shops' other orders do.

Claims: subsidised, refunded, too light, delivered at once, funded just before: each mark is common somewhere, so
the comparison is with other buyers of the same sellers in the same weeks, held near the market's rate. Misses: shops
whose every order is of the ring, at a rate that the market has too. Cost: the orders of the sellers concerned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.config import DAY
from toolkit.contracts.judged import JUDGED, empty
from toolkit.score.binomial import binomial

if TYPE_CHECKING:
    from toolkit.market import Market
    from toolkit.score.scope import Scope

PRIOR: Final = 10.0
"""Orders of prior weight with which a shop's rate is held near the market's."""
LEEWAY: Final = 2.0
"""A group may carry a mark twice as often as its neighbours before it says anything."""
LIGHT: Final = 0.25
"""Share of the catalogue weight below which a parcel can't hold the goods; packaging errors are smaller."""
AT_ONCE: Final = 3600
"""Seconds to delivery that no carrier reaches."""


def judge(scope: Scope) -> pl.DataFrame:
    """One row a candidate and mark that the data can show."""
    if scope.orders.height == 0:
        return empty()
    marks = {name: (family, expr) for name, (family, expr) in _marks(scope.market).items() if expr is not None}
    if not marks:
        return empty()
    orders = _marked(scope.market, {name: expr for name, (_, expr) in marks.items()})
    ours = scope.orders.select("candidate", "row").join(orders, on="row")
    others = _others(scope, orders)
    parts = []
    for name, (family, _) in marks.items():
        rate = float(orders[name].drop_nulls().cast(pl.Float64).mean() or 0.0)  # type: ignore[arg-type]
        if rate > 0:
            parts.append(_judged(ours, others, name, family, rate))
    return pl.concat(parts) if parts else pl.DataFrame(schema=JUDGED)


def _judged(ours: pl.DataFrame, others: pl.DataFrame, name: str, family: str, rate: float) -> pl.DataFrame:
    per_buyer = ours.filter(pl.col(name).is_not_null()).group_by("candidate", "buyer").agg(pl.col(name).any())
    rings = per_buyer.group_by("candidate").agg(n=pl.len(), x=pl.col(name).sum())
    base = others.group_by("candidate").agg(m=pl.col(name).count(), y=pl.col(name).sum())
    rings = rings.join(base, on="candidate", how="left").with_columns(pl.col("m", "y").fill_null(0))
    p0 = LEEWAY * (pl.col("y") + PRIOR * rate) / (pl.col("m") + PRIOR)
    judged = rings.with_columns(p0=p0.clip(upper_bound=0.95)).sort("candidate")
    return binomial(judged, family, f"f7_{name}", "members")


def _marks(market: Market) -> dict[str, tuple[str, pl.Expr | None]]:
    """Mark -> family and how an order shows it; null where an order can't tell, None where no order can."""
    weighs = market.has("orders", "parcel_weight_g") and market.has("listings", "catalogue_weight_g")
    other = pl.col("refund_payment") != pl.col("payment")
    return {
        "subsidised": ("subsidy", pl.col("subsidy").fill_null(0) > 0 if market.has("orders", "subsidy") else None),
        "cancelled_after_subsidy": (
            "subsidy",
            (pl.col("subsidy").fill_null(0) > 0) & pl.col("cancelled_at").is_not_null()
            if market.has("orders", "subsidy", "cancelled_at")
            else None,
        ),
        "refunded": ("refund", pl.col("refunded_at").is_not_null() if market.has("orders", "refunded_at") else None),
        "refunded_elsewhere": (
            "refund",
            other.fill_null(value=False) if market.has("orders", "refund_payment_id", "payment_id") else None,
        ),
        "light_parcel": (
            "logistics",
            pl.col("parcel_weight_g") < LIGHT * pl.col("catalogue_weight_g") if weighs else None,
        ),
        "delivered_at_once": (
            "logistics",
            pl.col("delivered_at") - pl.col("ordered_at") <= AT_ONCE if market.has("orders", "delivered_at") else None,
        ),
        "shared_tracking": (
            "logistics",
            pl.col("buyer").n_unique().over("tracking") > 1 if market.has("orders", "tracking_id") else None,
        ),
        "paid_by_top_up": ("funding", pl.col("topped_up") if market.has("transfers") else None),
    }


def _marked(market: Market, marks: dict[str, pl.Expr]) -> pl.DataFrame:
    """Every order with its marks: row, buyer, seller, ordered_at, and a boolean a mark."""
    orders = market.table("orders")
    if "light_parcel" in marks:
        weights = market.table("listings").select("listing", "catalogue_weight_g")
        orders = orders.join(weights, on="listing", how="left", maintain_order="left")
    if "paid_by_top_up" in marks:
        orders = orders.join(topped_up(market), on="row", how="left", maintain_order="left")
        orders = orders.with_columns(pl.col("topped_up").fill_null(value=False))
    return orders.select("row", "buyer", "seller", "ordered_at", **marks)


def topped_up(market: Market) -> pl.DataFrame:
    """Orders that a transfer of about their amount (within 2 %) came at most three days before: row, topped_up."""
    paid = market.table("transfers").select("buyer", "at", got="amount")
    orders = market.table("orders").select("row", "buyer", "ordered_at", "amount").drop_nulls("amount")
    near = orders.join(paid, on="buyer").filter(
        (pl.col("ordered_at") - pl.col("at")).is_between(0, 3 * DAY)
        & ((pl.col("got") - pl.col("amount")).abs() <= 0.02 * pl.col("amount"))
    )
    return near.select("row", topped_up=pl.lit(value=True)).unique()


def _others(scope: Scope, orders: pl.DataFrame) -> pl.DataFrame:
    """Orders of the same sellers in the ring's time by buyers that are no members; the first of each buyer."""
    shops = scope.orders.group_by("candidate", "seller").agg(
        start=pl.col("ordered_at").min(), end=pl.col("ordered_at").max()
    )
    near = orders.join(shops.drop_nulls("seller"), on="seller")
    slack = 7 * DAY
    near = near.filter(pl.col("ordered_at").is_between(pl.col("start") - slack, pl.col("end") + slack))
    near = near.join(scope.candidates.members.select("candidate", "buyer"), on=["candidate", "buyer"], how="anti")
    return near.sort("candidate", "row").unique(["candidate", "buyer"], keep="first", maintain_order=True)
