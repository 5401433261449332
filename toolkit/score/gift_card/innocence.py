"""Innocent explanations of a gift-card star: each with its result, and those that the data could not test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.contracts.wording import counted
from toolkit.score.gift_card.words import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    Star = Mapping[str, Any]
    Told = tuple[str, str]

_SURE = 1.3  # -log10 of 5 %


def of_star(star: Star) -> dict[str, tuple[str, str]]:
    """Explanation -> (result, sentence)."""
    return {
        "platform credit": _platform(star),
        "season": _season(star),
        "employer batch": _employer(star),
        "one gift day": _gift_day(star),
        "reward for the purchase": _purchase(star),
        "household": _household(star),
        "own purchase": _own(star),
        "viral listing": _viral(star),
        "habit (placebo window)": _habit(star),
    }


def _platform(star: Star) -> Told:
    known, unknown = star["k"] - star["n_unknown"], star["n_unknown"]
    credit = star["platform_left_out"]
    left = f"{counted(credit, 'redemption')} of platform credit in the same windows {_were(credit)} left out"
    if 2 * unknown > star["k"]:
        return "possible", f"{left}, but {unknown} of the {star['k']} cards are of unknown source"
    return "excluded", f"{left}; {known} of the {star['k']} cards are known not to come from the platform"


def _season(star: Star) -> Told:
    return "excluded", (
        f"cards of this currency were redeemed {number(star['season'])} times as often in these windows as over the "
        "whole time; the expected count has that in it"
    )


def _employer(star: Star) -> Told:
    if star["set_aside"] == "employer":
        if star["stratum"] == "employer":
            return "possible", "the cards are an employer's"
        return "possible", (
            f"{star['issuer_x']} of the {star['k']} cards come from one issuer, whose cards {star['issuer_buyers']} "
            f"buyers redeemed within few days (half of them in {star['issuer_days']:.1f} d); only "
            f"{star['issuer_starred']} of these reviewed what this is about"
        )
    if star["issuer_kind"] is None:
        return "not_tested", "employers' cards were left out, but no card names who issued it"
    return "excluded", (
        f"employers' cards were left out; of the {star['issuer_buyers']} buyers with a card of the commonest issuer "
        f"{star['issuer_starred']} redeemed one after such a review"
    )


def _gift_day(star: Star) -> Told:
    days = (
        f"half of the cards were redeemed in {star['redeem_days']:.1f} d, "
        f"half of the reviews written in {star['review_days']:.1f} d"
    )
    if star["review_days"] > 4 and 3 * star["redeem_days"] < star["review_days"]:
        return "possible", f"{days}: the cards may follow a date and not the reviews"
    return "excluded", days


def _purchase(star: Star) -> Told:
    if not star["bystanders"]:
        return "not_tested", "no customers without a review are known"
    told = (
        f"of {star['bystanders']} customers without a review {star['k_bystanders']} redeemed such a card "
        f"({number(star['expected_bystanders'])} expected)"
    )
    return ("possible" if star["set_aside"] == "purchase" else "excluded"), told


def _household(star: Star) -> Told:
    if not star["households"]:
        return "not_tested", "the data do not say who lives together"
    return "excluded", f"the {star['k']} buyers live in as many households; each household counts once"


def _own(star: Star) -> Told:
    if star["issuer_kind"] is None:
        return "not_tested", "no card names who bought it"
    own = star["own_left_out"]
    bought = "in the same windows that the buyer or its household had bought"
    return "excluded", f"{counted(own, 'card')} {bought} {_were(own)} left out"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _viral(star: Star) -> Told:
    return "excluded", (
        f"all {star['reviewers']} reviewers are in the expected count of {number(star['expected'])}, so many reviews "
        "alone do not raise the count above chance"
    )


def _habit(star: Star) -> Told:
    told = (
        f"{counted(star['k_pre'], 'such card')} in the {star['window_days']} d before the reviews "
        f"({number(star['expected_pre'])} expected), {star['k']} after ({number(star['expected'])} expected)"
    )
    if star["expected_pre"] <= 0:
        return "not_tested", "the data do not reach back before the reviews"
    sure = star["placebo_surprise"] >= _SURE and star["set_aside"] != "before"
    return ("excluded" if sure else "possible"), told
