"""Gift cards after reviews (F1) as evidence of a ring: its members are those of a gift-card finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.judged import JUDGED

if TYPE_CHECKING:
    from toolkit.contracts.candidates import Candidates, Linked


def judge(candidates: Candidates, linked: Linked) -> pl.DataFrame:
    """One row a candidate and gift-card star that share three members, and a third of the smaller one."""
    stars = linked.stars.filter(pl.col("family") == "gift_card")
    there = linked.star_members.select("star", "buyer").unique().join(stars.select("star"), on="star")
    sizes = there.group_by("star").agg(star_size=pl.len())
    ours = candidates.members.with_columns(size=pl.len().over("candidate"))
    common = (
        ours.join(there, on="buyer").group_by("candidate", "star").agg(common=pl.len(), size=pl.col("size").first())
    )
    near = common.join(sizes, on="star").filter(
        (pl.col("common") >= 3) & (3 * pl.col("common") >= pl.min_horizontal("size", "star_size"))
    )
    return (
        near.join(stars, on="star")
        .select(
            "candidate",
            family=pl.lit("gift_card"),
            test=pl.lit("f1_gift_card_after_review"),
            observed="observed",
            expected="expected",
            surprise="surprise",
            kind=pl.lit("star"),
            token="star",
            note=pl.format("{} members among them", "common"),
        )
        .cast(JUDGED)
    )
