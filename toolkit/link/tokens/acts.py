"""What was ordered, reviewed and looked at, and at which shops.

Claims: members act on a listing, or order at a shop, inside one window more often than their activity explains. Null:
as busy as they are, on what the market does there in the same window, so that season and popularity are held fast.
Left out: what the platform brought together, and orders that several people placed in one parcel. Misses: listings that
one or two members act on. Cost: one sort of the events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.link.co_behaviour import events
from toolkit.link.innocent import collective
from toolkit.link.tokens.made import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market


def acts(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:
    """Listings ordered, reviewed and looked at; sellers ordered from."""
    for table, name, family in (
        ("orders", "listing_ordered", "target"),
        ("reviews", "listing_reviewed", "target"),
        ("clicks", "listing_clicked", "co_behaviour"),
    ):
        if market.has(table):
            frame = events(market, table, innocent).rename({"listing": "token"})
            yield kind(name, family, table, "listing", frame, timed=True, least=3, once=True)
    if market.has("orders", "seller_id"):
        ours = ~pl.col("row").is_in(collective(market)["row"].implode())
        orders = market.table("orders").select("buyer", "row", token="seller", at="ordered_at").filter(ours)
        yield kind("seller_ordered", "target", "orders", "seller", orders, timed=True, least=3)
