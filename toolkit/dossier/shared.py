"""Which attributes two or more accounts of a ring hold: addresses, devices, payment and gift cards, purchasers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.currency import exact, spoken
from toolkit.contracts.report import Shared

if TYPE_CHECKING:
    from toolkit.case import Case

_ORDER_COLUMNS: Final = {"payment": "payment_id", "address": "address_id", "device": "device_id"}


def shared(case: Case, members: pl.DataFrame) -> dict[str, tuple[Shared, ...]]:
    """Ring id -> the attributes that at least two members hold, with the number of buyers who hold them anywhere.

    Args:
        case: The case.
        members: Columns ring_id, buyer_id.
    """
    held = [_nothing(), *_attributes(case), *_cards(case)]
    accounts = members.lazy().select("buyer_id").unique()
    ours = pl.concat(part.join(accounts, on="buyer_id", how="semi") for part in held).unique()
    common = (
        ours.join(members.lazy().select("ring_id", "buyer_id"), on="buyer_id")
        .group_by("ring_id", "kind", "id")
        .agg(pl.col("buyer_id").unique().sort())
        .filter(pl.col("buyer_id").list.len() > 1)
        .collect(engine="streaming")
    )
    ids = common.lazy().select("kind", "id").unique()
    holding = pl.concat(part.join(ids, on=["kind", "id"], how="semi") for part in held).unique()
    holders = holding.group_by("kind", "id").agg(pl.len().alias("holders")).collect(engine="streaming")
    frame = common.join(holders, on=["kind", "id"], how="left").sort("ring_id", "kind", "id")
    found: dict[str, list[Shared]] = {}
    for ring_id, kind, key, accounts, count in frame.select("ring_id", "kind", "id", "buyer_id", "holders").iter_rows():
        found.setdefault(ring_id, []).append(Shared(kind, key, tuple(accounts), count))
    return {ring_id: tuple(listed) for ring_id, listed in found.items()}


def _nothing() -> pl.LazyFrame:
    return pl.LazyFrame(schema={"buyer_id": pl.String, "kind": pl.String, "id": pl.String})


def _attributes(case: Case) -> list[pl.LazyFrame]:
    """(buyer, kind, attribute) from the account links and from what the orders carry."""
    parts = []
    if case.has_table("account_links"):
        links = case.table("account_links").filter(pl.col("account_kind").cast(pl.String) == "buyer")
        parts.append(
            links.select(
                pl.col("account_id").alias("buyer_id"),
                pl.col("attribute_kind").cast(pl.String).alias("kind"),
                pl.col("attribute_id").alias("id"),
            )
        )
    if case.has_table("orders"):
        orders = case.table("orders")
        parts.extend(
            orders.select("buyer_id", pl.lit(kind).alias("kind"), pl.col(column).alias("id")).drop_nulls()
            for kind, column in _ORDER_COLUMNS.items()
        )
    return parts


def _cards(case: Case) -> list[pl.LazyFrame]:
    """(buyer, purchaser of the card) and (buyer, value of the card) from the redemptions."""
    if not (case.has_table("redemptions") and case.has_table("gift_cards")):
        return []
    cards = case.table("gift_cards").select("card_id", "purchaser_id", "face_value", "currency")
    values = cards.select("face_value", "currency").unique().collect()
    names = [spoken(exact(value, currency), currency) for value, currency in values.iter_rows()]
    named = values.lazy().with_columns(pl.Series("value", names, dtype=pl.String))
    bound = case.table("redemptions").join(cards, on="card_id").join(named, on=["face_value", "currency"])
    return [
        bound.select("buyer_id", pl.lit("purchaser").alias("kind"), pl.col("purchaser_id").alias("id")).drop_nulls(),
        bound.select("buyer_id", pl.lit("gift_card_value").alias("kind"), pl.col("value").alias("id")),
    ]
