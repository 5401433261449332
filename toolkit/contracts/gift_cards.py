"""What the gift-card view hands to scoring: every number behind each star, and every card in it.

Everything is coded (`toolkit.market`). Amounts are whole thousandths of the currency's major unit. Probabilities
are kept as -log10 p.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import polars as pl

UNITS: Final = 1_000
"""Parts that an amount's major unit is counted in: no currency of ISO 4217 has more, and 10^15 still fits 64 bits."""

_Fields: TypeAlias = dict[str, pl.DataType | type[pl.DataType]]

_DETAIL: Final[_Fields] = {
    "star": pl.UInt32,
    "listing": pl.UInt32,  # null: all listings of the seller together
    "seller": pl.UInt32,  # null where the data name none
    "currency": pl.UInt32,
    "stratum": pl.String,  # open (sold to anybody) or employer
    "faces": pl.List(pl.Int64),  # face values that the star pays in
    "face": pl.Int64,  # the face value where there is one only
    "reviewers": pl.UInt32,  # households with a review there
    "k": pl.Int64,  # of these, households with such a card within the window
    "expected": pl.Float64,  # cards by chance, the reviewers themselves left out of the base rate
    "best_face": pl.Int64,  # the count that was tested: one face, or (null) all faces together
    "best_k": pl.Int64,
    "best_expected": pl.Float64,
    "surprise": pl.Float64,  # of the tested count
    "q_surprise": pl.Float64,
    "k_pre": pl.Int64,  # the same count before the reviews
    "expected_pre": pl.Float64,
    "placebo_surprise": pl.Float64,  # of k given k + k_pre
    "bystanders": pl.UInt32,  # households that ordered there and reviewed nothing; null where there are none
    "k_bystanders": pl.Int64,  # of these, households with such a card after their order
    "expected_bystanders": pl.Float64,
    "issuer_kind": pl.String,  # purchaser, batch or purchase_payment; null where no card names one
    "issuer": pl.UInt32,
    "issuer_x": pl.Int64,  # cards of the star from that issuer
    "issuer_cards": pl.Int64,  # cards of that issuer among the base
    "issuer_base": pl.Int64,  # all cards of that face (or currency)
    "issuer_surprise": pl.Float64,
    "issuer_buyers": pl.UInt32,  # buyers who redeemed that issuer's cards, of any amount
    "issuer_starred": pl.UInt32,  # of these, buyers in any star
    "issuer_days": pl.Float64,  # days that the middle half of its cards were redeemed in
    "lag_q1": pl.Float64,  # days
    "lag_median": pl.Float64,
    "lag_q3": pl.Float64,
    "lag_surprise": pl.Float64,
    "own_left_out": pl.Int64,  # redemptions of cards that somebody of the same household bought
    "review_days": pl.Float64,  # days that the middle half of the reviews were written in
    "redeem_days": pl.Float64,  # the same of the redemptions
    "season": pl.Float64,  # cards a day in the windows, over those in the whole time
    "n_retail": pl.UInt32,
    "n_employer": pl.UInt32,
    "n_seller": pl.UInt32,
    "n_unknown": pl.UInt32,
    "platform_left_out": pl.Int64,  # redemptions of platform credit in the same windows
    "set_aside": pl.String,  # why the star is no finding: employer, before, purchase; else null
    "first_at": pl.Int64,
    "last_at": pl.Int64,
}
STAR_DETAIL: Final = pl.Schema(_DETAIL)
"""One row a star."""

STAR_CARDS: Final = pl.Schema(
    {
        "star": pl.UInt32,
        "buyer": pl.UInt32,
        "card": pl.UInt32,
        "face": pl.Int64,
        "amount": pl.Int64,  # as redeemed; the face value where the data say nothing else
        "currency": pl.UInt32,
        "source": pl.String,
        "purchaser": pl.UInt32,
        "batch": pl.UInt32,
        "purchase_payment": pl.UInt32,
        "reviewed_at": pl.Int64,
        "redeemed_at": pl.Int64,
        "lag": pl.Float64,  # days
        "posterior": pl.Float64,  # probability that the card is beyond chance
        "member": pl.Boolean,
        "review_row": pl.UInt32,  # places in the clean tables
        "redemption_row": pl.UInt32,
        "card_row": pl.UInt32,
    }
)
"""One row a star and household with such a card: the first one after its review."""

STAR_ASSOCIATES: Final = pl.Schema(
    {
        "star": pl.UInt32,
        "buyer": pl.UInt32,
        "review_row": pl.UInt32,
        "posterior": pl.Float64,  # probability that the review is beyond those that orders bring
    }
)
"""One row a listing's star and reviewer in its time of whom no card is seen."""


@dataclass(frozen=True)
class GiftCardView:
    """What the gift cards say.

    Attributes:
        stars: Schema `contracts.links.STARS`, without those that are set aside.
        star_members: Schema `contracts.links.STAR_MEMBERS`: each member's review and redemption.
        detail: Schema STAR_DETAIL, with those that are set aside.
        detail_members: Schema STAR_CARDS.
        associates: Schema STAR_ASSOCIATES: who may have been paid unseen; never members by this alone.
        family: Tests that q-values are corrected for.
        window_days: Days after a review in which a card counts.
        households: Whether people who live together were counted once.
        off: Why the view is empty, or nothing.
    """

    stars: pl.DataFrame
    star_members: pl.DataFrame
    detail: pl.DataFrame
    detail_members: pl.DataFrame
    associates: pl.DataFrame
    family: int
    window_days: int
    households: bool = False
    off: str = ""
