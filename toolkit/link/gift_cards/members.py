"""Who belongs to a star: how likely each reviewer's card is one beyond those that chance would have put there."""

from __future__ import annotations

import polars as pl

from toolkit.link.gift_cards.events import ISSUERS

_PARTS = 3  # lags are told apart by thirds of the base law: finer would fit the few cards there are


def posterior(stars: pl.DataFrame, faces: pl.DataFrame, cards: pl.DataFrame) -> pl.Series:
    """Probability that each card is beyond chance.

    Of a face's k cards `expected` are chance's, times the excess that the time before the reviews shows (shrunk by one
    card), so the prior of chance is their ratio. What the card shows (its lag, its issuer) divides chance's density by
    that of the star's cards: the local false discovery rate of Efron (2001), with features taken as independent and the
    star's density shrunk towards chance's by one card.

    Args:
        stars: star, k_pre, expected_pre, issuer_kind, issuer, issuer_cards, issuer_base.
        faces: star, group, face_k, face_expected.
        cards: star, group, place, issuer columns.
    """
    habit = (pl.col("k_pre") + 1) / (pl.col("expected_pre") + 1)
    issuer = ["issuer_kind", "issuer", "issuer_cards", "issuer_base"]
    rows = cards.join(stars.select("star", *issuer, habit=habit), on="star", how="left", maintain_order="left")
    chance = faces.select("star", "group", prior=pl.col("face_expected") / pl.col("face_k"))
    rows = rows.join(chance, on=["star", "group"], how="left", maintain_order="left")
    part = (pl.col("place") * _PARTS).floor().clip(0, _PARTS - 1)
    by_lag = _ratio(["star", part], pl.lit(1.0 / _PARTS))
    same = pl.coalesce(
        pl.when(pl.col("issuer_kind") == kind).then(pl.col(kind) == pl.col("issuer")) for kind in ISSUERS
    ).fill_null(value=False)
    share = pl.col("issuer_cards") / pl.col("issuer_base")
    by_issuer = _ratio(["star", same.alias("same")], pl.when(same).then(share).otherwise(1.0 - share).fill_null(1.0))
    prior = (pl.col("prior") * pl.col("habit")).clip(0.0, 1.0)
    return rows.select(posterior=1.0 - (prior * by_lag * by_issuer).clip(0.0, 1.0))["posterior"]


def _ratio(keys: list[str | pl.Expr], chance: pl.Expr) -> pl.Expr:
    """Chance's share of a feature's value over the star's own."""
    here, total = pl.len().over(keys), pl.len().over("star")
    return chance / ((here + chance) / (total + 1))
