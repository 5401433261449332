"""How a result names an input row: the key of its table, or the parts of it joined by `|`."""

from __future__ import annotations

from typing import Final

import polars as pl

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "orders": ("order_id",),
    "reviews": ("review_id",),
    "buyers": ("buyer_id",),
    "sellers": ("seller_id",),
    "listings": ("listing_id",),
    "category_changes": ("listing_id", "changed_at"),
    "campaigns": ("campaign_id",),
    "vouchers": ("voucher_id",),
    "gift_cards": ("card_id",),
    "redemptions": ("redemption_id",),
    "account_links": ("account_id", "attribute_kind", "attribute_id"),
    "addresses": ("address_id",),
    "payment_instruments": ("payment_id",),
    "transfers": ("transfer_id",),
    "messages": ("message_id",),
    "clicks": ("buyer_id", "listing_id", "clicked_at"),
}
"""Table -> the columns whose values, joined by `|`, name a row."""


def row_id(table: str) -> pl.Expr:
    """The id of each row of a clean table. A time in it is ISO 8601 in UTC, with a fraction only where there is one."""
    return pl.concat_str([_part(column) for column in KEYS[table]], separator="|").alias("id")


def _part(column: str) -> pl.Expr:
    if not column.endswith("_at"):
        return pl.col(column).cast(pl.String)
    whole = pl.col(column).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    fraction = pl.col(column).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    return pl.when(pl.col(column).dt.microsecond() == 0).then(whole).otherwise(fraction)
