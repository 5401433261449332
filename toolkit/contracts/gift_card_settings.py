"""Thresholds of the gift-card view, each with its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GiftCardSettings:
    """How gift cards are looked at.

    Attributes:
        window_days: A card counts when it is redeemed within this many days after the review; sellers send cards in
            days to weeks, and a wider window only adds cards that people buy for themselves.
        least: Reviewers with such a card, at least; two are no pattern.
        false_discovery: Benjamini-Hochberg rate for stars; strict, because a star is quoted to a person.
        shrink: Orders added to each buyer's own count before activity is turned into a propensity.
        stratum: Buyers of prior weight behind that propensity when the habits of a stratum are measured.
        member: Posterior that a card is beyond chance which makes its buyer a member.
        rows: Rows that are expanded at once when expectations are summed; bounds memory.
    """

    window_days: int = 45
    least: int = 3
    false_discovery: float = 0.01
    shrink: float = 2.0
    stratum: float = 20.0
    member: float = 0.5
    rows: int = 1_000_000
