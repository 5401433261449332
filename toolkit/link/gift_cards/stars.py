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
    from toolkit.contracts.gift_card_settings import GiftCardSettings
    from toolkit.link.gift_cards.events import Events
    from toolkit.link.gift_cards.expect import Hazard
    from toolkit.link.gift_cards.windows import Windows

_USED = -float(np.log10(0.05))


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
    """The stars among the tested cells, at most one an anchor, currency and stratum, by its most surprising cell.

    A seller's star is kept where it is more surprising than all stars of the seller's listings.

    Returns:
        star, anchor, listing (null for a seller's star), seller, currency, stratum, reviewers, surprise, q, others,
        and of the most surprising cell best_group, best_face (null: all faces together), best_k, best_expected.
    """
    same = ["anchor", "currency", "stratum"]
    good = scored.filter(pl.col("q") >= -np.log10(rate)).sort("surprise", "group", descending=[True, False])
    best = good.unique(same, keep="first", maintain_order=True)
    single = pl.col("anchor") < listings
    named = best.with_columns(
        listing=pl.when(single).then(pl.col("anchor")).cast(pl.UInt32),
        owner=pl.when(~single).then(pl.col("anchor") - listings).cast(pl.UInt32),
    ).join(sellers, on="listing", how="left", maintain_order="left")
    named = named.with_columns(seller=pl.coalesce("owner", "seller"))
    rival = pl.col("surprise").filter(pl.col("listing").is_not_null()).max().over("seller", "stratum")
    kept = named.filter(pl.col("listing").is_not_null() | (pl.col("surprise") > rival.fill_null(-1.0)))
    renamed = kept.rename({name: f"best_{name}" for name in ("group", "face", "k", "expected")})
    return renamed.drop("owner").sort(same).with_row_index("star")


def faces_of(
    picked: pl.DataFrame,
    found: pl.DataFrame,
    windows: Windows,
    events: Events,
    hazard: Hazard,
    settings: GiftCardSettings,
) -> pl.DataFrame:
    """The faces that each star pays in: star, anchor, group, face, face_k, face_expected.

    Beside the most surprising one those of which too many cards are there at the 5 % level, which needs no correction
    inside a star that has passed one. Where a star is one of all faces together, and these hold less than half of what
    is beyond chance, all faces are kept.
    """
    same = ["currency", "stratum"]
    faces = events.groups.filter(pl.col("face").is_not_null()).select("group", "face", *same)
    near = found.join(picked.select("anchor").unique(), on="anchor", how="semi")
    cells = counted(near, 1).join(faces.select("group"), on="group", how="semi").sort("anchor", "group")
    scored = expectations(cells, windows.after, hazard, settings).join(faces, on="group")
    rows = picked.select("star", "anchor", "best_group", "best_face", "best_k", "best_expected", *same)
    rows = rows.join(scored.select("anchor", *same, "group", "face", "k", "expected", "surprise"), on=["anchor", *same])
    used = (pl.col("surprise") >= _USED) | (pl.col("group") == pl.col("best_group"))
    excess = (pl.col("k") - pl.col("expected")).filter(used).sum().over("star")
    scattered = pl.col("best_face").is_null() & (excess < (pl.col("best_k") - pl.col("best_expected")) / 2)
    kept = rows.filter(used | scattered).sort("star", "group")
    return kept.select("star", "anchor", "group", "face", face_k="k", face_expected="expected")
