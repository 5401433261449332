"""Money at stake, by ring, kind and currency; added up in whole parts, so that every currency is exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.currency import major, units
from toolkit.contracts.results import Money

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

KINDS: Final = {
    "order_value": "amount",
    "subsidy": "subsidy",
    "discount": "discount",
    "refund": "refund_amount",
}


def of_rings(scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    """Money of each ring's orders in scope, and of the gift cards that its members redeemed (schema Money)."""
    parts = [_cards(scope, ids)]
    if "currency" in scope.orders.columns:
        orders = scope.orders.join(ids, on="candidate")
        parts += [_summed(orders, column, kind) for kind, column in KINDS.items() if column in orders.columns]
    money = pl.concat(parts)
    names = scope.market.decode("currency", money["currency"])
    told = money.with_columns(currency=names, finding_id=pl.lit(None, pl.String), amount=major(money["amount"], names))
    return told.select(Money.column_names()).sort("ring_id", "kind", "currency")


def _summed(rows: pl.DataFrame, column: str, kind: str) -> pl.DataFrame:
    """ring_id, kind, currency, amount (in `units`), rows: exact sums of what is positive."""
    paid = rows.filter((pl.col(column) > 0) & pl.col("currency").is_not_null())
    return (
        paid.group_by("ring_id", "currency")
        .agg(amount=units(pl.col(column)).sum(), rows=pl.len().cast(pl.Int64))
        .select("ring_id", "currency", "amount", "rows", kind=pl.lit(kind))
    )


def _cards(scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    schema = {"ring_id": pl.String, "currency": pl.UInt32, "amount": pl.Int128, "rows": pl.Int64, "kind": pl.String}
    there = scope.linked.star_members.filter(pl.col("table") == "redemptions")
    stars = scope.candidates.values.filter(pl.col("kind") == "gift_card_star").select("candidate", star="token")
    if there.height == 0 or stars.height == 0:
        return pl.DataFrame(schema=schema)
    members = scope.candidates.members.select("candidate", "buyer").join(ids, on="candidate")
    ours = members.join(stars, on="candidate").join(there, on=["star", "buyer"]).unique(["ring_id", "row"])
    bound = scope.market.table("redemptions").select("row", "card", "amount")
    cards = scope.market.table("gift_cards").select("card", "currency", "face_value")
    rows = ours.select("ring_id", "row").join(bound, on="row").join(cards, on="card")
    rows = rows.with_columns(value=pl.col("amount").fill_null(pl.col("face_value")))
    return _summed(rows, "value", "gift_card_redeemed")
