"""Gift cards after reviews, from tables to stars (F1, with F1b, F1c and F1d beside it).

Claims: more reviewers of one listing (or seller) redeem a gift card of one amount soon after their review than people
of their habits do at that season. Catches: cashback for reviews by people who otherwise have nothing in common. Misses:
payment off the platform; fewer than `least` paid reviewers; cards that the data call platform credit. Cost: sorting,
plus the windows of those listings that have at least `least` such reviewers.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.contracts.currency import exact, spoken
from toolkit.contracts.gift_card_settings import GiftCardSettings
from toolkit.contracts.gift_cards import STAR_ASSOCIATES, STAR_CARDS, STAR_DETAIL, UNITS, GiftCardView
from toolkit.contracts.links import STAR_MEMBERS, STARS
from toolkit.link.gift_cards import associates, bystanders, checks, members, propensity, stars
from toolkit.link.gift_cards.events import ISSUERS, OWN, PLATFORM, by_group, read
from toolkit.link.gift_cards.expect import Hazard
from toolkit.link.gift_cards.windows import DAY, after_reviews, matches, seller_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.link.gift_cards.events import Events
    from toolkit.link.gift_cards.windows import Windows
    from toolkit.market import Market

VIEW = "gift_card"


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
        return _nothing(settings, off=f"needs {', '.join(missing)}")
    homes = np.arange(market.size("buyer")) if household is None else np.asarray(household, dtype=np.int64)
    events, windows = read(market, homes), after_reviews(market, homes, settings)
    inclined = propensity.learn(market, events.rows, settings)
    hazard = Hazard(by_group(events.rows), events.groups, inclined)
    found = stars.hits(windows.after, events)
    scored = stars.tested(stars.counted(found, settings.least), windows, events, hazard, settings)
    family = stars.family_size(windows, events, settings)
    picked = stars.chosen(scored, seller_of(market), windows.listings, settings.false_discovery)
    if picked.is_empty():
        return _nothing(settings, family)
    faces = stars.faces_of(picked, found, windows, events, hazard, settings)
    cards = _cards(faces, found, events)
    picked = _joined(picked, faces, cards, events)
    detail, cards = _described(picked, faces, found, cards, windows, events, hazard, settings)
    quiet = bystanders.silent(market, homes, picked, faces, found, windows, events, hazard, settings)
    detail = detail.join(quiet, on="star", how="left", maintain_order="left")
    reach = checks.reach(events, cards)
    detail = detail.join(reach, on=["issuer_kind", "issuer"], how="left", maintain_order="left")
    detail = detail.with_columns(set_aside=checks.set_aside())
    view = _view(market, detail, cards, family, settings)
    return dataclasses.replace(view, households=household is not None)


def _nothing(settings: GiftCardSettings, family: int = 0, off: str = "") -> GiftCardView:
    return GiftCardView(
        stars=STARS.to_frame(),
        star_members=STAR_MEMBERS.to_frame(),
        detail=STAR_DETAIL.to_frame(),
        detail_members=STAR_CARDS.to_frame(),
        associates=STAR_ASSOCIATES.to_frame(),
        family=family,
        window_days=settings.window_days,
        off=off,
    )


def _cards(faces: pl.DataFrame, found: pl.DataFrame, events: Events) -> pl.DataFrame:
    """One row a star and household: the first card after the review."""
    rows = found.join(faces.select("star", "anchor", "group"), on=["anchor", "group"]).drop("group", "at")
    columns = ["event", "at", "card", "face", "currency", "source", "group", "amount", "row", "card_row", *ISSUERS]
    rows = rows.join(events.rows.select(columns), on="event")
    return rows.sort("star", "at", "event").unique(["star", "actor"], keep="first", maintain_order=True)


def _joined(picked: pl.DataFrame, faces: pl.DataFrame, cards: pl.DataFrame, events: Events) -> pl.DataFrame:
    """The stars with what their faces hold together: k, expected, faces, and group and face where there is one only."""
    pools = events.groups.filter(pl.col("face").is_null()).select("currency", "stratum", pool="group")
    sums = faces.group_by("star").agg(
        expected=pl.col("face_expected").sum(), faces=pl.col("face").sort(), only=pl.col("group").first(), n=pl.len()
    )
    counts = cards.group_by("star").agg(k=pl.len().cast(pl.Int64))
    rows = picked.join(sums, on="star").join(counts, on="star").join(pools, on=["currency", "stratum"]).sort("star")
    one = pl.col("n") == 1
    group = pl.when(one).then("only").otherwise("pool")
    return rows.with_columns(group=group, face=pl.when(one).then(pl.col("faces").list.first())).drop(
        "only", "n", "pool"
    )


def _described(
    picked: pl.DataFrame,
    faces: pl.DataFrame,
    found: pl.DataFrame,
    cards: pl.DataFrame,
    windows: Windows,
    events: Events,
    hazard: Hazard,
    settings: GiftCardSettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every check of every star, and the cards with their posterior."""
    before = checks.placebo(picked, faces, found, windows, events, hazard, settings)
    issuer = checks.issuers(picked, cards, events)
    lag, place = checks.lags(picked, cards, hazard, events)
    detail = picked.join(before, on="star").join(issuer, on="star").join(lag, on="star")
    detail = detail.join(_sources(cards), on="star").join(_left_out(picked, windows, events), on="star", how="left")
    detail = detail.with_columns(pl.col("platform_left_out", "own_left_out").fill_null(0)).sort("star")
    cards = cards.with_columns(place)
    chance = members.posterior(detail, faces, cards)
    return detail, cards.with_columns(chance, member=chance >= settings.member)


