"""Who bought the gift cards that members redeemed, with which instrument, and of which batch they are.

Claims: one purchaser, instrument or batch stands behind the cards of several members. Null: the accounts that redeem
cards of it in the same window, by how often members redeem. Left out: the platform's own credit; of batches, what an
employer ordered for his people. Misses: cards that the table names nobody for. Cost: one join of redemptions and cards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.link.tokens.made import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market


def cards(market: Market) -> Iterator[TokenKind]:
    """Who bought the gift cards that a buyer redeemed; the platform's own credit says nothing."""
    if not market.has("redemptions") or not market.has("gift_cards"):
        return
    bought = market.table("gift_cards").filter(
        pl.col("source").cast(pl.String).is_in(["platform"]).not_() | pl.col("source").is_null()
    )
    bound = market.table("redemptions").select("card", "buyer", "row", at="redeemed_at").join(bought, on="card")
    private = pl.col("source").cast(pl.String).ne_missing("employer")
    for column, anchor, which in (
        ("purchaser", "purchaser", pl.lit(value=True)),
        ("purchase_payment", "payment", pl.lit(value=True)),
        ("batch", "batch", private),
    ):
        if column in bound.columns:
            frame = bound.filter(which).select("buyer", "at", "row", token=column).drop_nulls("token")
            yield kind(f"card_{column}", "gift_card", "redemptions", anchor, frame, timed=True, least=2)
