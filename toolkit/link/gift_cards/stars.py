"""Which cells are stars: counted, tested, corrected for the whole family, and freed of repetition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.link.gift_cards.events import OPEN
from toolkit.link.gift_cards.expect import expectations
from toolkit.link.gift_cards.tails import q_surprise
from toolkit.link.gift_cards.windows import matches

if TYPE_CHECKING:
    from toolkit.link.gift_cards.events import Events
    from toolkit.link.gift_cards.expect import Hazard
    from toolkit.link.gift_cards.settings import GiftCardSettings
    from toolkit.link.gift_cards.windows import Windows


def hits(windows: pl.DataFrame, events: Events, *, closed: str = "right") -> pl.DataFrame:
    """Cards that fall into windows, under their face and again under their pool: window columns, event, at, group."""
    found = matches(windows, events.rows, closed=closed)
    groups = events.rows.select("event", "group", "pool")
    both = found.join(groups, on="event", maintain_order="left")
    return pl.concat(
        [both.drop("pool"), both.drop("group").rename({"pool": "group"}).select(both.drop("pool").columns)]
    )


def counted(found: pl.DataFrame, least: int) -> pl.DataFrame:
    """Cells with at least that many distinct reviewers: anchor, group, k."""
    cells = found.group_by("anchor", "group").agg(k=pl.col("actor").n_unique().cast(pl.Int64))
    return cells.filter(pl.col("k") >= least).sort("anchor", "group")


def tested(
    cells: pl.DataFrame, windows: Windows, events: Events, hazard: Hazard, settings: GiftCardSettings
) -> pl.DataFrame:
    """The cells with expected, surprise, q (as -log10) and the family that q was corrected for.

    The family is every listing or seller with reviews times every group that enough buyers redeemed from, whether or
    not a cell of the two holds a single card. Employers' cards are a family of their own.
    """
    scored = expectations(cells, windows.after, hazard, settings)
    scored = scored.join(events.groups.drop("holders"), on="group", maintain_order="left")
    parts = [scored.head(0).with_columns(q=pl.lit(0.0))]
    for (stratum,), part in scored.partition_by("stratum", as_dict=True, maintain_order=True).items():
        q = q_surprise(part["surprise"].to_numpy(), family_size(windows, events, settings, str(stratum)))
        parts.append(part.with_columns(q=pl.Series(q)))
    return pl.concat(parts).sort("anchor", "group")


def family_size(windows: Windows, events: Events, settings: GiftCardSettings, stratum: str = OPEN) -> int:
    """Tests of a stratum: anchors with reviews times groups that at least `least` buyers redeemed from."""
    testable = events.groups.filter((pl.col("stratum") == stratum) & (pl.col("holders") >= settings.least))
    return windows.after["anchor"].n_unique() * testable.height


def chosen(scored: pl.DataFrame, sellers: pl.DataFrame, listings: int, rate: float) -> pl.DataFrame:
    """Stars among the tested cells: star, listing, seller and the cell's columns.

    Pooled over faces where that is more surprising than any single face, else face by face; a seller's star where it is
    more surprising than all stars of the seller's listings.
    """
    good = scored.filter(pl.col("q") >= -np.log10(rate))
    pooled = pl.col("face").is_null()
    same = ["anchor", "currency", "stratum"]
    best_face = pl.col("surprise").filter(~pooled).max().over(same).fill_null(-1.0)
    best_pool = pl.col("surprise").filter(pooled).max().over(same).fill_null(-1.0)
    good = good.with_columns(pooled_wins=best_pool > best_face).filter(pooled == pl.col("pooled_wins"))
    single = pl.col("anchor") < listings
    named = good.with_columns(
        listing=pl.when(single).then(pl.col("anchor")).cast(pl.UInt32),
        seller_anchor=pl.when(~single).then(pl.col("anchor") - listings).cast(pl.UInt32),
    ).join(sellers, on="listing", how="left", maintain_order="left")
    named = named.with_columns(seller=pl.coalesce("seller_anchor", "seller"))
    best_listing = pl.col("surprise").filter(pl.col("listing").is_not_null()).max().over("seller", "stratum")
    kept = named.filter(pl.col("listing").is_not_null() | (pl.col("surprise") > best_listing.fill_null(-1.0)))
    ordered = kept.sort("anchor", "currency", "stratum", "face").drop("pooled_wins", "seller_anchor")
    return ordered.with_row_index("star").with_columns(open=pl.col("stratum") == OPEN)
