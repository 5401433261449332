"""Customers of a star who wrote no review: if they redeem such cards too, it is the purchase that brings the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.link.gift_cards.expect import expectations
from toolkit.link.gift_cards.stars import hits
from toolkit.link.gift_cards.windows import DAY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from toolkit.contracts.gift_card_settings import GiftCardSettings
    from toolkit.link.gift_cards.events import Events
    from toolkit.link.gift_cards.expect import Hazard
    from toolkit.link.gift_cards.windows import Windows
    from toolkit.market import Market

    Ints = NDArray[np.int64]


def silent(
    market: Market,
    household: Ints,
    stars: pl.DataFrame,
    faces: pl.DataFrame,
    found: pl.DataFrame,
    windows: Windows,
    events: Events,
    hazard: Hazard,
    settings: GiftCardSettings,
) -> pl.DataFrame:
    """star, bystanders, k_bystanders, expected_bystanders; null where there is nobody to look at.

    A bystander is a household that ordered at the star's listing (or seller) and reviewed nothing there; its window
    begins with its first order. Cards that a star explains are left out, as in the placebo.
    """
    orders = _windows(market, household, stars, windows, settings)
    told = found.join(faces, on=["anchor", "group"], how="semi").select("event").unique()
    seen = hits(orders, events).join(told, on="event", how="anti").join(faces, on=["anchor", "group"])
    counts = seen.group_by("star").agg(k_bystanders=pl.col("actor").n_unique().cast(pl.Int64))
    cells = faces.join(orders.select("anchor").unique(), on="anchor", how="semi")
    cells = cells.select("anchor", "group", k=pl.lit(0, dtype=pl.Int64)).unique().sort("anchor", "group")
    chance = expectations(cells, orders, hazard, settings).select("anchor", "group", "expected", "reviewers")
    sums = faces.join(chance, on=["anchor", "group"]).group_by("star")
    table = sums.agg(bystanders=pl.col("reviewers").max(), expected_bystanders=pl.col("expected").sum())
    table = table.join(counts, on="star", how="left").with_columns(pl.col("k_bystanders").fill_null(0)).sort("star")
    return stars.select("star").join(table, on="star", how="left", maintain_order="left")


def _windows(
    market: Market, household: Ints, stars: pl.DataFrame, windows: Windows, settings: GiftCardSettings
) -> pl.DataFrame:
    """Windows behind the first order of every household that reviewed nothing at the anchor."""
    empty = windows.after.select("anchor", "buyer", "actor", "start", "end").head(0)
    if not market.case.has_table("orders"):
        return empty
    orders = market.table("orders")
    columns = [name for name in ("listing", "seller") if name in orders.columns]
    parts = []
    for name in columns:
        code = pl.col(name).cast(pl.Int64) + (windows.listings if name == "seller" else 0)
        near = orders.select("buyer", anchor=code, start="ordered_at").drop_nulls()
        parts.append(near.join(stars.select("anchor").unique(), on="anchor", how="semi"))
    rows = pl.concat(parts)
    rows = rows.with_columns(actor=pl.Series(household[rows["buyer"].to_numpy()]))
    rows = rows.join(windows.after.select("anchor", "actor").unique(), on=["anchor", "actor"], how="anti")
    first = rows.sort("anchor", "buyer", "start").unique(["anchor", "buyer"], keep="first", maintain_order=True)
    return first.with_columns(end=pl.col("start") + settings.window_days * DAY).select(empty.columns)
