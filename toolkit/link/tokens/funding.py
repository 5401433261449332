"""Who paid for a buyer's orders: money that came just before an order of about its amount.

Claims: one source pays for several members. Null: the accounts that the source pays for in the same window, by how
often members are paid; what does not fit an order (wages, expenses, compensation) is no payment for one. Misses: cash,
payments that are split or come after the order. Cost: one join of transfers and orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.link.tokens.made import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from toolkit.contracts.tokens import TokenKind


def funding(paid: pl.DataFrame) -> Iterator[TokenKind]:
    """Who paid for the buyer's orders, by what was topped up for them (`marks.topped_up`)."""
    frame = paid.select("buyer", "at", row="transfer", token="source").unique()
    yield kind("funding_source", "funding", "transfers", "source", frame, timed=True, least=2)
