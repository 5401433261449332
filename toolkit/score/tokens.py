"""Families that rest on single values: the ring holds a listing, a source of funds, ... beyond chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.judged import JUDGED
from toolkit.score.newcomers import given_uses
from toolkit.score.scope import holdings

if TYPE_CHECKING:
    from toolkit.contracts.tokens import TokenKind
    from toolkit.score.scope import Scope

FAMILY: Final = {
    "listing_ordered": "target",
    "listing_reviewed": "target",
    "seller_ordered": "target",
    "listing_clicked": "co_behaviour",
    "funding_source": "funding",
    "refund_instrument": "identity",
    "voucher": "subsidy",
    "voucher_days": "subsidy",
    "campaign": "subsidy",
    "refund_story": "refund",
    "seller_subsidised": "subsidy",
    "card_purchaser": "gift_card",
    "card_purchase_payment": "gift_card",
    "card_batch": "gift_card",
    "tracking": "logistics",
    "created_on": "synchrony",
    "review_text": "message",
    "message_text": "message",
    "refund_text": "message",
}
"""Kind of token -> family. Attributes are judged as pairs, in `identity`."""

COVERAGE: Final = {
    "listing_ordered": ("behaviour", 0.6),
    "listing_reviewed": ("behaviour", 0.6),
    "listing_clicked": ("behaviour", 0.6),
    "seller_ordered": ("behaviour", 0.6),
    "seller_subsidised": ("behaviour", 0.6),
    "voucher": ("behaviour", 0.6),
    "voucher_days": ("behaviour", 0.6),
    "campaign": ("behaviour", 0.6),
    "refund_story": ("behaviour", 0.6),
    "funding_source": ("funding", 0.4),
    "refund_instrument": ("refund", 0.4),
    "card_purchaser": ("gift_card", 0.4),
    "card_purchase_payment": ("gift_card", 0.4),
    "card_batch": ("gift_card", 0.4),
    "tracking": ("logistics", 0.4),
    "created_on": ("created", 0.4),
    "review_text": ("text", 0.3),
    "message_text": ("text", 0.3),
    "refund_text": ("text", 0.3),
}
"""Kind -> its group, and the share of members that values of that group must reach together to be the ring's: most of
them for what a ring does; two in five for what pays or ships for it, since much of that stays out of sight; fewer yet
for texts, since many write none."""


def judge(scope: Scope) -> pl.DataFrame:
    """One row a candidate and value."""
    held = given_uses(scope, scope.candidates.values.filter(pl.col("kind").is_in(list(FAMILY))))
    values = _covering(scope, held)
    judged = values.with_columns(
        family=pl.col("kind").replace_strict(FAMILY, default=None),
        test=pl.format("f4_{}", "kind"),
        observed=pl.col("k").cast(pl.Float64),
        note=pl.lit(None, pl.String),
    )
    return judged.select(JUDGED.names()).cast(JUDGED)


def _covering(scope: Scope, values: pl.DataFrame) -> pl.DataFrame:
    """The values whose group reaches enough of the members: what a few of a ring do is not what the ring does."""
    groups = {kind: group for kind, (group, _) in COVERAGE.items()}
    needed = pl.DataFrame([{"group": group, "least": least} for group, least in dict(COVERAGE.values()).items()])
    parts = [
        _holders(scope, scope.linked.tokens[kind], values.filter(pl.col("kind") == kind), groups[kind])
        for kind in values["kind"].unique().sort()
    ]
    if not parts:
        return values
    holders = pl.concat(parts).group_by("candidate", "group").agg(held=pl.col("buyer").n_unique())
    held = holders.join(needed, on="group")
    sizes = scope.candidates.members.group_by("candidate").agg(size=pl.len())
    enough = held.join(sizes, on="candidate").filter(pl.col("held") >= pl.col("least") * pl.col("size"))
    grouped = values.with_columns(group=pl.col("kind").replace_strict(groups))
    return grouped.join(enough, on=["candidate", "group"], how="semi").drop("group")


def _holders(scope: Scope, kind: TokenKind, held: pl.DataFrame, group: str) -> pl.DataFrame:
    """The members that hold one of the values inside its window: candidate, buyer, group."""
    hits = holdings(scope, kind, held.select("candidate", "token", "start", "end"))
    return hits.select("candidate", "buyer", group=pl.lit(group))
