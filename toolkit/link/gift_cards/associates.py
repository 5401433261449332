"""Reviewers in the time of a star of whom no card is seen: how many of them can't be ordinary, and which ones.

Claims: that many reviews beside the paid ones are more than so many orders bring. Catches: members paid off the
platform. Misses: whom exactly, where ratings are all alike; then all get the same posterior.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.gift_cards import STAR_ASSOCIATES
from toolkit.link.gift_cards.windows import DAY

if TYPE_CHECKING:
    from toolkit.market import Market

_DELAY = 10 * DAY  # orders of the days before bring the first reviews


def around(market: Market, detail: pl.DataFrame, cards: pl.DataFrame) -> pl.DataFrame:
    """Reviewers of each listing's star, between its members' first and last review, without a card (STAR_ASSOCIATES).

    Of n such reviewers b are ordinary: as many as the listing's other orders of that time bring at the market's rate of
    reviews per order, b = r (orders - members - n) / (1 - r). The posterior is that of the two-part mixture, with the
    ratings' law in the whole market for the ordinary part and that of the star's members for the other.

    Args:
        market: Reviews and orders.
        detail: star, listing.
        cards: star, buyer, start, member.
    """
    blank = STAR_ASSOCIATES.to_frame()
    if not market.case.has_table("orders"):
        return blank
    members = cards.filter("member")
    time = members.group_by("star").agg(k=pl.len(), low=pl.col("start").min(), high=pl.col("start").max())
    stars = detail.filter(pl.col("listing").is_not_null()).select("star", "listing").join(time, on="star")
    reviews = _rated(market)
    near = stars.join(reviews, on="listing").filter(pl.col("reviewed_at").is_between("low", "high"))
    ordered = near.sort("star", "buyer", "reviewed_at", "review_row")
    first = ordered.unique(["star", "buyer"], keep="first", maintain_order=True)
    others = first.join(cards.select("star", "buyer"), on=["star", "buyer"], how="anti")
    share = _beyond(market, stars, others, reviews.height)
    ratio = _ratings(reviews, first.join(members.select("star", "buyer"), on=["star", "buyer"], how="semi"))
    told = others.join(share, on="star").join(ratio, on=["star", "rating"], how="left", nulls_equal=True)
    odds = pl.col("beyond") / (1.0 - pl.col("beyond")) * pl.col("ratio").fill_null(1.0)
    told = told.with_columns(posterior=odds / (1.0 + odds))
    return told.select(STAR_ASSOCIATES.names()).cast(STAR_ASSOCIATES).sort("star", "buyer")


def _rated(market: Market) -> pl.DataFrame:
    """listing, buyer, reviewed_at, review_row, rating in whole stars."""
    reviews = market.table("reviews")
    rating = pl.col("rating").round() if "rating" in reviews.columns else pl.lit(None, dtype=pl.Float64)
    return reviews.select("listing", "buyer", "reviewed_at", rating=rating, review_row="row")


def _beyond(market: Market, stars: pl.DataFrame, others: pl.DataFrame, reviews: int) -> pl.DataFrame:
    """star, beyond: share of the reviewers without a card that orders do not account for."""
    orders = market.table("orders").select("listing", "ordered_at")
    rate = min(reviews / max(orders.height, 1), 0.95)
    near = orders.join(stars.select("listing").unique(), on="listing", how="semi")
    placed = stars.join(near, on="listing").filter(
        pl.col("ordered_at").is_between(pl.col("low") - _DELAY, pl.col("high"))
    )
    counts = placed.group_by("star").agg(orders=pl.len())
    table = others.group_by("star").agg(n=pl.len(), k=pl.col("k").first()).join(counts, on="star", how="left")
    left = (pl.col("orders").fill_null(0).cast(pl.Int64) - pl.col("k") - pl.col("n")).clip(0)
    ordinary = rate * left / (1.0 - rate)
    return table.select("star", beyond=(1.0 - ordinary / pl.col("n")).clip(0.0, 0.95))


def _ratings(reviews: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """star, rating, ratio: how much commoner a rating is among the star's members than in the market.

    The members' law is shrunk by two reviews towards the market's.
    """
    market = reviews.group_by("rating").agg(usual=pl.len() / reviews.height)
    seen = members.group_by("star", "rating").agg(n=pl.len())
    size = members.group_by("star").agg(size=pl.len())
    grid = size.join(market, how="cross").join(seen, on=["star", "rating"], how="left", nulls_equal=True)
    law = (pl.col("n").fill_null(0) + 2 * pl.col("usual")) / (pl.col("size") + 2)
    return grid.select("star", "rating", ratio=law / pl.col("usual"))
