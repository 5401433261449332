"""Families that rest on single values: the ring holds a listing, a source of funds, ... beyond chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.judged import JUDGED

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

FAMILY: Final = {
    "listing_ordered": "target",
    "listing_reviewed": "target",
    "seller_ordered": "target",
    "listing_clicked": "co_behaviour",
    "funding_source": "funding",
    "refund_instrument": "refund",
    "seller_refunded": "refund",
    "voucher": "subsidy",
    "seller_subsidised": "subsidy",
    "card_purchaser": "gift_card",
    "card_purchase_payment": "gift_card",
    "tracking": "logistics",
    "created_on": "synchrony",
}
"""Kind of token -> family. Attributes are judged as pairs, in `identity`."""


def judge(scope: Scope) -> pl.DataFrame:
    """One row a candidate and value, corrected for the values of that kind that the ring's members hold at all."""
    values = scope.candidates.values.filter(pl.col("kind").is_in(list(FAMILY)))
    tested = values.group_by("candidate", "kind").agg(tests=pl.len())
    judged = values.join(tested, on=["candidate", "kind"]).with_columns(
        family=pl.col("kind").replace_strict(FAMILY, default=None),
        test=pl.format("f4_{}", "kind"),
        observed=pl.col("k").cast(pl.Float64),
        note=pl.lit(None, pl.String),
        surprise=pl.col("surprise") - pl.col("tests").log10(),
    )
    return judged.select(JUDGED.names()).cast(JUDGED)
