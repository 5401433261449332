"""Synchrony (F5): members act on the same listing closer in time than that listing's other buyers do.

Claims: the ring works in bursts of its own. Misses: rings that spread over months. A viral listing or a flash sale is
synchronous for all its buyers, and so says nothing. Cost: the orders of the ring's targets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.config import DAY
from toolkit.contracts.judged import empty
from toolkit.score.binomial import binomial

if TYPE_CHECKING:
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
    acts = kinds[kind].frame.select("buyer", "at", listing="token")
    acts = acts.unique(["buyer", "listing"], keep="first", maintain_order=True)
    acts = acts.join(scope.targets.select("candidate", "listing"), on="listing")
    member = scope.candidates.members.select("candidate", "buyer", inside=pl.lit(value=True))
    acts = acts.join(member, on=["candidate", "buyer"], how="left")
    near = acts.group_by("candidate", "listing").agg(
        ours=pl.col("at").filter(pl.col("inside").is_not_null()).sort(),
        others=pl.col("at").filter(pl.col("inside").is_null()).sort(),
    )
    ours, others = _near_pairs(near["ours"]), _near_pairs(near["others"])
    counted = near.select("candidate").with_columns(
        near=ours[0], pairs=ours[1], m=ours[2], base_near=others[0], base_pairs=others[1]
    )
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
