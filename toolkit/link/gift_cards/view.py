"""Gift cards after reviews, from tables to stars (F1, with F1b, F1c and F1d beside it).

Claims: more reviewers of one listing (or seller) redeem a gift card of one amount soon after their review than people
of their habits do at that season. Catches: cashback for reviews by people who otherwise have nothing in common. Misses:
payment off the platform; fewer than `least` paid reviewers; cards that the data call platform credit. Cost: sorting,
plus the windows of those listings that have at least `least` such reviewers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.contracts.links import STAR_MEMBERS, STARS
from toolkit.link.gift_cards import checks, members, propensity, stars
from toolkit.link.gift_cards.events import ISSUERS, UNITS, by_group, read
from toolkit.link.gift_cards.expect import Hazard
from toolkit.link.gift_cards.settings import GiftCardSettings
from toolkit.link.gift_cards.windows import after_reviews, matches, seller_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.link.gift_cards.events import Events
    from toolkit.link.gift_cards.windows import Windows
    from toolkit.market import Market

VIEW = "gift_card"


@dataclass(frozen=True)
class GiftCardView:
    """What the gift cards say.

    Attributes:
        stars: Schema STARS.
        star_members: Schema STAR_MEMBERS: for each member its review and its redemption.
        detail: One row a star, with every number that a reader may ask for.
        detail_members: One row a star and reviewer with such a card: star, buyer, review_row, redemption_row,
            card_row, lag (days), face, source, amount (ten-thousandths), posterior, member.
        family: Tests that q-values are corrected for (all sources but employers).
        off: Why the view is empty, or nothing.
    """

    stars: pl.DataFrame
    star_members: pl.DataFrame
    detail: pl.DataFrame
    detail_members: pl.DataFrame
    family: int
    off: str = ""


def find(
    market: Market, settings: GiftCardSettings | None = None, household: NDArray[np.integer] | None = None
) -> GiftCardView:
    """Stars of gift cards after reviews.

    Args:
        market: The coded tables.
        settings: Thresholds.
        household: Number of each buyer's household, by buyer code; each buyer alone where not given.
    """
    settings = settings or GiftCardSettings()
    needed = {"reviews": ("reviewed_at",), "gift_cards": ("face_value",), "redemptions": ("redeemed_at",)}
    missing = [table for table, columns in needed.items() if not market.has(table, *columns)]
    if missing:
        return _nothing(f"needs {', '.join(missing)}")
    homes = np.arange(market.size("buyer")) if household is None else np.asarray(household, dtype=np.int64)
    events, windows = read(market), after_reviews(market, homes, settings)
    inclined = propensity.learn(market, events.rows, settings)
    hazard = Hazard(by_group(events.rows), events.groups, inclined)
    found = stars.hits(windows.after, events)
    scored = stars.tested(stars.counted(found, settings.least), windows, events, hazard, settings)
    family = stars.family_size(windows, events, settings)
    picked = stars.chosen(scored, seller_of(market), windows.listings, settings.false_discovery)
    if picked.is_empty():
        return _nothing("", family)
    cards = _cards(picked, found, events)
    detail, cards = _described(picked, cards, windows, events, hazard, settings)
    return _view(market, detail, cards, family)


def _nothing(off: str, family: int = 0) -> GiftCardView:
    blank = pl.DataFrame()
    return GiftCardView(STARS.to_frame(), STAR_MEMBERS.to_frame(), blank, blank, family, off)


def _cards(picked: pl.DataFrame, found: pl.DataFrame, events: Events) -> pl.DataFrame:
    """One row a star and household: the first card after the review."""
    cells = picked.select("star", "anchor", "group")
    rows = found.join(cells, on=["anchor", "group"]).drop("group", "at")
    columns = ["event", "at", "card", "face", "currency", "source", "group", "amount", "row", "card_row", *ISSUERS]
    rows = rows.join(events.rows.select(columns), on="event")
    return rows.sort("star", "at", "event").unique(["star", "actor"], keep="first", maintain_order=True)


def _described(
    picked: pl.DataFrame,
    cards: pl.DataFrame,
    windows: Windows,
    events: Events,
    hazard: Hazard,
    settings: GiftCardSettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every check of every star, and the cards with their posterior."""
    before = checks.placebo(picked, cards, windows, events, hazard, settings)
    issuer = checks.issuers(picked, cards, events)
    lag, place = checks.lags(picked, cards, hazard, events)
    detail = picked.join(before, on="star").join(issuer, on="star").join(lag, on="star")
    detail = detail.join(_sources(cards), on="star").join(_left_out(picked, windows, events), on="star", how="left")
    detail = detail.with_columns(pl.col("platform_left_out").fill_null(0)).sort("star")
    cards = cards.with_columns(place)
    chance = members.posterior(detail, cards, events.groups)
    return detail, cards.with_columns(chance, member=chance >= settings.member)


