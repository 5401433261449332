"""Tracking numbers of several buyers that no one parcel explains.

Claims: orders of members bear one tracking number, though they went to several addresses or weeks apart. Null: the
accounts on that number; one parcel to one address is left out. Weights of parcels are marks of orders (`link.marks`),
tested against the goods' other buyers (`score.rates`, `link.shops`). Misses: numbers used once. Cost: the orders whose
number several bear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.link.marks import reused_tracking
from toolkit.link.tokens.made import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market


def parcels(market: Market) -> Iterator[TokenKind]:
    """Tracking numbers of several buyers that no one parcel explains."""
    if market.has("orders", "tracking_id"):
        orders = market.table("orders")
        sent = orders.select("buyer", "row", "tracking", at="ordered_at").filter(reused_tracking(market, orders))
        shared = sent.rename({"tracking": "token"})
        yield kind("tracking", "logistics", "orders", "tracking", shared, timed=True, least=2)
