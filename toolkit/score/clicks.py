"""Repeat visits (F10): members open the ring's listings again and again, as its other visitors do not.

Claims: clicks were the task. Misses: clickers that open a listing once. A popular item's accessory is bought and opened
with it by many, each once or twice. Cost: the clicks of the ring's listings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.judged import empty
from toolkit.market import pair
from toolkit.score.binomial import binomial

if TYPE_CHECKING:
    from toolkit.market import Market
    from toolkit.score.scope import Scope

AGAIN: Final = 3
"""Visits of one listing by one buyer, for each order of it, that are more than looking, looking again."""
PRIOR: Final = 10.0
LEEWAY: Final = 2.0


def again(market: Market, clicks: pl.DataFrame) -> pl.DataFrame:
    """buyer, listing, again: whether the buyer opened it three times or more for each order of it.

    A subscriber opens what it orders every month, and that is no task.

    Args:
        market: The orders.
        clicks: buyer, listing of every visit of those that are asked about.
    """
    visits = clicks.group_by(pair=pair()).agg(visits=pl.len())
    often = visits.filter(pl.col("visits") >= AGAIN)
    if market.has("orders"):
        ordered = market.table("orders").select(pair=pair())
        bought = ordered.filter(pl.col("pair").is_in(often["pair"].implode())).group_by("pair").agg(n=pl.len())
        often = often.join(bought, on="pair", how="left")
        often = often.filter(pl.col("visits") >= AGAIN * pl.col("n").fill_null(1))
    buyer, listing = (pl.col("pair") // (1 << 32)).cast(pl.UInt32), (pl.col("pair") % (1 << 32)).cast(pl.UInt32)
    return visits.select(buyer=buyer, listing=listing, again=pl.col("pair").is_in(often["pair"].implode()))


def judge(scope: Scope) -> pl.DataFrame:
    """Members with three visits or more to one of the ring's listings, against other visitors of the same listings."""
    if not scope.market.has("clicks"):
        return empty()
    kinds = ["listing_clicked", "listing_ordered"]
    targets = scope.candidates.values.filter(pl.col("kind").is_in(kinds)).select("candidate", listing="token").unique()
    visits = again(scope.market, scope.market.table("clicks"))
    rate = int(visits["again"].sum()) / max(visits.height, 1)
    members = scope.candidates.members.select("candidate", "buyer")
    ours = visits.join(members, on="buyer").join(targets, on=["candidate", "listing"], how="semi")
    counted = {"m": pl.len().cast(pl.Int64), "y": pl.col("again").sum().cast(pl.Int64)}
    whole, less = visits.group_by("listing").agg(**counted), ours.group_by("candidate", "listing").agg(**counted)
    base = less.join(whole, on="listing", suffix="_all").select(
        "candidate", "listing", m=pl.col("m_all") - pl.col("m"), y=pl.col("y_all") - pl.col("y")
    )
    p = LEEWAY * (pl.col("y").fill_null(0) + PRIOR * rate) / (pl.col("m").fill_null(0) + PRIOR)
    weighed = ours.join(base, on=["candidate", "listing"], how="left").with_columns(p=p.clip(1e-6, 0.95))
    per_buyer = weighed.group_by("candidate", "buyer").agg(pl.col("again").any(), p=1 - (1 - pl.col("p")).product())
    rings = per_buyer.group_by("candidate").agg(n=pl.len(), x=pl.col("again").sum(), p0=pl.col("p").mean())
    return binomial(rings.sort("candidate"), "co_behaviour", "f10_repeat_clicks", "members")
