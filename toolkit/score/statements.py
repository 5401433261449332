"""The sentence of each piece of evidence, as a Polars expression over its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from toolkit.contracts.plugins import Test

VALUE: Final = {
    "listing_ordered": "{members} of {size} members ordered listing {what} between {start} and {end}",
    "listing_reviewed": "{members} of {size} members reviewed listing {what} between {start} and {end}",
    "listing_clicked": "{members} of {size} members opened listing {what} between {start} and {end}",
    "seller_ordered": "{members} of {size} members ordered from seller {what} between {start} and {end}",
    "seller_subsidised": "{members} of {size} members placed subsidised orders with seller {what} between {start} and {end}",
    "voucher_days": "{members} of {size} members used voucher {what} between {start} and {end}",
    "campaign": "{members} of {size} members ordered from one seller in campaign {what} between {start} and {end}",
    "refund_story": "{members} of {size} members, all of one region, were refunded for the reason {what} between {start} and {end}",
    "voucher": "{members} of {size} members used voucher {what} between {start} and {end}",
    "funding_source": "{members} of {size} members were paid by source {what} between {start} and {end}",
    "refund_instrument": "refunds of {members} of {size} members went to instrument {what}, which had not paid the order",
    "card_purchaser": "{members} of {size} members redeemed gift cards that purchaser {what} had bought",
    "card_purchase_payment": "{members} of {size} members redeemed gift cards paid for with instrument {what}",
    "card_batch": "{members} of {size} members redeemed gift cards of batch {what}",
    "tracking": "orders of {members} of {size} members carry tracking number {what}",
    "review_text": "{members} of {size} members wrote nearly the same review at several shops",
    "message_text": "{members} of {size} members exchanged nearly the same message with several shops",
    "refund_text": "{members} of {size} members gave nearly the same reason in their own words for refunds of several shops",
    "created_on": "{members} of {size} member accounts were made, or first seen, on {what}",
    "shop_star": "{members} of {size} members placed orders with the same mark at one shop in one season, or share an attribute with it",
    "gift_card_star": "{members} of {size} members redeemed cards of one amount after reviewing one listing",
}
"""Kind of value -> sentence; what the test counts follows."""

ATTRIBUTE: Final = "{members} members hold {kind} {what}, which {holders} accounts hold in all"
"""The sentence of a kind of attribute."""

COUNTED: Final = (
    "{expected} expected by chance",
    "the test counts {k} of {n} households, {expected} expected by chance",
    "the test counts {k} of the {n} households by which the group was found, {expected} expected by chance",
)
"""What the test counts: all members; each household once; those households that did not join for this very value."""

WHOLE: Final = {
    "f3_shared_attributes": "{note}; that makes {observed} links between households, {expected} expected",
    "f5_synchrony": "of pairs of members' acts on one listing, {observed_share} lie within 14 days of each other; {expected_share} of those of its other buyers do",
    "f6_review_conversion": "members reviewed {note} ({observed_share}); up to {expected_share} would be expected",
    "f6_review_haste": "{note} came sooner after delivery, on average, than {observed_share} of all reviews of ordered goods do; up to {expected_share} would be expected",
    "f6_rating": "{note} on the ring's listings ({observed_share}); up to {expected_share} would be expected of other reviewers, and of what members give elsewhere",
    "f7_subsidised": "{note} used a subsidy ({observed_share}); up to {expected_share} would be expected of the same sellers' other buyers",
    "f7_cancelled_after_subsidy": "{note} cancelled after using a subsidy ({observed_share}); up to {expected_share} would be expected",
    "f7_refunded": "{note} were refunded ({observed_share}); up to {expected_share} would be expected of the same sellers' other buyers",
    "f7_refund_habit": "besides one refund each, {note} of members were refunded ({observed_share}); up to {expected_share} would be expected",
    "f7_one_story": "{note}, beside the one where most do, give one and the same reason ({observed_share}); up to {expected_share} would be expected of others' refunds in the same weeks, of such goods, or of these shops",
    "f7_refunded_elsewhere": "{note} had a refund sent to another instrument ({observed_share}); up to {expected_share} would be expected",
    "f7_light_parcel": "parcels of {note} weigh under a quarter of the catalogue weight ({observed_share}); up to {expected_share} would be expected",
    "f7_delivered_at_once": "orders of {note} were marked delivered within an hour ({observed_share}); up to {expected_share} would be expected",
    "f7_reused_tracking": "orders of {note} carry a tracking number used for other buyers at other addresses or weeks apart ({observed_share}); up to {expected_share} would be expected",
    "f7_at_minimum_spend": "orders of {note} lie within 3 % above the minimum spend ({observed_share}); up to {expected_share} would be expected of the same sellers' other buyers",
    "f7_far_below_price": "orders of {note} were placed at less than half of what one piece usually costs ({observed_share}), on two listings at least; up to {expected_share} would be expected of the same listings' other buyers",
    "f7_paid_by_top_up": "orders of {note} follow a top-up of the same amount within three days ({observed_share}); up to {expected_share} would be expected",
    "f1_gift_card_after_review": "{observed} reviewers of one listing redeemed cards of one amount after their review ({note}); {expected} expected",
    "f7_shop_cancelled_after_subsidy": "{observed} buyers of one shop cancelled after using a subsidy ({note}); {expected} expected",
    "f7_shop_light_parcel": "parcels of {observed} buyers of one shop weigh under a quarter of the catalogue weight ({note}); {expected} expected",
    "f7_shop_delivered_at_once": "orders of {observed} buyers of one shop were marked delivered within an hour ({note}); {expected} expected",
    "f7_shop_reused_tracking": "orders of {observed} buyers of one shop carry reused tracking numbers ({note}); {expected} expected",
    "f7_shop_paid_by_top_up": "orders of {observed} buyers of one shop follow a top-up of the same amount ({note}); {expected} expected",
    "f7_shop_shares_with_shop": "{observed} buyers of one shop share an attribute with the shop itself ({note}); {expected} expected; a link, not proof of control",
    "f11_dear_goods": "{note} to addresses that they share are among the dearest tenth of the market's ({observed_share}); up to {expected_share} would be expected, by what members have sent elsewhere",
    "f10_repeat_clicks": "{note} opened a listing of the ring three times or more for each order of it ({observed_share}); up to {expected_share} would be expected of its other visitors",
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


def percent(column: str) -> pl.Expr:
    """A share as a person reads it: percent, with three significant digits."""
    value = (100.0 * pl.col(column)).round_sig_figs(3)
    whole = pl.when(value == value.round(0)).then(value.round(0).cast(pl.Int64).cast(pl.String))
    return pl.format("{} %", whole.otherwise(value.cast(pl.String)))


def value_sentence(kind: str) -> pl.Expr:
    """The sentence of one kind of value: how many members hold it, and what the test counts.

    From members, size, homes (of all members), what, holders, start, end, and k, n, expected of the test, which is made
    on households, and on those only by which the group was proposed: who joined for a value can't speak for it.
    """
    parts = {name: pl.col(name) for name in ("members", "size", "what", "holders", "k", "n")}
    parts |= {"kind": pl.lit(kind), "start": day("start"), "end": day("end"), "expected": number("expected")}
    every, homes, found = (_filled(template, parts) for template in COUNTED)
    plain = (pl.col("k") == pl.col("members")) & (pl.col("n") == pl.col("size"))
    counted = pl.when(plain).then(every).when(pl.col("n") == pl.col("homes")).then(homes).otherwise(found)
    return pl.format("{}; {}", _filled(VALUE.get(kind, ATTRIBUTE), parts), counted)


def whole_sentence(test: str, added: Test | None = None) -> pl.Expr:
    """The sentence of a test of the whole ring, from observed, expected, note; `added` is a plug-in's test."""
    parts = {"observed": number("observed"), "expected": number("expected"), "note": pl.col("note").fill_null("")}
    parts |= {f"{name}_share": percent(name) for name in ("observed", "expected")}
    return _filled(WHOLE[test] if added is None else added.statement, parts)


def _filled(template: str, parts: dict[str, pl.Expr]) -> pl.Expr:
    """A template with named places as `pl.format`."""
    names = [piece.split("}")[0] for piece in template.split("{")[1:]]
    for name in set(names):
        template = template.replace("{" + name + "}", "{}")
    return pl.format(template, *(parts[name] for name in names))
