"""The sentence of each piece of evidence, as a Polars expression over its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from toolkit.contracts.plugins import Test

VALUE: Final = {
    "listing_ordered": "{k} of {n} members ordered listing {what} between {start} and {end}",
    "listing_reviewed": "{k} of {n} members reviewed listing {what} between {start} and {end}",
    "listing_clicked": "{k} of {n} members opened listing {what} between {start} and {end}",
    "seller_ordered": "{k} of {n} members ordered from seller {what} between {start} and {end}",
    "seller_subsidised": "{k} of {n} members placed subsidised orders with seller {what} between {start} and {end}",
    "voucher_days": "{k} of {n} members used voucher {what} between {start} and {end}",
    "campaign": "{k} of {n} members ordered from one seller in campaign {what} between {start} and {end}",
    "refund_story": "{k} of {n} members were refunded for the reason {what} between {start} and {end}",
    "voucher": "{k} of {n} members used voucher {what} between {start} and {end}",
    "funding_source": "{k} of {n} members were paid by source {what} between {start} and {end}",
    "refund_instrument": "refunds of {k} of {n} members went to instrument {what}, which had not paid the order",
    "card_purchaser": "{k} of {n} members redeemed gift cards that purchaser {what} had bought",
    "card_purchase_payment": "{k} of {n} members redeemed gift cards paid for with instrument {what}",
    "card_batch": "{k} of {n} members redeemed gift cards of batch {what}",
    "tracking": "orders of {k} of {n} members carry tracking number {what}",
    "review_text": "{k} of {n} members wrote nearly the same review at several shops",
    "message_text": "{k} of {n} members exchanged nearly the same message with several shops",
    "refund_text": "{k} of {n} members gave nearly the same reason in their own words for refunds of several shops",
    "created_on": "{k} of {n} member accounts were made, or first seen, on {what}",
    "shop_star": "{k} of {n} members placed orders with the same mark at one shop in one season, or share an attribute with it",
    "gift_card_star": "{k} of {n} members redeemed cards of one amount after reviewing one listing",
}
"""Kind of value -> sentence; `{expected}` follows."""

WHOLE: Final = {
    "f3_shared_attributes": "attributes join the members' households in {observed} places ({note}); {expected} expected",
    "f5_synchrony": "a share of {observed} of the members' acts on one listing lies within 14 days of each other; {expected} among its other buyers",
    "f6_review_conversion": "members reviewed {note} (a share of {observed}); up to {expected} would be expected",
    "f6_review_haste": "{note} came sooner after delivery, on average, than a share of {observed} of all reviews of ordered goods do; up to {expected} would be expected",
    "f6_rating": "{note} on the ring's listings (a share of {observed}); up to {expected} would be expected of other reviewers, and of what members give elsewhere",
    "f7_subsidised": "{note} used a subsidy ({observed}); up to {expected} would be expected of the same sellers' other buyers",
    "f7_cancelled_after_subsidy": "{note} cancelled after using a subsidy ({observed}); up to {expected} would be expected",
    "f7_refunded": "{note} were refunded ({observed}); up to {expected} would be expected of the same sellers' other buyers",
    "f7_refund_habit": "besides one refund each, {note} of members were refunded ({observed}); up to {expected} would be expected",
    "f7_one_story": "{note}, beside the one where most do, give one and the same reason (a share of {observed}); up to {expected} would be expected of others' refunds in the same weeks, of such goods, or of these shops",
    "f7_refunded_elsewhere": "{note} had a refund sent to another instrument ({observed}); up to {expected} would be expected",
    "f7_light_parcel": "parcels of {note} weigh under a quarter of the catalogue weight ({observed}); up to {expected} would be expected",
    "f7_delivered_at_once": "orders of {note} were marked delivered within an hour ({observed}); up to {expected} would be expected",
    "f7_reused_tracking": "orders of {note} carry a tracking number used for other buyers at other addresses or weeks apart ({observed}); up to {expected} would be expected",
    "f7_at_minimum_spend": "orders of {note} lie within 3 % above the minimum spend ({observed}); up to {expected} would be expected of the same sellers' other buyers",
    "f7_far_below_price": "orders of {note} were placed at less than half of what one piece usually costs ({observed}), on two listings at least; up to {expected} would be expected of the same listings' other buyers",
    "f7_paid_by_top_up": "orders of {note} follow a top-up of the same amount within three days ({observed}); up to {expected} would be expected",
    "f1_gift_card_after_review": "{observed} reviewers of one listing redeemed cards of one amount after their review ({note}); {expected} expected",
    "f7_shop_cancelled_after_subsidy": "{observed} buyers of one shop cancelled after using a subsidy ({note}); {expected} expected",
    "f7_shop_light_parcel": "parcels of {observed} buyers of one shop weigh under a quarter of the catalogue weight ({note}); {expected} expected",
    "f7_shop_delivered_at_once": "orders of {observed} buyers of one shop were marked delivered within an hour ({note}); {expected} expected",
    "f7_shop_reused_tracking": "orders of {observed} buyers of one shop carry reused tracking numbers ({note}); {expected} expected",
    "f7_shop_paid_by_top_up": "orders of {observed} buyers of one shop follow a top-up of the same amount ({note}); {expected} expected",
    "f7_shop_shares_with_shop": "{observed} buyers of one shop share an attribute with the shop itself ({note}); {expected} expected; a link, not proof of control",
    "f11_dear_goods": "{note} to addresses that they share are among the dearest tenth of the market's (a share of {observed}); up to {expected} would be expected, by what members have sent elsewhere",
    "f10_repeat_clicks": "{note} opened a listing of the ring three times or more for each order of it ({observed}); up to {expected} would be expected of its other visitors",
}
"""Test of the whole ring -> sentence."""


def number(column: str) -> pl.Expr:
    """A number as a person reads it: three significant digits, small ones as they are."""
    value = pl.col(column)
    small = value.round_sig_figs(3).cast(pl.String)
    whole = (value.abs() >= 100) | (value == value.round(0))
    return pl.when(whole).then(value.round(0).cast(pl.Int64).cast(pl.String)).otherwise(small)


def day(column: str) -> pl.Expr:
    """Seconds since 1970 as a date."""
    return pl.from_epoch(pl.col(column), time_unit="s").dt.strftime("%Y-%m-%d")


def value_sentence(kind: str) -> pl.Expr:
    """The sentence of one kind of value, from k, n, what, start, end, expected, p."""
    parts = {"k": pl.col("k"), "n": pl.col("size"), "what": pl.col("what"), "start": day("start"), "end": day("end")}
    return _filled(VALUE[kind] + "; {expected} expected by chance", {**parts, "expected": number("expected")})


def whole_sentence(test: str, added: Test | None = None) -> pl.Expr:
    """The sentence of a test of the whole ring, from observed, expected, note; `added` is a plug-in's test."""
    parts = {"observed": number("observed"), "expected": number("expected"), "note": pl.col("note").fill_null("")}
    return _filled(WHOLE[test] if added is None else added.statement, parts)


def _filled(template: str, parts: dict[str, pl.Expr]) -> pl.Expr:
    """A template with named places as `pl.format`."""
    names = [piece.split("}")[0] for piece in template.split("{")[1:]]
    for name in set(names):
        template = template.replace("{" + name + "}", "{}")
    return pl.format(template, *(parts[name] for name in names))
