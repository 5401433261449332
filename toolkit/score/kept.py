"""What a run keeps so that "what if" can be asked afterwards: every group that was judged, and every test of it.

Groups that became no ring are kept by their digest alone, without members, so that nobody is named for having been
looked at. Of shared attributes, the test is kept once more without each kind of attribute in turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.results import Candidates, Tests
from toolkit.score import identity

if TYPE_CHECKING:
    from toolkit.score.scope import Scope


CARDS: Final = ("card_purchaser", "card_purchase_payment", "card_batch")
"""Kinds of tokens that are read off gift cards."""
MOST: Final = 1e6
"""-log10 p beyond any threshold: what underflowed to nothing is kept as this."""


def candidates_table(sizes: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Schema Candidates; of groups with the same members one is kept.

    Args:
        sizes: candidate, size, actors, origin.
        ids: candidate, ring_id.
    """
    kept = sizes.join(ids, on="candidate").sort("ring_id", "candidate").unique("ring_id", maintain_order=True)
    return kept.with_columns(pl.col("size", "actors").cast(pl.Int64)).select("candidate", *Candidates.column_names())


def tests_table(scope: Scope, verdicts: pl.DataFrame, kept: pl.DataFrame, joining: identity.Joining) -> pl.DataFrame:
    """Schema Tests.

    Args:
        scope: What was judged.
        verdicts: Every test of every candidate (schema JUDGED), paid for.
        kept: candidate, ring_id.
        joining: What attributes join the members.

    A test of shared attributes without one kind of them is charged what the whole test of that group was.
    """
    parts = [verdicts.with_columns(without=pl.lit(None, pl.String)).drop("raw")]
    whole = verdicts.filter(pl.col("test") == "f3_shared_attributes")
    owed = whole.select("candidate", owed=pl.col("raw") - pl.col("surprise"))
    for kind in identity.KINDS:
        if kind in scope.linked.tokens:
            less = identity.judge(joining, without=kind)
            charged = less.join(owed, on="candidate").with_columns(pl.col("surprise") - pl.col("owed"))
            parts.append(charged.drop("owed").with_columns(without=pl.lit(kind)))
    every = pl.concat(parts).join(kept.select("candidate", "ring_id"), on="candidate")
    every = every.join(_sources(scope), on=["kind", "token"], how="left")
    numbered = every.sort("ring_id", "test", "without", "token").with_columns(
        pl.col("surprise").clip(-MOST, MOST), place=pl.int_range(pl.len(), dtype=pl.Int64).over("ring_id")
    )
    return numbered.select(Tests.column_names())


def _sources(scope: Scope) -> pl.DataFrame:
    """kind, token, sources: from whom the gift cards behind a test come, as far as the data say."""
    stars = scope.linked.gift_cards.detail_members.select(pl.col("source").cast(pl.String), token="star")
    parts = [stars.with_columns(kind=pl.lit("star"))]
    for name in CARDS:
        if name in scope.linked.tokens:
            cards = scope.market.table("gift_cards").select("card", pl.col("source").cast(pl.String))
            bound = scope.market.table("redemptions").select("row", "card").join(cards, on="card")
            held = scope.linked.tokens[name].frame.select("token", "row").join(bound, on="row")
            parts.append(held.select("source", "token", kind=pl.lit(name)))
    every = pl.concat(parts).with_columns(pl.col("source").fill_null("unknown"), pl.col("token").cast(pl.UInt32))
    return every.group_by("kind", "token").agg(sources=pl.col("source").unique().sort())
