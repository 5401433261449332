"""Repeat visits (F10): members open the ring's listings again and again, as its other visitors do not.

Claims: clicks were the task. Misses: clickers that open a listing once. A popular item's accessory is bought and opened
with it by many, each once or twice. Cost: the clicks of the ring's listings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.judged import empty
from toolkit.score.binomial import binomial

if TYPE_CHECKING:
    from toolkit.market import Market
    from toolkit.score.scope import Scope

AGAIN: Final = 3
"""Visits of one listing by one buyer, for each order of it, that are more than looking, looking again."""
PRIOR: Final = 10.0
LEEWAY: Final = 2.0


def again(market: Market) -> pl.DataFrame:
    """buyer, listing, again: whether the buyer opened it three times or more for each order of it.

    A subscriber opens what it orders every month, and that is no task.
    """
    visits = market.table("clicks").group_by("buyer", "listing").agg(visits=pl.len())
    if market.has("orders"):
        bought = market.table("orders").group_by("buyer", "listing").agg(orders=pl.len())
        visits = visits.join(bought, on=["buyer", "listing"], how="left")
    else:
        visits = visits.with_columns(orders=pl.lit(None, pl.UInt32))
    meant = AGAIN * pl.max_horizontal(pl.col("orders").fill_null(1), pl.lit(1))
    return visits.select("buyer", "listing", again=pl.col("visits") >= meant)


def judge(scope: Scope) -> pl.DataFrame:
    """Members with three visits or more to one of the ring's listings, against other visitors of the same listings."""
    if not scope.market.has("clicks"):
        return empty()
    kinds = ["listing_clicked", "listing_ordered"]
    targets = scope.candidates.values.filter(pl.col("kind").is_in(kinds)).select("candidate", listing="token").unique()
    visits = again(scope.market)
    rate = int(visits["again"].sum()) / max(visits.height, 1)
    there = visits.join(targets, on="listing")
    members = scope.candidates.members.select("candidate", "buyer")
    ours = there.join(members, on=["candidate", "buyer"], how="semi")
    others = there.join(members, on=["candidate", "buyer"], how="anti")
    base = others.group_by("candidate", "listing").agg(m=pl.len(), y=pl.col("again").sum())
    p = LEEWAY * (pl.col("y").fill_null(0) + PRIOR * rate) / (pl.col("m").fill_null(0) + PRIOR)
    weighed = ours.join(base, on=["candidate", "listing"], how="left").with_columns(p=p.clip(1e-6, 0.95))
    per_buyer = weighed.group_by("candidate", "buyer").agg(pl.col("again").any(), p=1 - (1 - pl.col("p")).product())
    rings = per_buyer.group_by("candidate").agg(n=pl.len(), x=pl.col("again").sum(), p0=pl.col("p").mean())
    return binomial(rings.sort("candidate"), "co_behaviour", "f10_repeat_clicks", "members")
