"""Ratings (F6): members give the ring's targets the best or the worst rating more often than other reviewers do.

Claims: what was said was what was asked for. Null: binomial over reviews on target, thinned by how alike the ratings
of one person are in the market (`alike`), at the largest of the market's rate, that of the same listings'
other reviewers, and the members' own rate elsewhere. Its p-values are conservative: the largest of three rates is
allowed, and asking at both ends is paid for. Misses: rings whose ratings are mixed, and targets that only the ring
reviews, at a rate that the market has too. Cost: the reviews of the targets.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.config import DAY
from toolkit.contracts.judged import empty
from toolkit.ranges import among
from toolkit.score.alike import counted
from toolkit.score.binomial import binomial
from toolkit.score.elsewhere import unfound
from toolkit.score.scope import numbered

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

PRIOR: Final = 10.0
"""Reviews of prior weight with which a listing's rate, and a member's own, are held near the market's."""
WEEK: Final = 7 * DAY
TWO: Final = 2
"""Listings, and members on each, at least, that blame must fall on: a bad batch is of one."""
MOST: Final = 0.5
"""Share of the ratings that must be the lowest: an attack asks for them, and who tries things blames some."""
LOWEST: Final = "the lowest one"
ENOUGH: Final = 5
"""Other reviewers of the weeks to compare with, from which on the comparison is with them alone."""


def judge(scope: Scope) -> pl.DataFrame:
    """One row a candidate: the part of the scale that says most, paid for having asked all three."""
    if not scope.market.has("reviews", "rating") or scope.targets.height == 0:
        return empty()
    reviews = scope.market.table("reviews").select("buyer", "listing", "reviewed_at", "rating").drop_nulls()
    best, worst = reviews["rating"].max(), reviews["rating"].min()
    if best == worst:
        return empty()
    ends = (
        (pl.col("rating") >= best, "the highest one"),
        (above_middle(reviews), "above the middle"),
        (pl.col("rating") <= worst, LOWEST),
    )
    beside = _beside(scope, reviews)
    parts = [_asked(scope, reviews.with_columns(end=end), beside.with_columns(end=end), name) for end, name in ends]
    paid = pl.concat(parts).with_columns(pl.col("surprise") - math.log10(len(ends)))
    return paid.sort("candidate", "surprise", "note").unique("candidate", keep="last", maintain_order=True)


def above_middle(reviews: pl.DataFrame) -> pl.Expr:
    """Whether a rating lies above the middle of the scale, as all praise to order does, with or without a star."""
    best, worst = float(reviews["rating"].max()), float(reviews["rating"].min())  # type: ignore[arg-type]
    return pl.col("rating") > (best + worst) / 2


def reviewing(scope: Scope, reviews: pl.DataFrame) -> pl.DataFrame:
    """The targets of candidates that reviewed one of their own: of the others, nothing is asked of who else did."""
    members = scope.candidates.members.select("candidate", "buyer")
    members = members.filter(among(members["candidate"], scope.targets["candidate"]))
    theirs = reviews.select("buyer", "listing").filter(among(reviews["buyer"], members["buyer"]))
    targets = scope.targets.select(target=numbered(pl.col("listing")))["target"]
    on_target = theirs.join(members, on="buyer").filter(numbered(pl.col("listing")).is_in(targets.implode()))
    return scope.targets.filter(among(scope.targets["candidate"], on_target["candidate"]))


def _beside(scope: Scope, reviews: pl.DataFrame) -> pl.DataFrame:
    """candidate, listing, rating, near: reviews of the targets by others, and whether they are of the ring's weeks."""
    target = reviewing(scope, reviews).select("candidate", "listing", "start", until="end")
    written = reviews.join(target, on="listing")
    members = scope.candidates.members.select(member=numbered(pl.col("buyer")))["member"]
    others = written.filter(~numbered(pl.col("buyer")).is_in(members.implode()))
    near = pl.col("reviewed_at").is_between(pl.col("start") - WEEK, pl.col("until") + WEEK)
    return apart(others.with_columns(near=near)).select("candidate", "listing", "rating", "near")


