"""Thresholds of the findings about sellers and listings, each with its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FindingSettings:
    """Thresholds of `toolkit.findings`. Reasons are costs and statistics, not tuning."""

    q_value: float = 0.01
    """False discovery rate of what is said to a person: one finding in a hundred may be chance."""
    by_chance: float = 0.33
    """Share of a group's marked orders that chance may have brought: more, and naming single orders is a guess."""
    honest: float = 0.2
    """Chance of being honest under which an order is named: the usual cut of a local false discovery rate (Efron 2010).

    It bounds the least certain order; the share of honest ones among all named is a tenth of it on markets with truth.
    """
    together_days: int = 3
    """Days on either side in which members who use a voucher or return goods do so together: a week in all."""
    fewest_orders: int = 3
    """Orders below which nothing is said about a seller: one or two coincidences are an ordinary week."""
    fewest_buyers: int = 3
    """Buyers below which links and payments are a family's or a friend's business."""
    least_variation: float = 0.5
    """Coefficient of variation of sellers' rates assumed at least: they differ in ways that no column shows."""
    band: float = 0.03
    """Share above a minimum spend that still counts as 'at' it: about what a small add-on costs."""
    instant_s: int = 2 * 3600
    """Seconds from order to delivery that leave no time to pick, carry and hand over a parcel."""
    light_share: float = 0.35
    """Parcel weight over catalogue weight below which the goods can't all be inside, whatever the scales do."""
    light_z: float = 4.0
    """Robust deviations below the usual log weight ratio; about 1 in 30,000 if ratios were normal."""
    heavy_enough_g: float = 40.0
    """Catalogue grams from which a light parcel says something; under that, scales that round to 10 g decide."""
    packing_g: float = 30.0
    """Grams that an empty bag or box weighs at most; a listing whose parcels all weigh little more was mis-weighed."""
    wrong_weight_s: int = 90 * 86400
    """Seconds over which light parcels are how a listing always is; made-up orders come within weeks."""
    funded_within_s: int = 72 * 3600
    """Seconds from a payment to the order it may have paid for: bank transfers take up to three days."""
    funded_low: float = 0.99
    """Payment over price due from which they match: fees and rounding take under 1 %."""
    funded_high: float = 1.15
    """Payment over price due up to which they match: reward or rounding up on top."""
    hub: int = 30
    """Buyers on one attribute from which it joins strangers and is no path."""
    month_s: int = 30 * 86400
    """Seconds of the period in which a seller's orders are also looked at, so that old trade does not dilute."""
    session_s: int = 3600
    """Seconds between two orders of a buyer that belong to one visit: the span of the public brushing rule."""
    prior_visits: float = 50.0
    """Visits of the market's rate that a shop's own rate of repeat visits is mixed with."""
    switch_longest_s: int = 21 * 86400
    """Longest stay in another category that counts as a switch and back: campaigns last days, not months."""
    switch_lead_s: int = 48 * 3600
    """Seconds around a campaign's start or end within which a move is timed with it."""
    voucher_accounts: int = 6
    """Accounts behind one attribute from which it is no household (1 to 5 persons hold 99 % of households)."""
    similar: float = 0.8
    """Estimated Jaccard similarity of shingles from which two messages are one text sent twice."""
    message_buyers: int = 3
    """Buyers with near-identical soliciting messages from which it is a practice and not a slip."""
    title_similarity: float = 50.0
    """Similarity (0 to 100) of title and category under which a category looks foreign; an effect size only."""
