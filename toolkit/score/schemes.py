"""The name of a ring's scheme, by the tests that speak for it: the first rule that fits names it.

What many schemes share, such as common purchases, names none. A rule asks for one test of each of its groups, and for
none of those that would make it another scheme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.contracts.plugins import Scheme

LINKS: Final = ("f3_shared_attributes", "f4_created_on")
SUBSIDY: Final = (
    "f7_cancelled_after_subsidy",
    "f7_shop_cancelled_after_subsidy",
    "f7_at_minimum_spend",
    "f7_subsidised",
)
FUNDING: Final = ("f7_paid_by_top_up", "f7_shop_paid_by_top_up", "f4_funding_source")
PARCELS: Final = (
    "f7_light_parcel",
    "f7_shop_light_parcel",
    "f7_reused_tracking",
    "f7_shop_reused_tracking",
    "f4_tracking",
)
AT_ONCE: Final = ("f7_delivered_at_once", "f7_shop_delivered_at_once")
REFUNDS: Final = ("f4_refund_instrument", "f4_refund_story", "f7_refund_habit", "f7_one_story", "f7_refunded_elsewhere")
SHOP: Final = ("f4_listing_ordered", "f4_seller_ordered", "f7_shop_shares_with_shop")
REVIEWS: Final = ("f6_review_conversion", "f6_rating", "f6_review_haste", "f4_review_text")


@dataclass(frozen=True)
class Rule:
    """When a scheme is named.

    Attributes:
        scheme: One of `contracts.results.SCHEMES`.
        needs: Groups of tests; of each, one must speak.
        without: Tests of which none may speak.
    """

    scheme: str
    needs: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()


RULES: Final = (
    Rule("gift_card_cashback", (("f1_gift_card_after_review",),)),
    Rule("account_farm", (("f4_created_on",), ("f3_shared_attributes",))),
    Rule("refund_ring", (REFUNDS,), (*REVIEWS, *PARCELS, *AT_ONCE, *FUNDING)),
    Rule(
        "voucher_farm",
        (("f4_voucher", "f4_voucher_days", "f4_campaign"), ("f3_shared_attributes",)),
        (*REVIEWS, *PARCELS, *AT_ONCE, *FUNDING),
    ),
    Rule("virtual_orders", ((*SUBSIDY, *FUNDING), (*AT_ONCE, *FUNDING, *SUBSIDY[:2]), SHOP), REVIEWS),
    Rule("brushing", (PARCELS,)),
    Rule("review_ring", (REVIEWS,)),
    Rule("voucher_farm", (("f4_voucher", "f4_voucher_days", "f4_campaign", *SUBSIDY), LINKS)),
    Rule("virtual_orders", ((*SUBSIDY, *FUNDING, *AT_ONCE),)),
    Rule("coattail", (("f10_repeat_clicks", "f4_listing_clicked"),)),
    Rule("refund_ring", (REFUNDS,)),
    Rule("account_farm", (LINKS,)),
)
"""In this order: what pays comes before what was bought with it."""


def named(heard: pl.DataFrame, ahead: Sequence[Scheme] = ()) -> pl.DataFrame:
    """candidate, scheme of every candidate for which a test speaks (columns candidate, test).

    Args:
        heard: Tests that speak.
        ahead: Schemes of plug-ins, tried before ours.
    """
    tests = heard.group_by("candidate").agg(pl.col("test").unique())
    scheme = pl.lit("unclassified")
    for rule in reversed([*(Rule(one.name, one.needs, one.without) for one in ahead), *RULES]):
        fits = pl.all_horizontal([_any(group) for group in rule.needs]) & ~_any(rule.without)
        scheme = pl.when(fits).then(pl.lit(rule.scheme)).otherwise(scheme)
    return tests.select("candidate", scheme=scheme)


def _any(tests: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal([pl.lit(value=False), *(pl.col("test").list.contains(test) for test in tests)])
