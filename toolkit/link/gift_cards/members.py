"""Who belongs to a star: how likely each reviewer's card is one beyond those that chance would have put there."""

from __future__ import annotations

import polars as pl

_PARTS = 3  # lags are told apart by thirds of the base law: finer would fit the few cards there are


def posterior(stars: pl.DataFrame, cards: pl.DataFrame, groups: pl.DataFrame) -> pl.Series:
    """Probability that each card is beyond chance.

    Of k cards `expected` are chance's, times the excess that the time before the reviews shows (shrunk by one card), so
    the prior of chance is their ratio. What the card shows (its lag, its
    issuer, in a pooled star its face) divides chance's density by that of the star's cards: the local false discovery
    rate of Efron (2001), with features taken as independent and the star's density shrunk towards chance's by one card.

    Args:
        stars: star, k, expected, k_pre, expected_pre, group, issuer_kind, issuer, issuer_cards, issuer_base.
        cards: star, event, place, group of the face, issuer columns.
        groups: group, holders.
    """
    habit = (pl.col("k_pre") + 1) / (pl.col("expected_pre") + 1)
    chance = (pl.col("expected") * habit / pl.col("k")).clip(0.0, 1.0)
    known = stars.select("star", "issuer_kind", "issuer", "issuer_cards", "issuer_base", pool="group", prior=chance)
    rows = cards.join(known, on="star", maintain_order="left")
    part = (pl.col("place") * _PARTS).floor().clip(0, _PARTS - 1)
    by_lag = _ratio(["star", part], pl.lit(1.0 / _PARTS))
    same = pl.coalesce(
        pl.when(pl.col("issuer_kind") == kind).then(pl.col(kind) == pl.col("issuer"))
        for kind in ("purchaser", "batch", "purchase_payment")
    ).fill_null(value=False)
    share = pl.col("issuer_cards") / pl.col("issuer_base")
    chance = pl.when(same).then(share).otherwise(1.0 - share).fill_null(1.0)
    by_issuer = _ratio(["star", same.alias("same")], chance)
    holders = groups.select("group", "holders")
    rows = rows.join(holders, on="group", how="left", maintain_order="left")
    rows = rows.join(holders.select(pool="group", all="holders"), on="pool", how="left", maintain_order="left")
    by_face = _ratio(["star", "group"], (pl.col("holders") / pl.col("all")).clip(0.0, 1.0))
    return rows.select(posterior=1.0 - (pl.col("prior") * by_lag * by_issuer * by_face).clip(0.0, 1.0))["posterior"]


def _ratio(keys: list[str | pl.Expr], chance: pl.Expr) -> pl.Expr:
    """Chance's share of a feature's value over the star's own."""
    here, total = pl.len().over(keys), pl.len().over("star")
    return chance / ((here + chance) / (total + 1))
