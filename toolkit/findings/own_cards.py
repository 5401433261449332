"""Gift cards that a shop's reviewers redeemed soon after their reviews, for the shop itself to see.

The rule behind it was reported by the trade press; no platform has confirmed it. A shop has no market to compare with;
the weeks before the reviews stand for what its customers redeem anyway, and cards of one purchaser, batch or instrument
are counted as they are. Cards that the data call platform credit are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.gift_card_settings import GiftCardSettings
from toolkit.findings.causes import Cause
from toolkit.findings.tails import binomial_tail

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_ISSUERS: Final = {
    "purchaser_id": "purchaser of gift cards that reviewers redeemed",
    "purchase_payment_id": "instrument that paid for gift cards that reviewers redeemed",
    "batch_id": "batch of gift cards that reviewers redeemed",
}
"""Column of the gift cards -> what it is in words."""
_DAY_US: Final = 86_400_000_000


@dataclass(frozen=True)
class OwnCards:
    """What a shop's reviewers redeemed.

    Attributes:
        reviews: review_id, reviewed_at of reviews that a card of a value that stands out followed.
        known: Reviews of the shop's listings.
        causes: Who bought the cards.
    """

    reviews: pl.DataFrame
    known: int
    causes: tuple[Cause, ...]


def own_cards(sales: Sales, seller_id: str, listings: pl.Series, settings: FindingSettings) -> OwnCards | None:
    """Cards redeemed after reviews of a shop's listings; None where nothing stands out or a table is missing.

    Args:
        sales: The tables.
        seller_id: The shop.
        listings: Ids of its listings.
        settings: Thresholds.
    """
    needs = ("reviews", "redemptions", "gift_cards")
    if not all(sales.has(table) for table in needs):
        return None
    reviews = sales.market.case.table("reviews").filter(pl.col("listing_id").is_in(listings.implode())).collect()
    near = _redeemed_near(sales, reviews)
    standing = _standing(near, settings)
    found = near.filter("after").join(standing, on=["listing_id", "face_value", "currency"], how="semi")
    if found["buyer_id"].n_unique() < settings.fewest_buyers:
        return None
    causes = _causes(sales, seller_id, near, found, settings)
    return OwnCards(
        found.select("review_id", "reviewed_at").unique("review_id").sort("review_id"), len(reviews), causes
    )


def _redeemed_near(sales: Sales, reviews: pl.DataFrame) -> pl.DataFrame:
    """Reviews with each card that the reviewer redeemed within the window after it (`after`) or before it."""
    case = sales.market.case
    columns = ["card_id", "face_value", "currency", *_ISSUERS]
    cards = case.table("gift_cards").filter(pl.col("source").cast(pl.String).fill_null("unknown") != "platform")
    redeemed = case.table("redemptions").select("card_id", "buyer_id", "redeemed_at")
    cards_of = redeemed.join(cards.select(columns), on="card_id").collect()
    window = GiftCardSettings().window_days * _DAY_US
    lag = (pl.col("redeemed_at") - pl.col("reviewed_at")).dt.total_microseconds()
    both = reviews.select("review_id", "buyer_id", "listing_id", "reviewed_at").join(cards_of, on="buyer_id")
    return both.filter((lag.abs() <= window) & (lag != 0)).with_columns(after=lag > 0).sort("review_id", "card_id")


def _standing(near: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """listing_id, face_value, currency: redeemed by more reviewers after than before, or bought by one hand."""
    keys = ["listing_id", "face_value", "currency"]
    buyers = pl.col("buyer_id")
    counts = near.group_by(keys).agg(
        post=buyers.filter("after").n_unique(), pre=buyers.filter(~pl.col("after")).n_unique()
    )
    p = binomial_tail(counts["post"], counts["post"] + counts["pre"], 0.5)
    enough = pl.col("post") >= settings.fewest_buyers
    beyond = counts.filter(enough & (pl.Series(p) < settings.q_value) & (pl.col("post") >= 2 * pl.col("pre")))
    hands = [
        near.filter("after")
        .drop_nulls(column)
        .group_by(*keys, column)
        .agg(post=buyers.n_unique())
        .filter(enough)
        .select(keys)
        for column in _ISSUERS
    ]
    return pl.concat([beyond.select(keys), *hands]).unique().sort(keys)


def _causes(
    sales: Sales, seller_id: str, near: pl.DataFrame, found: pl.DataFrame, settings: FindingSettings
) -> tuple[Cause, ...]:
    """Purchasers, instruments and batches behind the cards; a buyer or another shop is not named."""
    causes = []
    for column, kind in _ISSUERS.items():
        here = found.drop_nulls(column).group_by(column).agg(n=pl.col("card_id").n_unique()).sort(column)
        others = near.join(found.select("card_id"), on="card_id", how="anti").drop_nulls(column)
        away = others.group_by(column).agg(elsewhere=pl.col("card_id").n_unique())
        kept = here.filter(pl.col("n") >= settings.fewest_buyers).join(away, on=column, how="left")
        causes += [
            Cause(kind, _shown(sales, str(value), seller_id), int(n), int(elsewhere or 0))
            for value, n, elsewhere in kept.sort(column).iter_rows()
        ]
    return tuple(sorted(causes, key=lambda cause: (-cause.orders, cause.kind, cause.id)))


def _shown(sales: Sales, name: str, seller_id: str) -> str:
    if name == seller_id:
        return f"{name} (this shop)"
    if name in set(sales.market.ids("seller")):
        return "(another seller)"
    return "(a buyer account)" if name in set(sales.market.ids("buyer")) else name