def _sources(cards: pl.DataFrame) -> pl.DataFrame:
    """Cards by kind of source, and the time they span."""
    source = pl.col("source")
    return cards.group_by("star").agg(
        *((source == kind).sum().alias(f"n_{kind}") for kind in ("retail", "employer", "seller", "unknown")),
        known_sources=(source != "unknown").all(),
        first_at=pl.col("start").min(),
        last_at=pl.col("at").max(),
    )


def _left_out(picked: pl.DataFrame, windows: Windows, events: Events) -> pl.DataFrame:
    """Redemptions of platform credit in the same windows, which were not counted."""
    near = windows.after.join(picked.select("anchor").unique(), on="anchor", how="semi", maintain_order="left")
    credit = events.platform.sort("buyer", "at", "card").with_row_index("event")
    seen = matches(near, credit).group_by("anchor").agg(platform_left_out=pl.col("event").n_unique().cast(pl.Int64))
    return picked.select("star", "anchor").join(seen, on="anchor", how="left").drop("anchor")


def _view(market: Market, detail: pl.DataFrame, cards: pl.DataFrame, family: int) -> GiftCardView:
    codes = market.ids("currency").to_list()
    faces = [_amount(face, codes[currency]) for face, currency in detail.select("face", "currency").iter_rows()]
    table = detail.with_columns(
        view=pl.lit(VIEW),
        family=pl.lit("gift_card"),
        attribute_kind=pl.lit("face_value"),
        attribute=pl.Series(faces),
        observed=pl.col("k").cast(pl.Float64),
        q_value=10.0 ** -pl.col("q"),
    )
    kept = cards.filter("member")
    rows = pl.concat(
        kept.select("star", "buyer", pl.col(at).alias("at"), pl.lit(name).alias("table"), pl.col(row).alias("row"))
        for name, at, row in (("redemptions", "at", "row"), ("reviews", "start", "review_row"))
    )
    return GiftCardView(
        stars=table.select(STARS.names()).cast(STARS),
        star_members=rows.cast(STAR_MEMBERS).sort("star", "buyer", "table"),
        detail=detail.with_columns(q_value=10.0 ** -pl.col("q")),
        detail_members=_member_rows(cards),
        family=family,
    )


def _member_rows(cards: pl.DataFrame) -> pl.DataFrame:
    paid = (pl.col("amount") * UNITS).round().cast(pl.Int64)
    return cards.select(
        "star", "buyer", "review_row", "card_row", "card", "face", "currency", "source", "posterior", "member",
        *ISSUERS, reviewed_at="start", redeemed_at="at", redemption_row="row",
        lag=(pl.col("at") - pl.col("start")) / 86_400, amount=paid.fill_null(pl.col("face")),
    ).sort("star", "buyer")  # fmt: skip


def _amount(face: int | None, currency: str) -> str:
    """A face value as people write it, with as many decimals as it needs and at least the usual two."""
    if face is None:
        return f"any amount in {currency}"
    whole, part = divmod(face, UNITS)
    if not part:
        return f"{whole} {currency}"
    return f"{whole}.{f'{part:04d}'.rstrip('0'):0<2} {currency}"
