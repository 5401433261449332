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
from toolkit.ranges import Line
from toolkit.score.binomial import binomial

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
    acts = kind.frame.select("buyer", "at", listing="token")
    acts = acts.join(scope.targets.select("listing").unique(), on="listing", how="semi", maintain_order="left")
    acts = acts.unique(["buyer", "listing"], keep="first", maintain_order=True)  # sorted by listing and time
    line = Line.of(acts["listing"], acts["at"], gap=NEAR + 2)
    ahead = np.searchsorted(line.keys, line.keys + NEAR, "right") - np.arange(line.keys.size) - 1
    behind = np.arange(line.keys.size) - np.searchsorted(line.keys, line.keys - NEAR, "left")
    acts = acts.with_columns(ahead=pl.Series(ahead), beside=pl.Series(ahead + behind))
    whole = acts.group_by("listing").agg(all_near=pl.col("ahead").sum(), acts=pl.len().cast(pl.Int64))
    members = scope.candidates.members.select("candidate", "buyer")
    ours = acts.join(members, on="buyer").join(scope.targets, on=["candidate", "listing"], how="semi")
    near = ours.group_by("candidate", "listing").agg(times=pl.col("at").sort(), beside=pl.col("beside").sum())
    near = scope.targets.select("candidate", "listing").join(near, on=["candidate", "listing"], how="left")
    near = near.join(whole, on="listing").sort("candidate", "listing")
    found, pairs, m = _near_pairs(near["times"].fill_null([]))
    left = pl.col("acts") - m
    return near.select(
        "candidate",
        near=found,
        pairs=pairs,
        m=m,
        base_near=pl.col("all_near") - pl.col("beside").fill_null(0) + found,
        base_pairs=left * (left - 1) / 2,
    )


def _near_pairs(times: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Pairs within NEAR, all pairs, and acts, of each sorted list of times."""
    lengths = times.list.len().to_numpy().astype(np.int64)
    flat = times.explode(empty_as_null=False).to_numpy().astype(np.int64)
    group = np.repeat(np.arange(lengths.size), lengths)
    span = (int(flat.max()) - int(flat.min()) if flat.size else 0) + NEAR + 2
    keys = group * span + (flat - (flat.min() if flat.size else 0))
    ahead = np.searchsorted(keys, keys + NEAR, "right") - np.arange(keys.size) - 1
    near = np.bincount(group, weights=ahead, minlength=lengths.size)
    return pl.Series(near), pl.Series(lengths * (lengths - 1) / 2.0), pl.Series(lengths)
