"""Haste (F6): members review the ring's targets sooner after they got them than other people review what they got.

Claims: the review was what the order was for. Whoever is paid for a review writes it to be paid; whoever has something
to say tries the thing first. Null: the mean of the places of the targets' reviews among all reviews of the region, from
the soonest (0) to the latest (1), is normal with the variance of uniform places (Wilcoxon 1945), those of one person
thinned by how alike they are (`alike`), about the least of three means: half, that of the same listings' other
reviewers, held near that of such goods, and the members' own elsewhere. As a test of its own, the odds of being sooner
than somebody else may be twice as high. Its p-values are conservative: so much is allowed, and bounded places have
thinner tails than a normal law. Misses: rings that wait as long as others do, and reviews without an order. Cost: the
orders of those who reviewed what they ordered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats

from toolkit.config import DAY
from toolkit.contracts.judged import JUDGED, empty
from toolkit.market import pair
from toolkit.score.alike import counted
from toolkit.score.elsewhere import unfound
from toolkit.score.ratings import apart, reviewing
from toolkit.score.scope import numbered

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

PRIOR: Final = 10.0
"""Reviews of prior weight with which a listing's rate, and the members' own, are held near the market's."""
LEEWAY: Final = 2.0
"""People alike are alike, and may be reminded: the odds of being sooner than others may be twice as high."""
WEEK: Final = 7 * DAY
WAITS: Final = pl.Schema(
    {
        "buyer": pl.UInt32,
        "listing": pl.UInt32,
        "row": pl.UInt32,
        "reviewed_at": pl.Int64,
        "place": pl.Float64,
        "goods": pl.Float64,
    }
)
HALF: Final = 0.5
VARIANCE: Final = 1.0 / 12.0
"""Of places that are spread evenly from 0 to 1; ties make it less."""
PLACES: Final = pl.Schema(
    {
        "candidate": pl.UInt32,
        "members": pl.UInt32,
        "rated": pl.UInt32,
        "n": pl.Float64,
        "mean": pl.Float64,
        "usual": pl.Float64,
    }
)


def judge(scope: Scope) -> pl.DataFrame:
    """One row a candidate of which somebody reviewed a target that it had ordered."""
    rings = places(scope)
    if not rings.height:
        return empty()
    allowed = _allowed(rings)
    return rings.select(
        "candidate",
        family=pl.lit("conversion"),
        test=pl.lit("f6_review_haste"),
        observed=1.0 - pl.col("mean"),
        expected=1.0 - allowed,
        surprise=-_tail(rings, allowed) / np.log(10.0),
        kind=pl.lit(None, pl.String),
        token=pl.lit(None, pl.UInt32),
        note=pl.format("{} reviews by {} members", "rated", "members"),
    ).cast(JUDGED)


def tails(scope: Scope) -> pl.DataFrame:
    """candidate, haste: chance that members' reviews come so soon, if they wait as long as others do."""
    rings = places(scope)
    return rings.select("candidate", haste=_tail(rings, rings["usual"]).exp())


def _allowed(rings: pl.DataFrame) -> pl.Series:
    """The mean place at which the odds of being sooner than others are as much higher as is allowed for."""
    odds = LEEWAY * (1.0 - pl.col("usual")) / pl.col("usual")
    return rings.select(allowed=1.0 / (1.0 + odds))["allowed"]


def _tail(rings: pl.DataFrame, usual: pl.Series) -> pl.Series:
    """Log of the chance of a mean that low."""
    z = (rings["mean"] - usual) * (rings["n"] / VARIANCE).sqrt()
    return pl.Series(np.asarray(stats.norm.logcdf(z.to_numpy())), dtype=pl.Float64)


