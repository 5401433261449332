"""The judgement of a candidate: which families speak, whether two independent ones do, tier, scheme and score.

Families that rest on one and the same fact are one voice: what members bought, when they bought it and what they looked
at are all behaviour. Two voices are a gate, not a bonus: no sum of one passes it. A gift-card finding passes alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from toolkit.config import ScoreSettings

CAPS: Final = {
    "gift_card": 20.0,
    "target": 15.0,
    "identity": 15.0,
    "co_behaviour": 8.0,
    "synchrony": 8.0,
    "conversion": 10.0,
    "subsidy": 10.0,
    "refund": 10.0,
    "funding": 10.0,
    "logistics": 10.0,
    "message": 10.0,
}
"""-log10 p beyond which a family adds nothing: one loud family must not drown the question of a second."""

VOICE: Final = {"target": "behaviour", "co_behaviour": "behaviour", "synchrony": "behaviour"}
"""Families that are one voice for the gate; the others speak for themselves."""

SCHEMES: Final = (
    ("gift_card_cashback", ("gift_card",)),
    ("brushing", ("logistics",)),
    ("refund_ring", ("refund",)),
    ("virtual_orders", ("funding",)),
    ("voucher_farm", ("subsidy", "identity")),
    ("virtual_orders", ("subsidy",)),
    ("review_ring", ("conversion",)),
    ("coattail", ("co_behaviour",)),
    ("account_farm", ("identity",)),
)
"""Scheme -> families that must speak for it; the first that fits names the ring."""


def judged(verdicts: pl.DataFrame, sizes: pl.DataFrame, settings: ScoreSettings) -> pl.DataFrame:
    """candidate, families (those that speak), voices (how many), score, tier, scheme.

    Args:
        verdicts: Every test of every candidate (schema JUDGED).
        sizes: candidate, n_members.
        settings: Thresholds.
    """
    families = verdicts.group_by("candidate", "family").agg(surprise=pl.col("surprise").max())
    capped = families.with_columns(
        points=pl.min_horizontal("surprise", pl.col("family").replace_strict(CAPS, return_dtype=pl.Float64)),
        voice=pl.col("family").replace(VOICE),
        speaks=pl.col("surprise") >= settings.family_surprise,
    )
    speaking = (
        capped.filter("speaks")
        .group_by("candidate")
        .agg(
            families=pl.col("family").sort(),
            voices=pl.col("voice").n_unique(),
            score=pl.col("points").sum(),
            proof=(pl.col("family") == "gift_card").any(),
        )
    )
    rings = sizes.join(speaking, on="candidate", how="left").with_columns(
        pl.col("score").fill_null(0.0),
        pl.col("voices").fill_null(0),
        pl.col("proof").fill_null(value=False),
        families=pl.col("families").fill_null(pl.lit([], dtype=pl.List(pl.String))),
    )
    passes = (pl.col("voices") >= 2) | pl.col("proof")
    tier = (
        pl.when(passes & (pl.col("score") >= settings.strong))
        .then(pl.lit("strong"))
        .when(passes & (pl.col("score") >= settings.moderate))
        .then(pl.lit("moderate"))
        .otherwise(pl.lit("lead"))
    )
    return rings.with_columns(tier=tier, scheme=_scheme()).sort("candidate")


def _scheme() -> pl.Expr:
    scheme = pl.lit("unclassified")
    for name, families in reversed(SCHEMES):
        fits = pl.all_horizontal([pl.col("families").list.contains(family) for family in families])
        scheme = pl.when(fits).then(pl.lit(name)).otherwise(scheme)
    return scheme
