"""Ratings (F6): members give the ring's targets the best or the worst rating more often than other reviewers do.

Claims: what was said was what was asked for. Null: binomial over reviews on target, m of one member counted as
m / (1 + (m - 1) r), because one person's ratings are alike (r is the market's correlation within a reviewer; Kish
1965), at the largest of the market's rate, that of the same listings' other reviewers, and the members' own rate
elsewhere. Its p-values are conservative: the largest of three rates is allowed, and asking at both ends is paid for.
Misses: rings whose ratings are mixed, and targets that only the ring reviews, at a rate that the market has too. Cost:
the reviews of the targets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.config import DAY
from toolkit.contracts.judged import empty
from toolkit.score.binomial import binomial

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

PRIOR: Final = 10.0
"""Reviews of prior weight with which a listing's rate, and a member's own, are held near the market's."""
WEEK: Final = 7 * DAY
ENOUGH: Final = 5
"""Other reviewers of the weeks to compare with, from which on the comparison is with them alone."""


def judge(scope: Scope) -> pl.DataFrame:
    """One row a candidate: the end of the scale that says more, paid for having asked both."""
    if not scope.market.has("reviews", "rating") or scope.targets.height == 0:
        return empty()
    reviews = scope.market.table("reviews").select("buyer", "listing", "reviewed_at", "rating").drop_nulls()
    best, worst = reviews["rating"].max(), reviews["rating"].min()
    if best == worst:
        return empty()
    ends = ((pl.col("rating") >= best, "highest"), (pl.col("rating") <= worst, "lowest"))
    parts = [_asked(scope, reviews.with_columns(end=end), name) for end, name in ends]
    paid = pl.concat(parts).with_columns(pl.col("surprise") - pl.lit(2.0).log10())
    return paid.sort("candidate", "surprise", "note").unique("candidate", keep="last", maintain_order=True)


def _asked(scope: Scope, reviews: pl.DataFrame, name: str) -> pl.DataFrame:
    """How many members give that rating on target, against the rate allowed for."""
    market = int(reviews["end"].sum()) / reviews.height
    member = scope.candidates.members.select("candidate", "buyer")
    target = scope.targets.select("candidate", "listing", "start", until="end")
    theirs = reviews.join(member, on="buyer").join(target, on=["candidate", "listing"], how="left")
    on = pl.col("start").is_not_null()
    per_member = theirs.group_by("candidate", "buyer").agg(
        m=on.sum(), share=pl.col("end").filter(on).mean(), off=(~on).sum(), off_end=(~on & pl.col("end")).sum()
    )
    per_member = per_member.filter(pl.col("m") > 0).with_columns(
        counted=pl.col("m") / (1.0 + (pl.col("m") - 1.0) * _within_reviewers(reviews, market))
    )
    rings = per_member.group_by("candidate").agg(
        members=pl.len(),
        rated=pl.col("m").sum(),
        ends=(pl.col("m") * pl.col("share")).sum().round().cast(pl.Int64),
        n=pl.col("counted").sum().floor(),
        share=(pl.col("counted") * pl.col("share")).sum() / pl.col("counted").sum(),
        own=(pl.col("off_end").sum() + PRIOR * market) / (pl.col("off").sum() + PRIOR),
    )
    rates = _others(reviews, member, target, market, praise=name == "highest")
    known = rings.join(rates, on="candidate", how="left").sort("candidate")
    known = known.with_columns(
        x=pl.col("n") * pl.col("share"),
        p0=pl.max_horizontal("own", pl.col("rate").fill_null(market), pl.lit(market)),
    )
    note = known.select(
        pl.format(f"{{}} of {{}} ratings by {{}} members are the {name} one", "ends", "rated", "members")
    )
    told = binomial(known, "conversion", "f6_rating", "ratings")
    return told.with_columns(observed=known["share"], note=note.to_series())


def _within_reviewers(reviews: pl.DataFrame, market: float) -> float:
    """Correlation of two reviews by one person, each review weighing the same; at least 0, at most 1."""
    each = reviews.group_by("buyer").agg(m=pl.len(), s=pl.col("end").sum()).filter(pl.col("m") > 1)
    if not each.height or not 0.0 < market < 1.0:
        return 1.0
    both = float(
        each.select((pl.col("s") * (pl.col("s") - 1.0) / (pl.col("m") - 1.0)).sum() / pl.col("m").sum()).item()
    )
    return min(1.0, max(0.0, (both - market**2) / (market * (1.0 - market))))


def _others(
    reviews: pl.DataFrame, member: pl.DataFrame, target: pl.DataFrame, market: float, *, praise: bool
) -> pl.DataFrame:
    """candidate, rate: of the targets' other reviewers, each listing's held near the market's.

    Blame is compared with the same weeks, since a bad batch has weeks of its own; praise with other weeks, since who
    praises a target in the ring's may be a member that was not found. Where those are too few, with all.
    """
    there = reviews.join(target, on="listing").join(member, on=["candidate", "buyer"], how="anti")
    near = pl.col("reviewed_at").is_between(pl.col("start") - WEEK, pl.col("until") + WEEK)
    there = there.with_columns(fit=~near if praise else near)
    enough = pl.col("fit").sum().over("candidate", "listing") >= ENOUGH
    counted = (
        there.filter(pl.col("fit") | ~enough).group_by("candidate", "listing").agg(m=pl.len(), y=pl.col("end").sum())
    )
    held = counted.with_columns(p=(pl.col("y") + PRIOR * market) / (pl.col("m") + PRIOR))
    return held.group_by("candidate").agg(rate=pl.col("p").mean())
