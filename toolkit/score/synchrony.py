"""Synchrony (F5): members act on the same listing closer in time than that listing's other buyers do.

Claims: the ring works in bursts of its own. Misses: rings that spread over months. A viral listing or a flash sale is
synchronous for all its buyers, and so says nothing. Its p-values are conservative for groups that something else
brought together. Those of a run are put together by when they acted, so that it tells F4 once more: the two are one
voice. Cost: the orders of the ring's targets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.config import DAY
from toolkit.contracts.judged import empty
from toolkit.ranges import Line, among
from toolkit.score.binomial import binomial
from toolkit.score.scope import numbered, of_tokens

if TYPE_CHECKING:
    from toolkit.contracts.tokens import TokenKind
    from toolkit.score.scope import Scope

NEAR: Final = 14 * DAY
PRIOR: Final = 20.0
"""Pairs of prior weight with which a listing's own rate is held near the rate of all targets."""


def judge(scope: Scope) -> pl.DataFrame:
    """Share of pairs of acts within 14 days, on the ring's targets at any time, against the other buyers of each."""
    kinds = scope.linked.tokens
    kind = "listing_ordered" if "listing_ordered" in kinds else "listing_reviewed"
    if kind not in kinds or scope.targets.height == 0:
        return empty()
    counted = _counted(scope, kinds[kind])
    rate = max(float(counted["base_near"].sum()), 1.0) / max(float(counted["base_pairs"].sum()), 1.0)
    p0 = (pl.col("base_near") + PRIOR * rate) / (pl.col("base_pairs") + PRIOR)
    weighed = counted.filter(pl.col("m") > 1).with_columns(
        p0=p0, n_eff=pl.col("m") - 1, share=pl.col("near") / pl.col("pairs")
    )
    rings = weighed.group_by("candidate").agg(
        n=pl.col("n_eff").sum(),
        x=(pl.col("share") * pl.col("n_eff")).sum(),
        p0=(pl.col("p0") * pl.col("n_eff")).sum() / pl.col("n_eff").sum(),
    )
    return binomial(rings, "synchrony", "f5_synchrony", "acts")


def _counted(scope: Scope, kind: TokenKind) -> pl.DataFrame:
    """candidate, near, pairs, m of the members' first acts on each target; base_near, base_pairs of the other buyers'.

    The others are everybody but the members: their near pairs are those of the listing, less those of each member's
    act, plus those between two members, which were taken off twice. So a popular listing is gone through once.
    """
    acts = of_tokens(kind, scope.targets["listing"]).select("buyer", "at", listing="token")
    first = (pl.col("listing").cast(pl.UInt64) * (1 << 32) + pl.col("buyer")).is_first_distinct()
    acts = acts.filter(first)  # sorted by listing and time
    line = Line.of(acts["listing"], acts["at"], gap=NEAR + 2)
    ahead = np.searchsorted(line.keys, line.keys + NEAR, "right") - np.arange(line.keys.size) - 1
    behind = np.arange(line.keys.size) - np.searchsorted(line.keys, line.keys - NEAR, "left")
    acts = acts.with_columns(ahead=pl.Series(ahead), beside=pl.Series(ahead + behind))
    whole = acts.group_by("listing").agg(all_near=pl.col("ahead").sum(), acts=pl.len().cast(pl.Int64))
    members = scope.candidates.members.select("candidate", "buyer")
    near = scope.targets.select("candidate", "listing").join(whole, on="listing").sort("candidate", "listing")
    near = near.with_row_index("target")
    ours = acts.filter(among(acts["buyer"], members["buyer"])).join(members, on="buyer")
    targets = near.select("target", act=numbered(pl.col("listing")))
    ours = ours.select("at", "beside", act=numbered(pl.col("listing"))).join(targets, on="act").sort("target", "at")
    found, pairs, m = _near_pairs(ours["target"], ours["at"], near.height)
    beside = np.bincount(ours["target"].to_numpy(), weights=ours["beside"].to_numpy(), minlength=near.height)
    left = pl.col("acts") - m
    return near.select(
        "candidate",
        near=found,
        pairs=pairs,
        m=m,
        base_near=pl.col("all_near") - pl.Series(beside.astype(np.int64)) + found,
        base_pairs=left * (left - 1) / 2,
    )


def _near_pairs(target: pl.Series, at: pl.Series, size: int) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Pairs within NEAR, all pairs, and acts, of each of `size` targets; acts are sorted by target and time."""
    lengths = np.bincount(target.to_numpy(), minlength=size)
    keys = Line.of(target, at, gap=NEAR + 2).keys
    ahead = np.searchsorted(keys, keys + NEAR, "right") - np.arange(keys.size) - 1
    near = np.bincount(target.to_numpy(), weights=ahead, minlength=size)
    return pl.Series(near), pl.Series(lengths * (lengths - 1) / 2.0), pl.Series(lengths)