def _sources(cards: pl.DataFrame) -> pl.DataFrame:
    """Cards by kind of source, and the time they span."""
    source = pl.col("source")
    return cards.group_by("star").agg(
        *((source == kind).sum().alias(f"n_{kind}") for kind in ("retail", "employer", "seller", "unknown")),
        first_at=pl.col("start").min(),
        last_at=pl.col("at").max(),
    )


def _left_out(picked: pl.DataFrame, windows: Windows, events: Events) -> pl.DataFrame:
    """Redemptions in the same windows that were not counted: platform credit, and cards of one's own household."""
    near = windows.after.join(picked.select("anchor").unique(), on="anchor", how="semi", maintain_order="left")
    rows = events.left_out.sort("buyer", "at", "card").with_row_index("event")
    seen = matches(near, rows).join(rows.select("event", "stratum"), on="event").unique(["anchor", "event"])
    stratum = pl.col("stratum")
    counts = seen.group_by("anchor").agg(
        platform_left_out=(stratum == PLATFORM).sum().cast(pl.Int64), own_left_out=(stratum == OWN).sum().cast(pl.Int64)
    )
    return picked.select("star", "anchor").join(counts, on="anchor", how="left").drop("anchor")


def _view(
    market: Market, detail: pl.DataFrame, cards: pl.DataFrame, family: int, settings: GiftCardSettings
) -> GiftCardView:
    codes = market.ids("currency").to_list()
    amounts = [_amounts(faces, codes[code]) for faces, code in detail.select("faces", "currency").iter_rows()]
    table = detail.with_columns(
        view=pl.lit(VIEW),
        family=pl.lit("gift_card"),
        attribute_kind=pl.lit("face_value"),
        attribute=pl.Series(amounts),
        observed=pl.col("k"),
        q_value=10.0 ** -pl.col("q"),
    )
    table = table.filter(pl.col("set_aside").is_null())
    kept = cards.filter("member").join(table.select("star"), on="star", how="semi")
    rows = pl.concat(
        kept.select("star", "buyer", pl.col(at).alias("at"), pl.lit(name).alias("table"), pl.col(row).alias("row"))
        for name, at, row in (("redemptions", "at", "row"), ("reviews", "start", "review_row"))
    )
    return GiftCardView(
        stars=table.select(STARS.names()).cast(STARS),
        star_members=rows.cast(STAR_MEMBERS).sort("star", "buyer", "table"),
        detail=detail.rename({"q": "q_surprise"}).select(STAR_DETAIL.names()).cast(STAR_DETAIL),
        detail_members=_star_cards(cards),
        associates=associates.around(market, detail, cards),
        family=family,
        window_days=settings.window_days,
    )


def _star_cards(cards: pl.DataFrame) -> pl.DataFrame:
    paid = (pl.col("amount") * UNITS).round().cast(pl.Int64)
    rows = cards.with_columns(
        reviewed_at="start",
        redeemed_at="at",
        redemption_row="row",
        lag=(pl.col("at") - pl.col("start")) / DAY,
        amount=paid.fill_null(pl.col("face")),
    )
    return rows.select(STAR_CARDS.names()).cast(STAR_CARDS).sort("star", "buyer")


def _amounts(faces: list[int], currency: str) -> str:
    """Face values as people write them: `15.00 USD`, or `15.00 USD or 25.00 USD`."""
    return " or ".join(spoken(exact(face / UNITS, currency), currency) for face in faces)
