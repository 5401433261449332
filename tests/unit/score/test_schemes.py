"""The tests that speak name the scheme."""

from __future__ import annotations

import polars as pl
import pytest

from toolkit.contracts.results import SCHEMES
from toolkit.score.schemes import RULES, named


@pytest.mark.parametrize(
    ("tests", "scheme"),
    [
        (["f1_gift_card_after_review", "f6_review_conversion"], "gift_card_cashback"),
        (["f4_listing_ordered", "f6_review_conversion", "f3_shared_attributes"], "review_ring"),
        (["f4_listing_ordered", "f7_light_parcel", "f6_review_conversion"], "brushing"),
        (["f4_seller_ordered", "f7_cancelled_after_subsidy", "f7_paid_by_top_up"], "virtual_orders"),
        (["f4_voucher", "f3_shared_attributes", "f7_cancelled_after_subsidy"], "voucher_farm"),
        (["f4_refund_instrument", "f7_refund_habit"], "refund_ring"),
        (["f4_created_on", "f3_shared_attributes", "f6_review_conversion"], "account_farm"),
        (["f4_listing_clicked", "f4_listing_ordered"], "coattail"),
        (["f4_listing_ordered", "f5_synchrony"], "unclassified"),
    ],
)
def test_named(tests: list[str], scheme: str) -> None:
    heard = pl.DataFrame({"candidate": [1] * len(tests), "test": tests}, schema_overrides={"candidate": pl.UInt32})
    assert named(heard)["scheme"].to_list() == [scheme]


def test_rules_name_schemes_of_the_contract() -> None:
    assert {rule.scheme for rule in RULES} <= set(SCHEMES)
