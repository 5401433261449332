"""A plug-in in one file: a ring's members give the best rating where the same listings' other reviewers do not.

Claims: reviews of the ring's targets are better than those that the targets get from everybody else, which is
consistent with ratings that were asked for. Misses: rings that are told to vary their stars, and targets that everybody
rates best, such as really good ones: there the ring can't stand out, and should not. Cost: the reviews of the targets.

It speaks with the voice `behaviour`, as whatever the same reviews show: it adds to a ring's evidence and never makes an
alert by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats

from toolkit.contracts.judged import JUDGED, empty
from toolkit.contracts.plugins import Test

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

BEST: Final = 5.0
PRIOR: Final = 20.0
"""Reviews of prior weight with which a listing's own share of best ratings is held near that of all listings."""


def judge(scope: Scope) -> pl.DataFrame:
    """Best ratings among the members' reviews of targets, against the other reviewers' share on the same targets."""
    if not scope.market.has("reviews", "rating"):
        return empty()
    acts = _reviews(scope)
    rate = float(acts.filter(~pl.col("inside"))["best"].mean() or 0.5)  # type: ignore[arg-type]  # a share
    per = acts.group_by("candidate", "listing").agg(
        ours=pl.col("inside").sum(),
        best=(pl.col("inside") & pl.col("best")).sum(),
        base=((~pl.col("inside") & pl.col("best")).sum() + PRIOR * rate) / ((~pl.col("inside")).sum() + PRIOR),
    )
    rings = (
        per.filter(pl.col("ours") > 0)
        .group_by("candidate")
        .agg(
            n=pl.col("ours").sum(),
            x=pl.col("best").sum(),
            p0=(pl.col("base") * pl.col("ours")).sum() / pl.col("ours").sum(),
        )
    )
    n, x, p0 = (rings[name].to_numpy() for name in ("n", "x", "p0"))
    tail = -stats.binom.logsf(x - 1, n, np.clip(p0, 1e-6, 1 - 1e-6)) / np.log(10)
    return rings.select(
        "candidate",
        observed=pl.col("x") / pl.col("n"),
        expected="p0",
        surprise=pl.Series(tail, dtype=pl.Float64),
        note=pl.format("{} of {}", "x", "n"),
    ).with_columns(pl.lit(None).alias(name) for name in JUDGED.names() if name not in _GIVEN)


_GIVEN: Final = ("candidate", "observed", "expected", "surprise", "note")


def _reviews(scope: Scope) -> pl.DataFrame:
    """candidate, listing, buyer, row, best, inside: every rated review of a target, by anybody."""
    reviews = scope.market.table("reviews").select("buyer", "listing", "row", "rating").drop_nulls("rating")
    on_target = reviews.join(scope.targets.select("candidate", "listing"), on="listing")
    member = scope.candidates.members.select("candidate", "buyer", inside=pl.lit(value=True))
    marked = on_target.join(member, on=["candidate", "buyer"], how="left")
    return marked.with_columns(best=pl.col("rating") >= BEST, inside=pl.col("inside").fill_null(value=False))


def rows(scope: Scope, wanted: pl.DataFrame) -> pl.DataFrame:
    """The members' best ratings of targets."""
    ours = _reviews(scope).filter("inside", "best").join(wanted.select("key", "candidate"), on="candidate")
    return ours.select("key", "row", table=pl.lit("reviews"))


TOP_RATINGS: Final = Test(
    name="x_top_ratings",
    about="Members rate the ring's targets best, more often than the targets' other reviewers do.",
    family="conversion",
    voice="behaviour",
    statement="{note} ratings by members on the ring's listings are the best there is ({observed}); {expected} among "
    "the same listings' other reviewers",
    judge=judge,
    rows=rows,
)