def places(scope: Scope) -> pl.DataFrame:
    """The mean place of each candidate's reviews of its targets, and the least that is usual (schema PLACES).

    `n` is how many reviews they count for, since those of one person are alike.
    """
    if not (scope.market.has("orders") and scope.market.has("reviews")) or scope.targets.height == 0:
        return pl.DataFrame(schema=PLACES)
    every = waits(scope)
    if not every.height:
        return pl.DataFrame(schema=PLACES)
    member = scope.candidates.members.select("candidate", "buyer")
    target = scope.targets.select(target=numbered(pl.col("listing")))["target"]
    theirs = every.select("buyer", "listing", "place", "goods").join(member, on="buyer")
    theirs = theirs.with_columns(on=numbered(pl.col("listing")).is_in(target.implode()))
    off = theirs.filter(~pl.col("on") & ~unfound(theirs, every)).group_by("candidate").agg(own=_held(pl.lit(HALF)))
    said = theirs.filter("on").with_columns(counted=counted(every.select("buyer", end="place")))
    said = said.join(_others(scope, every), on=["candidate", "listing"], how="left")
    total = pl.col("counted").sum()
    rings = said.group_by("candidate").agg(
        members=pl.col("buyer").n_unique(),
        rated=pl.len(),
        n=total,
        mean=(pl.col("counted") * pl.col("place")).sum() / total,
        others=(pl.col("counted") * pl.col("others").fill_null(pl.col("goods"))).sum() / total,
    )
    rings = rings.join(off, on="candidate", how="left").sort("candidate")
    usual = pl.min_horizontal("others", "own", pl.lit(HALF))  # nulls say nothing
    return rings.with_columns(usual=usual).select(PLACES.names()).cast(PLACES)


def _held(near: pl.Expr) -> pl.Expr:
    """The mean place of a group of reviews, held near another mean."""
    return (pl.col("place").sum() + PRIOR * near) / (pl.len() + PRIOR)


def waits(scope: Scope) -> pl.DataFrame:
    """Reviews of what the writer had ordered, and their place among the region's, by how soon they came (schema WAITS).

    `goods` is the mean place of the reviews of such goods: what is tried at once is reviewed at once.

    The wait is from the delivery of the last order before, and where the export has no deliveries from the order. What
    was reviewed before it came was reviewed soon.
    """
    market = scope.market
    columns = ["row", "buyer", "listing", "reviewed_at"]
    reviews = market.table("reviews").select(*columns, pair=pair()).drop_nulls()
    known = "delivered_at" if market.has("orders", "delivered_at") else "ordered_at"
    orders = market.table("orders").select("ordered_at", pair=pair(), since=known)
    orders = orders.filter(pl.col("pair").is_in(reviews["pair"].unique().implode()))
    both = reviews.join(orders, on="pair").filter(pl.col("ordered_at") <= pl.col("reviewed_at"))
    last = both.sort("row", "ordered_at", "since").unique("row", keep="last", maintain_order=True).drop_nulls("since")
    region = pl.Series(scope.linked.region)[last["buyer"]]
    waited = last.with_columns(region=region, wait=pl.col("reviewed_at") - pl.col("since"))
    place = (pl.col("wait").rank() - HALF) / pl.len()
    waited = waited.with_columns(place=place.over("region"), category=_categories(scope, waited["listing"]))
    return waited.with_columns(goods=_held(pl.lit(HALF)).over("category")).select(WAITS.names())


def _categories(scope: Scope, listings: pl.Series) -> pl.Series:
    """The category of each listing, null where it is not known."""
    if not scope.market.has("listings", "category_id"):
        return pl.Series([None], dtype=pl.UInt32).new_from_index(0, len(listings))
    known = scope.market.table("listings").select("listing", "category").unique("listing")
    return listings.to_frame("listing").join(known, on="listing", how="left", maintain_order="left")["category"]


def _others(scope: Scope, every: pl.DataFrame) -> pl.DataFrame:
    """candidate, listing, others: mean place of each target's other reviews, held near that of such goods."""
    written = every.join(reviewing(scope, every).select("candidate", "listing", "start", until="end"), on="listing")
    members = scope.candidates.members.select(member=numbered(pl.col("buyer")))["member"]
    others = written.filter(~numbered(pl.col("buyer")).is_in(members.implode()))
    near = pl.col("reviewed_at").is_between(pl.col("start") - WEEK, pl.col("until") + WEEK)
    return (
        apart(others.with_columns(near=near))
        .group_by("candidate", "listing")
        .agg(others=_held(pl.col("goods").first()))
    )
