"""Members by their own evidence inside the ring's windows: tokens and members are refined in turn.

A buyer's log odds are the sum over the ring's values of ln(q/p): q, the share of the ring on the value without the
buyer's own household; p, how likely a buyer of its activity holds it. Kinds that rest on the same acts overlap, so the
best one counts. A buyer stays where the odds beat the prior, ring size over accounts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.detect.attach import FACTS, attached
from toolkit.detect.enrich import activity, chance, places, populations, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from toolkit.config import DetectSettings
    from toolkit.contracts.candidates import Linked
    from toolkit.contracts.tokens import TokenKind

AFFINITY: Final = 1.0
"""Who buys one of the ring's listings is likelier to buy another: favourite categories give about this factor."""
BEHAVIOUR: Final = (
    "listing_ordered",
    "listing_reviewed",
    "listing_clicked",
    "seller_ordered",
    "voucher",
    "voucher_days",
    "seller_subsidised",
    "seller_refunded",
    "refund_story",
)
"""Kinds that one and the same order may show up in."""
IDENTITY_CAP: Final = 12.0
"""Natural log odds from attributes, at most: several attributes of one account are one fact."""

WIDENED: Final = 2
"""How often windows are taken from all members and those who show once are looked for inside them: the windows of the
first members are too short for the ring that they lead to."""

SCORED: Final = pl.Schema(
    {
        "candidate": pl.UInt32,
        "buyer": pl.UInt32,
        "score": pl.Float64,
        "margin": pl.Float64,
        "n_families": pl.UInt32,
        "best_kind": pl.String,
        "acts_alone": pl.Boolean,
    }
)


def refine(members: pl.DataFrame, linked: Linked, settings: DetectSettings) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Members (schema SCORED) and values of each candidate after the last round; too small ones are gone."""
    activities = {name: activity(kind, linked.n_buyers) for name, kind in linked.tokens.items()}
    proposed = members.select("candidate", "buyer")
    for _ in range(settings.rounds):
        held = _values(members.join(proposed, on=["candidate", "buyer"], how="semi"), linked, activities, settings)
        members = of_ring_size(_members(members, held, proposed, linked, activities, settings), settings)
    members = _widened(members, linked, activities, settings)
    founders = members.join(proposed, on=["candidate", "buyer"], how="semi")
    return members, _values(founders, linked, activities, settings)


def _widened(
    core: pl.DataFrame, linked: Linked, activities: Mapping[str, NDArray[np.float64]], settings: DetectSettings
) -> pl.DataFrame:
    """The members, and those who show on one of the candidate's things only."""
    drawn = populations(core, linked.region)
    kinds = {name: linked.tokens[name] for name in FACTS if name in linked.tokens}
    members = core
    for _ in range(WIDENED):
        held = _values(members, replace(linked, tokens=kinds), activities, settings)
        found = attached(members, held, kinds, drawn).join(core, on=["candidate", "buyer"], how="anti")
        odds = (pl.col("posterior") / (1.0 - pl.col("posterior")).clip(1e-4)).log()
        added = found.select(
            "candidate",
            "buyer",
            score=odds,
            margin=odds,
            n_families=pl.lit(1),
            best_kind="kind",
            acts_alone=pl.lit(value=False),
        )
        members = of_ring_size(pl.concat([core, added.select(SCORED.names()).cast(SCORED)]), settings)
    return members


def of_ring_size(members: pl.DataFrame, settings: DetectSettings) -> pl.DataFrame:
    """The best-supported members up to the largest size of a ring; candidates with too few are gone."""
    best = members.sort("candidate", "score", "buyer", descending=[False, True, False])
    place = pl.int_range(pl.len()).over("candidate")
    enough = pl.len().over("candidate") >= settings.smallest
    return best.filter((place < settings.largest) & enough).sort("candidate", "buyer")


def _values(
    members: pl.DataFrame, linked: Linked, activities: Mapping[str, NDArray[np.float64]], settings: DetectSettings
) -> pl.DataFrame:
    least, share = settings.token_surprise, settings.least_share
    return values(
        members, linked.tokens, linked.household, linked.region, activities, least_surprise=least, least_share=share
    )


def _members(
    before: pl.DataFrame,
    held: pl.DataFrame,
    proposed: pl.DataFrame,
    linked: Linked,
    activities: Mapping[str, NDArray[np.float64]],
    settings: DetectSettings,
) -> pl.DataFrame:
    """The buyers whose odds beat the prior, with their score."""
    inside = before.select("candidate", "buyer", inside=pl.lit(value=True))
    sizes = before.group_by("candidate").agg(size=pl.len()).join(populations(before, linked.region), on="candidate")
    held = held.join(sizes.select("candidate", "population"), on="candidate", maintain_order="left")
    parts = [
        _odds(kind, held.filter(pl.col("kind") == name), inside, activities[name])
        for name, kind in linked.tokens.items()
    ]
    parts = [part for part in parts if part.height]
    if not parts:
        return pl.DataFrame(schema=SCORED)
    by_kind = pl.concat(parts)
    return _judged(by_kind, sizes, proposed, settings)


