"""Stars as evidence of a ring: most of its members are those of a gift-card finding, or of a shop that stands out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.judged import JUDGED

if TYPE_CHECKING:
    from toolkit.contracts.candidates import Candidates, Linked

MOST: Final = 0.5
"""Share of the ring's members that must be at the star."""
TIED: Final = 0.2
"""Share of them that must share an attribute with the shop, as many as must share one among themselves (F3)."""


def judge(candidates: Candidates, linked: Linked) -> pl.DataFrame:
    """One row a candidate and star, and for a shop one a mark by which it stands out."""
    common = _common(candidates, linked)
    gifts = linked.stars.filter(pl.col("family") == "gift_card").with_columns(test=pl.lit("f1_gift_card_after_review"))
    shops = linked.shop_marks.with_columns(test=pl.format("f7_shop_{}", "mark"))
    columns = ["star", "family", "test", "observed", "expected", "surprise"]
    every = pl.concat([gifts.select(columns), shops.select(columns)])
    found = common.join(every, on="star")
    return found.select(
        "candidate",
        "family",
        "test",
        "observed",
        "expected",
        "surprise",
        kind=pl.lit("star"),
        token="star",
        note=pl.lit(None, pl.String),  # told with the rows, see `resting.among_them`
    ).cast(JUDGED)


def _common(candidates: Candidates, linked: Linked) -> pl.DataFrame:
    """candidate, star, common: candidates most of whose members are at one star."""
    there = linked.star_members.select("star", "buyer").unique()
    ours = candidates.members.select("candidate", "buyer").with_columns(size=pl.len().over("candidate"))
    common = (
        ours.join(there, on="buyer").group_by("candidate", "star").agg(common=pl.len(), size=pl.col("size").first())
    )
    ties = linked.shop_marks.filter(pl.col("mark") == "shares_with_shop")["star"]
    least = pl.when(pl.col("star").is_in(ties.implode())).then(TIED).otherwise(MOST)
    return common.filter((pl.col("common") >= 3) & (pl.col("common") >= least * pl.col("size")))
