"""Repeat visits (F10): members open the ring's listings again and again, as its other visitors do not.

Claims: clicks were the task. Null: binomial at twice the rate of the listing's other visitors, of those who bought it
for who bought it and of those who did not for who did not: whoever buys looks several times, and looks the order up.
Misses: clickers that open a listing once. A popular item's accessory is bought and opened with it by many, each once or
twice. Cost: one sort of the clicks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.contracts.judged import empty
from toolkit.market import pair
from toolkit.ranges import among
from toolkit.score.binomial import binomial
from toolkit.score.scope import numbered

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
    pairs, often = _visits(market, clicks)
    return _told(pairs, often)


def _visits(market: Market, clicks: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Every buyer and listing of the visits as one number, and those of them that `again` is true of."""
    every = np.sort(clicks.select(pair=pair())["pair"].to_numpy())
    first = np.flatnonzero(np.diff(every, prepend=~every[:1]))  # none is before the first, which is new as well
    visits = np.diff(first, append=every.size)
    pairs, many = pl.Series("pair", every[first]), pl.Series(visits >= AGAIN)
    often = pl.DataFrame({"pair": pairs.filter(many), "visits": pl.Series(visits).filter(many)})
    if market.has("orders"):
        ordered = market.table("orders").select(pair=pair())
        bought = ordered.filter(pl.col("pair").is_in(often["pair"].implode())).group_by("pair").agg(n=pl.len())
        often = often.join(bought, on="pair", how="left")
        often = often.filter(pl.col("visits") >= AGAIN * pl.col("n").fill_null(1))
    return pairs, often["pair"]


def _told(pairs: pl.Series, often: pl.Series) -> pl.DataFrame:
    """buyer, listing, again of such numbers."""
    buyer, listing = (pl.col("pair") // (1 << 32)).cast(pl.UInt32), (pl.col("pair") % (1 << 32)).cast(pl.UInt32)
    return pairs.to_frame().select(buyer=buyer, listing=listing, again=pl.col("pair").is_in(often.implode()))


def _of_all(market: Market) -> pl.DataFrame:
    """pair, again, bought of every buyer and listing that it opened."""
    pairs, often = _visits(market, market.table("clicks"))
    ordered = market.table("orders").select(pair=pair())["pair"] if market.has("orders") else pairs.clear()
    return pairs.to_frame().with_columns(
        again=pl.col("pair").is_in(often.implode()), bought=pl.col("pair").is_in(ordered.implode())
    )


def judge(scope: Scope) -> pl.DataFrame:
    """Members with three visits or more to one of the ring's listings, against other visitors of the same listings."""
    if not scope.market.has("clicks"):
        return empty()
    kinds = ["listing_clicked", "listing_ordered"]
    targets = scope.candidates.values.filter(pl.col("kind").is_in(kinds)).select("candidate", listing="token").unique()
    every = _of_all(scope.market)
    usual = every.group_by("bought").agg(rate=pl.col("again").mean())
    listing = (every["pair"] % (1 << 32)).cast(pl.UInt32)
    visits = every.with_columns(listing=listing).filter(among(listing, targets["listing"]))
    visits = visits.with_columns(buyer=(pl.col("pair") // (1 << 32)).cast(pl.UInt32))
    members = scope.candidates.members.select("candidate", "buyer")
    target = targets.select(target=numbered(pl.col("listing")))["target"]
    theirs = visits.filter(among(visits["buyer"], members["buyer"])).join(members, on="buyer")
    ours = theirs.filter(numbered(pl.col("listing")).is_in(target.implode()))
    counted = {"m": pl.len().cast(pl.Int64), "y": pl.col("again").sum().cast(pl.Int64)}
    alike = ["listing", "bought"]
    whole, less = visits.group_by(alike).agg(**counted), ours.group_by("candidate", *alike).agg(**counted)
    base = less.join(whole, on=alike, suffix="_all").join(usual, on="bought")
    others = {name: pl.col(f"{name}_all") - pl.col(name) for name in counted}
    p = LEEWAY * (others["y"] + PRIOR * pl.col("rate")) / (others["m"] + PRIOR)
    base = base.select("candidate", *alike, p=p.clip(1e-6, 0.95))
    weighed = ours.join(base, on=["candidate", *alike])
    per_buyer = weighed.group_by("candidate", "buyer").agg(pl.col("again").any(), p=1 - (1 - pl.col("p")).product())
    rings = per_buyer.group_by("candidate").agg(n=pl.len(), x=pl.col("again").sum(), p0=pl.col("p").mean())
    return binomial(rings.sort("candidate"), "co_behaviour", "f10_repeat_clicks", "members")