def _odds(
    kind: TokenKind,
    held: pl.DataFrame,
    inside: pl.DataFrame,
    active: NDArray[np.float64],
) -> pl.DataFrame:
    """candidate, buyer, kind, family, odds: what the values of one kind say about each buyer that holds one."""
    low, high = places(kind, held)
    counts = high - low
    rows = np.repeat(low - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
    which = np.repeat(np.arange(held.height), counts)
    likely = pl.Series("likely", chance(kind, held, held["holders"].to_numpy()))
    hits = held.select("candidate", "token", "k", "n", likely)[which].with_columns(kind.frame["buyer"][rows])
    hits = hits.unique(["candidate", "token", "buyer"], maintain_order=True)
    hits = hits.join(inside, on=["candidate", "buyer"], how="left", maintain_order="left")
    own = pl.col("inside").fill_null(value=False).cast(pl.Int64)
    q = (pl.col("k").cast(pl.Int64) - own + 0.25) / (pl.col("n").cast(pl.Int64) - own + 0.5)
    lean = pl.Series("active", active[hits["buyer"].to_numpy()])
    affinity = AFFINITY if kind.name in BEHAVIOUR and kind.name != "voucher" else 1.0
    p = affinity * pl.col("active") * pl.col("likely")
    odds = (q.clip(1e-6, 0.95) / p.clip(1e-9, 0.5)).log()
    scored = hits.with_columns(lean).with_columns(odds=odds, q=q.clip(0.0, 0.95))
    miss = (1.0 - pl.col("q")).log() if kind.timed else pl.lit(0.0)
    per_buyer = scored.group_by("candidate", "buyer").agg(odds=(pl.col("odds") - miss).sum())
    if kind.timed:
        all_missed = held.with_columns(q=(pl.col("k") / (pl.col("n") + 0.5)).clip(0.0, 0.95))
        missed = all_missed.group_by("candidate").agg(missed=(1.0 - pl.col("q")).log().sum())
        per_buyer = (
            per_buyer.join(missed, on="candidate").with_columns(odds=pl.col("odds") + pl.col("missed")).drop("missed")
        )
    fact = "behaviour" if kind.name in BEHAVIOUR else kind.family
    return per_buyer.with_columns(kind=pl.lit(kind.name), family=pl.lit(fact))


def _likeliest() -> pl.Expr:
    """The kind with the highest odds; by name where they are alike but for the order in which they were added up."""
    return pl.col("kind").sort_by(pl.col("odds").round(9), "kind").last()


def _judged(
    by_kind: pl.DataFrame, sizes: pl.DataFrame, proposed: pl.DataFrame, settings: DetectSettings
) -> pl.DataFrame:
    """Sum over families of the best kind (identity: sum of kinds, capped), against the prior."""
    identity = pl.col("family") == "identity"
    summed = (
        by_kind.filter(identity)
        .group_by("candidate", "buyer", "family")
        .agg(odds=pl.col("odds").sum().clip(upper_bound=IDENTITY_CAP), kind=_likeliest())
    )
    best = (
        by_kind.filter(~identity)
        .group_by("candidate", "buyer", "family")
        .agg(odds=pl.col("odds").max(), kind=_likeliest())
    )
    families = pl.concat([summed, best])
    total = families.group_by("candidate", "buyer").agg(
        score=pl.col("odds").clip(lower_bound=-5.0).sum(),
        n_families=(pl.col("odds") > 2.0).sum().cast(pl.UInt32),
        best_kind=_likeliest(),
        acted=pl.col("odds").filter(pl.col("family") == "behaviour").sum(),
    )
    founders = proposed.with_columns(founder=pl.lit(value=True))
    weighed = total.join(sizes, on="candidate").join(founders, on=["candidate", "buyer"], how="left")
    outside = (pl.col("population") / pl.col("size")).log() + np.log(settings.member_prior_odds)
    prior = pl.when(pl.col("founder").fill_null(value=False)).then(settings.founder_prior * outside).otherwise(outside)
    kept = weighed.filter(pl.col("score") >= prior)
    kept = kept.with_columns(acts_alone=pl.col("acted") >= prior, margin=pl.col("score") - prior)
    return kept.select(SCORED.names()).cast(SCORED).sort("candidate", "buyer")
