"""What some orders of a shop share that its other orders do not: the agents, devices and sources behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.findings import funding

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_WORDS: Final = {
    "listing": "listing",
    "voucher": "voucher",
    "campaign": "campaign",
    "device": "device that several buyers ordered from",
    "payment": "instrument that several buyers paid with",
    "address": "address of several buyers",
    "tracking": "tracking number",
}
"""Column of the coded orders -> what it is in words."""
_PERSONAL: Final = ("device", "payment", "address", "tracking")
"""Columns that mean something only where several buyers share the value."""
_LEAST_SHARE: Final = 0.2
"""Share of the marked orders below which a value explains little."""
_LEAST_LIFT: Final = 2.0
"""How many times commoner than among the shop's other orders a value must be."""


@dataclass(frozen=True)
class Cause:
    """A value that the marked orders share.

    Attributes:
        kind: What it is.
        id: Its id; hidden where it is a buyer or another seller.
        orders: Marked orders that have it.
        elsewhere: The shop's other orders that have it.
    """

    kind: str
    id: str
    orders: int
    elsewhere: int


def causes(sales: Sales, own: pl.DataFrame, marked: pl.DataFrame, settings: FindingSettings) -> tuple[Cause, ...]:
    """The values behind marked orders, most orders first.

    Args:
        sales: Orders.
        own: All orders of the shop.
        marked: Those with a mark.
        settings: Thresholds.
    """
    others = own.join(marked.select("row"), on="row", how="anti")
    found = [cause for column in _WORDS for cause in _shared(sales, column, marked, others, settings)]
    found += _sources(sales, marked, settings)
    return tuple(sorted(found, key=lambda cause: (-cause.orders, cause.kind, cause.id)))


def _shared(
    sales: Sales, column: str, marked: pl.DataFrame, others: pl.DataFrame, settings: FindingSettings
) -> list[Cause]:
    here = marked.drop_nulls(column).group_by(column).agg(n=pl.len(), buyers=pl.col("buyer").n_unique())
    there = others.drop_nulls(column).group_by(column).agg(elsewhere=pl.len())
    joined = here.join(there, on=column, how="left").with_columns(pl.col("elsewhere").fill_null(0))
    lift = (pl.col("n") / marked.height) / ((pl.col("elsewhere") + 1) / (others.height + 1))
    few = 2 if column in _PERSONAL else 1
    least = _LEAST_SHARE if column not in _PERSONAL else 0.0
    kept = joined.filter(
        (pl.col("n") >= settings.fewest_orders)
        & (pl.col("n") >= least * marked.height)
        & (lift >= _LEAST_LIFT)
        & (pl.col("buyers") >= few)
    )
    ids = sales.market.decode(column, kept[column])
    return [
        Cause(_WORDS[column], str(value), int(n), int(elsewhere))
        for value, n, elsewhere in zip(ids, kept["n"], kept["elsewhere"], strict=True)
    ]


def _sources(sales: Sales, marked: pl.DataFrame, settings: FindingSettings) -> list[Cause]:
    """Who paid buyers before the marked orders; a buyer or another seller is not named."""
    paid = funding.fitting_payments(sales, settings).join(marked.select("row"), on="row", how="semi")
    several = paid.group_by("source").agg(
        n=pl.len(), buyers=pl.col("buyer").n_unique(), seller=pl.col("seller").first()
    )
    kept = several.filter((pl.col("n") >= settings.fewest_orders) & (pl.col("buyers") >= settings.fewest_buyers))
    return [
        Cause("source of money before the orders", _named(sales, source, seller), int(n), 0)
        for source, n, seller in kept.select("source", "n", "seller").sort("source").iter_rows()
    ]


def of_paths(sales: Sales, paths: pl.DataFrame, marked: pl.DataFrame) -> tuple[Cause, ...]:
    """The attributes that buyers of marked orders share with the shop."""
    held = paths.filter(pl.col("hops") == 1).select("buyer", "attribute_kind", "value")
    counts = marked.join(held, on="buyer").group_by("attribute_kind", "value").agg(n=pl.col("row").n_unique())
    found = [
        Cause(f"{kind} that buyers share with the shop", str(sales.market.ids(kind)[value]), int(n), 0)
        for kind, value, n in counts.iter_rows()
    ]
    return tuple(sorted(found, key=lambda cause: (-cause.orders, cause.kind, cause.id)))


def _named(sales: Sales, source: int, seller: int) -> str:
    name = str(sales.market.ids("source")[source])
    if name == sales.seller(seller):
        return name
    if name in set(sales.market.ids("seller")):
        return "(another seller)"
    return "(a buyer account)" if name in set(sales.market.ids("buyer")) else name
