"""The time after each review in which a gift card would count, and the cards that fall into it.

An *anchor* is what a star may form around: a listing, or a seller with all its listings. Listing anchors carry the
listing's code; seller anchors follow, offset by the number of listings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.contracts.gift_card_settings import GiftCardSettings
    from toolkit.market import Market

    Ints = NDArray[np.int64]

DAY: Final = 86_400


@dataclass(frozen=True)
class Windows:
    """All windows of all anchors.

    Attributes:
        after: anchor, buyer, actor, start, end, review_row; the windows of one buyer at one anchor never overlap.
        before: The placebo: as much time before each buyer's first review there.
        listings: How many anchors are listings; greater codes are sellers.
    """

    after: pl.DataFrame
    before: pl.DataFrame
    listings: int


def after_reviews(market: Market, household: Ints, settings: GiftCardSettings) -> Windows:
    """Windows behind (and, as placebo, before) every review.

    Args:
        market: Where the reviews are.
        household: Number of each buyer's household: people who live together count once.
        settings: Says how long a window is.
    """
    width = settings.window_days * DAY
    reviews = market.table("reviews").select("buyer", "listing", at="reviewed_at", review_row="row")
    anchored = _anchored(reviews, market).sort("anchor", "buyer", "at", "review_row")
    actor = pl.Series("actor", household[anchored["buyer"].to_numpy()])
    same = (pl.col("anchor").shift(-1) == pl.col("anchor")) & (pl.col("buyer").shift(-1) == pl.col("buyer"))
    end = pl.col("at") + width
    end = pl.when(same).then(pl.min_horizontal(end, pl.col("at").shift(-1))).otherwise(end)
    after = anchored.with_columns(actor, start=pl.col("at"), end=end).drop("at")
    before = after.unique(["anchor", "buyer"], keep="first", maintain_order=True)
    before = before.with_columns(start=pl.col("start") - width, end=pl.col("start"))
    return Windows(after.filter(pl.col("end") > pl.col("start")), before, market.size("listing"))


def _anchored(reviews: pl.DataFrame, market: Market) -> pl.DataFrame:
    """Each review under its listing, and under its seller where that seller has several reviewed listings."""
    code = pl.col("listing").cast(pl.Int64)
    own = reviews.with_columns(anchor=code).drop("listing")
    sellers = seller_of(market)
    known = reviews.join(sellers.drop_nulls(), on="listing")
    many = known.filter(pl.col("listing").n_unique().over("seller") > 1)
    offset = market.size("listing")
    under = many.with_columns(anchor=pl.col("seller").cast(pl.Int64) + offset).drop("listing", "seller")
    return pl.concat([own, under.select(own.columns)])


def seller_of(market: Market) -> pl.DataFrame:
    """listing, seller: as catalogued, else as ordered (the smallest code where orders disagree)."""
    known = pl.DataFrame(schema={"listing": pl.UInt32, "seller": pl.UInt32})
    if market.has("listings", "seller_id"):
        known = market.table("listings").select("listing", "seller").drop_nulls()
    if known.height < market.size("listing") and market.has("orders", "seller_id"):
        sold = market.table("orders").select("listing", "seller").drop_nulls().join(known, on="listing", how="anti")
        known = pl.concat([known, sold.group_by("listing").agg(pl.col("seller").min())])
    return known


def matches(windows: pl.DataFrame, events: pl.DataFrame, *, closed: str = "right") -> pl.DataFrame:
    """The events that fall into windows of their own buyer: the window's columns, and `event`, `at`.

    Args:
        windows: buyer, start, end, and more.
        events: event, buyer, at, sorted by buyer and time.
        closed: Which end of a window belongs to it, `right` or `left`.
    """
    from_, to = spans(
        events["buyer"].to_numpy(), events["at"].to_numpy(), windows["buyer"].to_numpy(),
        windows["start"].to_numpy(), windows["end"].to_numpy(), side="right" if closed == "right" else "left",
    )  # fmt: skip
    count = to - from_
    window = np.repeat(np.arange(count.size), count)
    offset = np.arange(window.size) - np.repeat(np.cumsum(count) - count, count)
    event = events[np.repeat(from_, count) + offset]
    return windows[window].with_columns(event["event"], event["at"])


def spans(
    keys: NDArray[np.integer], times: Ints, key: NDArray[np.integer], start: Ints, end: Ints, *, side: str = "right"
) -> tuple[Ints, Ints]:
    """Places [from, to) in a table sorted by (keys, times) of what has that key and lies between two times."""
    if times.size == 0:
        return np.zeros(key.size, np.int64), np.zeros(key.size, np.int64)
    low = int(times.min())
    width = int(times.max()) - low + 3
    place = keys.astype(np.int64) * width + (times - low + 1)
    first = key.astype(np.int64) * width + np.clip(start - low + 1, 0, width - 1)
    last = key.astype(np.int64) * width + np.clip(end - low + 1, 0, width - 1)
    where: Literal["left", "right"] = "right" if side == "right" else "left"
    return np.searchsorted(place, first, side=where), np.searchsorted(place, last, side=where)
