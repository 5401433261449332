"""The judgement of a candidate: which families speak, whether two independent ones do, tier, scheme and score.

Families that rest on one and the same fact are one voice: what members bought, when they bought it and what they looked
at are all behaviour. Two voices are a gate, not a bonus: no sum of one passes it. A gift-card finding passes alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.candidates import BY_ATTRIBUTES, LARGE_FAMILY
from toolkit.contracts.plugins import NO_EXTRA
from toolkit.score.schemes import named

if TYPE_CHECKING:
    from toolkit.config import ScoreSettings
    from toolkit.contracts.plugins import Extra

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

VOICE: Final = {
    "f4_listing_ordered": "behaviour",
    "f4_listing_reviewed": "behaviour",
    "f4_seller_ordered": "behaviour",
    "f4_listing_clicked": "behaviour",
    "f4_seller_subsidised": "behaviour",
    "f4_voucher": "behaviour",
    "f4_voucher_days": "behaviour",
    "f4_campaign": "behaviour",
    "f4_refund_story": "behaviour",
    "f3_shared_attributes": "link",
    "f4_funding_source": "link",
    "f4_refund_instrument": "link",
    "f4_card_purchaser": "link",
    "f4_card_purchase_payment": "link",
    "f4_card_batch": "link",
    "f4_tracking": "link",
    "f7_refunded_elsewhere": "link",
    "f7_shop_shares_with_shop": "link",
    "f7_subsidised": "behaviour",
    "f7_refunded": "behaviour",
    "f7_at_minimum_spend": "behaviour",
}
"""Tests that one and the same fact may pass together are one voice; others speak for their family.

Behaviour is what one and the same orders show. Links are what a family shares too: it lives together, pays for each
other, and takes back each other's refunds. So links alone, however many, never make an alert."""

GIVEN: Final = (
    "f4_seller_ordered",
    "f4_listing_ordered",
    "f4_seller_subsidised",
    "f4_voucher",
    "f4_voucher_days",
    "f4_campaign",
    "f4_refund_story",
    "f7_cancelled_after_subsidy",
    "f7_light_parcel",
    "f7_delivered_at_once",
    "f7_reused_tracking",
    "f7_paid_by_top_up",
)
"""Tests that say nothing new of a candidate that was proposed as a shop's buyers with marks: both are given."""

GIVEN_BY_LINKS: Final = (
    "f7_subsidised",
    "f7_at_minimum_spend",
    "f7_refunded",
    "f7_refunded_elsewhere",
    "f4_refund_story",
    "f7_reused_tracking",
)
"""Tests that say nothing new of a candidate that was proposed by links: vouchers (which ask for a minimum spend),
refunds, their instruments and tracking numbers are what accounts meet on, so a community of those that met shows them
by its making."""


GIVEN_BY_TIME: Final = ("f5_synchrony",)
"""Tests that say nothing new of any candidate: it was put together by when its members acted. What they tell apart are
viral listings, and how loud an alert is."""


ASKED_FOR: Final = ("f4_created_on",)
"""Tests that a code may ask for: of a group whose behaviour is the use of codes alone, births tell the same fact, for
who comes to a campus in one week signs up for the code of that campus. What joins a group that attributes proposed
tells no more there: who comes to a campus lives in its flats. Births stand in such a group beyond homes only, see
`score.run`, and where they do, links do."""


def judged(
    verdicts: pl.DataFrame, sizes: pl.DataFrame, settings: ScoreSettings, extra: Extra = NO_EXTRA
) -> pl.DataFrame:
    """candidate, families (those that speak), voices (how many), score, tier, scheme.

    Args:
        verdicts: Every test of every candidate (schema JUDGED).
        sizes: candidate, size, actors (members, those of one home as one), origin.
        settings: Thresholds.
        extra: Tests and schemes of plug-ins.
    """
    voices_of = VOICE | {test.name: test.voice for test in extra.tests}
    voice = pl.col("test").replace_strict(voices_of, default=pl.col("family"))
    heard = verdicts.filter(pl.col("surprise") >= settings.family_surprise).with_columns(voice=voice)
    given = (pl.col("origin") == "star") & pl.col("test").is_in(GIVEN)
    given |= (pl.col("origin") == "together") & pl.col("test").is_in(GIVEN_BY_LINKS)
    given |= pl.col("test").is_in(GIVEN_BY_TIME)
    heard = heard.join(sizes.select("candidate", "origin"), on="candidate")
    linked_only = pl.col("origin") == BY_ATTRIBUTES
    joined = linked_only & (pl.col("voice") == "link")
    given |= joined & (pl.col("test") != "f3_shared_attributes")
    met = (pl.col("origin") == "together") & (pl.col("voice") == "behaviour")
    born = linked_only & (pl.col("test") == "f4_created_on")
    built = (met | joined | born) & (pl.col("surprise") < settings.built_of)
    heard = heard.with_columns(voice=pl.when(~given & ~built).then(pl.col("voice")))
    behaves, codes = pl.col("voice") == "behaviour", pl.col("family") == "subsidy"
    beyond_codes, with_codes = ((behaves & these).any().over("candidate") for these in (~codes, codes))
    births = pl.col("test").is_in(ASKED_FOR) & pl.col("voice").is_not_null()
    homes = linked_only & with_codes & (pl.col("voice") == "link") & ~births.any().over("candidate")
    asked_for = (births | homes) & ~beyond_codes
    heard = heard.with_columns(voice=pl.when(asked_for).then(pl.lit("behaviour")).otherwise("voice"))
    proof = pl.col("test") == "f1_gift_card_after_review"
    voices = heard.group_by("candidate").agg(
        voices=pl.col("voice").drop_nulls().n_unique(),
        proof=proof.any(),
        acts=(pl.col("voice") != "link").any(),
        other=(~pl.col("voice").is_in(["link", "behaviour"])).any(),
    )
    families = heard.group_by("candidate", "family").agg(surprise=pl.col("surprise").max())
    capped = pl.min_horizontal("surprise", pl.col("family").replace_strict(CAPS, return_dtype=pl.Float64))
    scored = families.group_by("candidate").agg(families=pl.col("family").sort(), score=capped.sort().sum())
    speaking = scored.join(voices, on="candidate").join(named(heard, extra.schemes), on="candidate")
    rings = sizes.join(speaking, on="candidate", how="left").with_columns(
        pl.col("score").fill_null(0.0),
        pl.col("voices").fill_null(0),
        pl.col("proof", "acts", "other").fill_null(value=False),
        families=pl.col("families").fill_null(pl.lit([], dtype=pl.List(pl.String))),
    )
    kin = (pl.col("actors") <= LARGE_FAMILY) & ~pl.col("other")
    two = (pl.col("voices") >= 2) & (pl.col("families").list.len() >= 2)
    passes = (two & ~kin) | pl.col("proof")
    tier = (
        pl.when(passes & (pl.col("score") >= settings.strong))
        .then(pl.lit("strong"))
        .when(passes & (pl.col("score") >= settings.moderate))
        .then(pl.lit("moderate"))
        .otherwise(pl.lit("lead"))
    )
    return rings.with_columns(pl.col("scheme").fill_null("unclassified"), tier=tier).sort("candidate")


def worth_keeping(rings: pl.DataFrame, settings: ScoreSettings) -> pl.DataFrame:
    """Alerts, and leads that say enough and say more than that people live together."""
    worth = (pl.col("score") >= settings.lead) & (pl.col("acts") | (pl.col("actors") > LARGE_FAMILY))
    return rings.filter((pl.col("tier") != "lead") | worth)
