"""Which account uses which attribute: what the account links say, joined with what the orders show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.graph import ATTRIBUTE_LABELS

if TYPE_CHECKING:
    from toolkit.contracts.kinds import Route
    from toolkit.graph.source import Source

_ON_ORDERS: Final = {"PaymentInstrument": "payment_id", "Address": "address_id", "Device": "device_id"}


def uses(source: Source, route: Route) -> pl.DataFrame:
    """One relationship an account and attribute, with the first and last time over both tables."""
    listed, ordered = _listed(source, route), _ordered(source, route)
    both = listed.join(ordered, on=["start", "end"], how="full", coalesce=True)
    return both.with_columns(
        first_at=pl.min_horizontal("first_seen", "first_order"),
        last_at=pl.max_horizontal("last_seen", "first_seen", "last_order"),
        orders=pl.col("orders").fill_null(0),
        listed=pl.col("listed").fill_null(value=False),
    )


def _listed(source: Source, route: Route) -> pl.DataFrame:
    kind = next(kind for kind, label in ATTRIBUTE_LABELS.items() if label == route.end)
    account, attribute = pl.col("account_kind") == route.start.lower(), pl.col("attribute_kind") == kind
    return (
        source.frame("account_links")
        .filter(account & attribute)
        .select("first_seen", "last_seen", start="account_id", end="attribute_id", listed=pl.lit(value=True))
    )


def _ordered(source: Source, route: Route) -> pl.DataFrame:
    """An order's payment instrument, address and device count as its buyer's."""
    orders = source.frame("orders")
    if route.start != "Buyer" or route.end not in _ON_ORDERS:
        orders, column = orders.head(0), "payment_id"
    else:
        column = _ON_ORDERS[route.end]
    return (
        orders.filter(pl.col(column).is_not_null())
        .group_by(start="buyer_id", end=column)
        .agg(
            first_order=pl.col("ordered_at").min(),
            last_order=pl.col("ordered_at").max(),
            orders=pl.len().cast(pl.Int64),
        )
    )
