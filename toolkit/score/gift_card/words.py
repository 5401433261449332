"""The sentences about a gift-card star, from its numbers (one row of `contracts.gift_cards.STAR_DETAIL`, read back)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from toolkit.contracts.currency import exact, spoken
from toolkit.contracts.gift_cards import UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    Star = Mapping[str, Any]

_ISSUERS: Final = {"purchaser": "purchaser", "batch": "batch", "purchase_payment": "payment instrument"}


def amounts(star: Star) -> str:
    """What the cards are worth: `15.00 USD or 25.00 USD`."""
    return " or ".join(_amount(face, star) for face in star["faces"])


def count(star: Star) -> str:
    """The count, what chance would give, and the q-value of the count that was tested."""
    where = f"listing {star['listing_id']}" if star["listing_id"] else f"seller {star['seller_id']}'s listings"
    told = (
        f"{star['k']} of {star['reviewers']} reviewers of {where} redeemed a card of {amounts(star)} within "
        f"{star['window_days']} d of reviewing; {number(star['expected'])} expected"
    )
    if star["best_face"] is None and star["face"] is None:
        return f"{told} (for all amounts together {_tested(star)})"
    if star["face"] is None or star["best_k"] != star["k"]:
        what = "all amounts together" if star["best_face"] is None else f"{_amount(star['best_face'], star)} alone"
        return f"{told} (for {what} {_tested(star)})"
    return f"{told} (q={number(star['q_value'])})"


def before(star: Star) -> str:
    """The same count before the reviews."""
    return (
        f"in the {star['window_days']} d before their review {star['k_pre']} of them did so; "
        f"{number(star['expected_pre'])} expected"
    )


def issuer(star: Star) -> str:
    """How many of the cards come from one hand."""
    return (
        f"{star['issuer_x']} of {star['k']} cards share {_hand(star)}, which "
        f"issued {star['issuer_cards']} of {star['issuer_base']} such cards; {number(star['issuer_expected'])} expected"
    )


def lags(star: Star) -> str:
    """How soon the cards came."""
    return (
        f"half of the cards were redeemed between {star['lag_q1']:.1f} and {star['lag_q3']:.1f} d after the review "
        f"(median {star['lag_median']:.1f} d; without a link they would spread evenly over {star['window_days']} d)"
    )


def whole(star: Star) -> str:
    """The finding in one sentence."""
    parts = [count(star)]
    if star["issuer_shared"]:
        parts.append(f"{star['issuer_x']} of {star['k']} cards share {_hand(star)}")
    parts.append(f"in the {star['window_days']} d before the review: {star['k_pre']}")
    return "; ".join(parts)


def number(value: float) -> str:
    """A number with the two or three digits that a reader needs."""
    return f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}"


def _tested(star: Star) -> str:
    return f"{star['best_k']}, {number(star['best_expected'])} expected, q={number(star['q_value'])}"


def _amount(face: int, star: Star) -> str:
    return spoken(exact(face / UNITS, star["currency_id"]), star["currency_id"])


def _hand(star: Star) -> str:
    """Who issued the cards, as far as the data name it; a seller that bought them itself is told."""
    itself = ", the seller itself" if star["issuer_id"] == star["seller_id"] else ""
    return f"{_ISSUERS[star['issuer_kind']]} {star['issuer_id']}{itself}"