def apart(others: pl.DataFrame) -> pl.DataFrame:
    """The reviews (candidate, listing, buyer, near) of those who did not review two targets in the ring's weeks.

    Whoever did may be a member that nobody has found: compared with such people, a ring found in part is like others.
    """
    there = pl.col("listing").filter("near").n_unique().over("candidate", "buyer")
    return others.filter(there < TWO)


def _asked(scope: Scope, reviews: pl.DataFrame, beside: pl.DataFrame, name: str) -> pl.DataFrame:
    """How many members give that rating on target, against the rate allowed for."""
    market = int(reviews["end"].sum()) / reviews.height
    member = scope.candidates.members.select("candidate", "buyer")
    target = scope.targets.select(target=numbered(pl.col("listing")))["target"]
    theirs = reviews.select("buyer", "listing", "end").join(member, on="buyer")
    theirs = theirs.with_columns(on=numbered(pl.col("listing")).is_in(target.implode()))
    off = (
        theirs.filter(~pl.col("on") & ~unfound(theirs, reviews))
        .group_by("candidate")
        .agg(off=pl.len(), off_end=pl.col("end").sum())
    )
    said = theirs.filter("on").with_columns(counted=counted(reviews))
    rings = said.group_by("candidate").agg(
        members=pl.col("buyer").n_unique(),
        rated=pl.len(),
        ends=pl.col("end").sum(),
        n=pl.col("counted").sum().floor(),
        share=(pl.col("counted") * pl.col("end")).sum() / pl.col("counted").sum(),
    )
    if name == LOWEST:
        rings = rings.filter(pl.col("share") >= MOST).join(blamed_twice(said), on="candidate", how="semi")
    own = (pl.col("off_end").fill_null(0) + PRIOR * market) / (pl.col("off").fill_null(0) + PRIOR)
    rings = rings.join(off, on="candidate", how="left").with_columns(own=own)
    rates = _others(beside, market, praise=name != LOWEST)
    known = rings.join(rates, on="candidate", how="left").sort("candidate")
    known = known.with_columns(
        x=pl.col("n") * pl.col("share"),
        p0=pl.max_horizontal("own", pl.col("rate").fill_null(market), pl.lit(market)),
    )
    note = known.select(pl.format(f"{{}} of {{}} ratings by {{}} members are {name}", "ends", "rated", "members"))
    told = binomial(known, "conversion", "f6_rating", "ratings")
    return told.with_columns(observed=known["share"], note=note.to_series())


def blamed_twice(said: pl.DataFrame) -> pl.DataFrame:
    """candidate: those of whom two or more blame each of two or more listings. One listing may have had a bad batch.

    Args:
        said: candidate, buyer, listing, and whether the rating is the lowest (`end`), of members on target.
    """
    blamed = said.filter("end").group_by("candidate", "listing").agg(n=pl.col("buyer").n_unique())
    return (
        blamed.filter(pl.col("n") >= TWO).group_by("candidate").len().filter(pl.col("len") >= TWO).select("candidate")
    )


def _others(there: pl.DataFrame, market: float, *, praise: bool) -> pl.DataFrame:
    """candidate, rate: of the targets' other reviewers, each listing's held near the market's.

    Blame is compared with the same weeks, since a bad batch has weeks of its own; praise with other weeks, since who
    praises a target in the ring's may be a member that was not found. Where those are too few, with all.
    """
    there = there.with_columns(fit=~pl.col("near") if praise else pl.col("near"))
    enough = pl.col("fit").sum().over("candidate", "listing") >= ENOUGH
    counted = (
        there.filter(pl.col("fit") | ~enough).group_by("candidate", "listing").agg(m=pl.len(), y=pl.col("end").sum())
    )
    held = counted.with_columns(p=(pl.col("y") + PRIOR * market) / (pl.col("m") + PRIOR))
    return held.group_by("candidate").agg(rate=pl.col("p").mean())
