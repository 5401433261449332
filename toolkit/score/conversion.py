"""Conversion (F6): members review the ring's targets far more often than they, or others, review what they order.

Claims: reviews were what the orders were for. Misses: rings that also review all else they buy; such members look
like enthusiasts, and are taken for enthusiasts. Its p-values are conservative: twice the market's rate is allowed, and
the members' own where that is more. Cost: the members' orders and reviews.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats

from toolkit.config import DAY
from toolkit.contracts.judged import empty
from toolkit.market import pair
from toolkit.ranges import among
from toolkit.score import haste
from toolkit.score.alike import counted
from toolkit.score.binomial import binomial
from toolkit.score.elsewhere import unfound
from toolkit.score.ratings import above_middle, apart, blamed_twice, reviewing
from toolkit.score.scope import numbered

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

ENTHUSIASM: Final = 2.0
"""Enthusiasts review twice as much as others: allowed for."""
PRIOR: Final = 5.0
"""Orders of prior weight with which a member's own rate off target is held near the market's."""
RATED: Final = 20.0
"""Reviews of prior weight with which other reviewers' ratings of the targets are held near the market's."""
AFTER: Final = 45 * DAY
"""How long after the last order of a ring its reviews come, at most: as long as gift cards are waited for."""
FRANK: Final = 0.005
"""Chance, in each of four ways, at which ratings are still those of people who say what they think."""


def judge(scope: Scope) -> pl.DataFrame:
    """Reviews per order on target, against twice the market's rate or the members' own rate elsewhere.

    Where reviews carry ratings, a group whose ratings of its targets are no better than other people's is a group that
    says what it thinks, and is not asked further.
    """
    market = scope.market
    if not (market.has("orders") and market.has("reviews")) or scope.targets.height == 0:
        return empty()
    reviewed = market.table("reviews").select(pair=pair())["pair"].unique()
    orders = market.table("orders").select("buyer", "listing", pair=pair())
    done = pl.col("pair").is_in(reviewed.implode())
    rate = orders.filter(done)["pair"].n_unique() / max(orders["pair"].n_unique(), 1)
    members = scope.candidates.members.select("candidate", "buyer")
    members = members.filter(among(members["candidate"], scope.targets["candidate"]))
    theirs = orders.filter(among(orders["buyer"], members["buyer"])).unique("pair").with_columns(done=done)
    theirs = theirs.join(members, on="buyer")
    targets = scope.targets.select(target=numbered(pl.col("listing")))["target"]
    theirs = theirs.with_columns(
        target=numbered(pl.col("listing")).is_in(targets.implode()), unfound=unfound(theirs, orders)
    )
    on, done = pl.col("target"), pl.col("done")
    off = ~on & ~pl.col("unfound")
    rings = theirs.group_by("candidate").agg(
        n=on.sum(), x=(on & done).sum(), off=off.sum(), off_done=(off & done).sum()
    )
    own = (pl.col("off_done") + PRIOR * rate) / (pl.col("off") + PRIOR)
    judged = rings.filter(pl.col("n") > 0).with_columns(p0=pl.max_horizontal(own, pl.lit(min(0.95, ENTHUSIASM * rate))))
    judged = judged.join(_frank(scope), on="candidate", how="anti")
    return binomial(judged, "conversion", "f6_review_conversion", "orders on target")


def _frank(scope: Scope) -> pl.DataFrame:
    """Candidates whose ratings are no better, and no more often the lowest, than other reviewers' of the same listings.

    Better are more at the top, or more above the middle of the scale: clubs that review what they read say what they
    think, and are disappointed now and then; bought praise may leave out a star to look real, and never blames. Who
    praises a target in the ring's weeks may be a member that was not found, so praise is compared with that of other
    weeks; disappointment is compared with all, since a bad batch has weeks of its own, and is of one listing. Of
    praise that came sooner than reviews do, each needs to be less beyond chance: both together are as seldom.
    """
    if not scope.market.has("reviews", "rating"):
        return pl.DataFrame(schema={"candidate": pl.UInt32})
    reviews = scope.market.table("reviews").select("buyer", "listing", "rating", "reviewed_at").drop_nulls()
    best, worst = reviews["rating"].max(), reviews["rating"].min()
    told = reviewing(scope, reviews)
    rated = reviews.join(told.select("candidate", "listing", "start", until="end"), on="listing")
    held = scope.candidates.members.select(held=numbered(pl.col("buyer")))["held"]
    rated = rated.with_columns(member=numbered(pl.col("buyer")).is_in(held.implode()))
    weeks = pl.col("reviewed_at").is_between(pl.col("start"), pl.col("until") + AFTER)
    rated = pl.concat(
        [rated.filter("member"), apart(rated.filter(~pl.col("member")).with_columns(near=weeks)).drop("near")]
    )
    elsewhen = rated.filter(pl.col("member") | ~weeks)
    praise = _excess(elsewhen, reviews, pl.col("rating") >= best)
    content = _excess(elsewhen, reviews, above_middle(reviews), things=True).rename({"tail": "content"})
    blame = _excess(rated, reviews, pl.col("rating") <= worst).rename({"tail": "blame"})
    ours = rated.filter("member").with_columns(end=pl.col("rating") <= worst)
    twice = blamed_twice(ours).with_columns(twice=pl.lit(value=True))
    asked = praise.join(content, on="candidate").join(blame, on="candidate").join(twice, on="candidate", how="left")
    asked = asked.join(haste.tails(scope), on="candidate", how="left")
    eager = pl.max_horizontal("tail", pl.col("haste").fill_null(1.0)) ** 2  # two chances, independent: both that small
    blamed = pl.col("twice").fill_null(value=False) & (pl.col("blame") <= FRANK)
    return asked.filter((pl.min_horizontal("tail", "content", eager) > FRANK) & ~blamed).select("candidate")


def _excess(rated: pl.DataFrame, reviews: pl.DataFrame, end: pl.Expr, *, things: bool = False) -> pl.DataFrame:
    """candidate, tail: chance that so many of the members' ratings lie at that end, if they rated as others do.

    With `things`, several ratings of one thing count for less, the fewer others have rated it: people are content with
    good things alike.
    """
    reviews = reviews.with_columns(end=end)
    market = int(reviews["end"].sum()) / max(reviews.height, 1)
    rated = rated.with_columns(end=end)
    known = (~pl.col("member")).sum().over("candidate", "listing")
    ours = rated.with_columns(unknown=RATED / (known + RATED)).filter("member")
    ours = ours.with_columns(counted=counted(reviews, unknown=pl.col("unknown") if things else None))
    share = (pl.col("counted") * pl.col("end")).sum() / pl.col("counted").sum()
    rings = ours.group_by("candidate").agg(n=pl.col("counted").sum().floor(), share=share)
    theirs = rated.filter(~pl.col("member")).group_by("candidate").agg(m=pl.len(), y=pl.col("end").sum())
    rings = rings.join(theirs, on="candidate", how="left").fill_null(0).sort("candidate")
    others = (rings["y"] + RATED * market) / (rings["m"] + RATED)
    p0 = np.maximum(others.to_numpy(), market)
    x = np.floor((rings["n"] * rings["share"]).to_numpy() + 1e-9)
    tail = stats.binom.sf(x - 1.0, rings["n"].to_numpy(), p0)
    return rings.select("candidate", tail=pl.Series(np.asarray(tail)))
