"""The self-check's look at gift cards: what followed the shop's own reviews, and who bought the cards."""

from __future__ import annotations

import pytest

from tests.unit.findings.street import at, street
from toolkit.contracts.finding_settings import FindingSettings
from toolkit.findings.inspection import inspect
from toolkit.market import Market


def shop(*, source="retail", purchaser="agency-7", before=False, faces=(15.0,), size=6):
    made = street()
    for n in range(size):
        made.add("reviews", review_id=f"r{n}", buyer_id=f"x{n}", listing_id="l-s1", reviewed_at=at(500 + n), rating=5)
        made.add("gift_cards", card_id=f"g{n}", face_value=faces[n % len(faces)], currency="MYR", source=source)
        made.rows["gift_cards"][-1]["purchaser_id"] = purchaser
        hours = 300 + n if before else 600 + 5 * n
        made.add("redemptions", redemption_id=f"x{n}", card_id=f"g{n}", buyer_id=f"x{n}", redeemed_at=at(hours))
    return made


def check(made, path):
    found = {one.name: one for one in inspect(Market(made.case(path)), "s1", FindingSettings()).checks}
    return found.get("gift_card_cashback")


def test_says_which_reviews_and_which_agent_bought_the_cards(tmp_path):
    found = check(shop(), tmp_path)
    assert found is not None
    assert found.rows == tuple(f"r{n}" for n in range(6))
    assert (found.observed, found.of) == (6, 6)
    assert [(cause.kind, cause.id, cause.orders) for cause in found.causes] == [
        ("purchaser of gift cards that reviewers redeemed", "agency-7", 6)
    ]
    assert found.keep
    assert "none has confirmed it" in found.looks


@pytest.mark.parametrize(
    ("purchaser", "shown"), [("s1", "s1 (this shop)"), ("s44", "(another seller)"), ("x3", "(a buyer account)")]
)
def test_names_the_shop_itself_and_no_other_seller_or_buyer(tmp_path, purchaser, shown):
    found = check(shop(purchaser=purchaser), tmp_path)
    assert found is not None
    assert [cause.id for cause in found.causes] == [shown]


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "platform"},
        {"before": True},
        {"purchaser": None},
        {"faces": (10.0, 15.0, 20.0, 25.0, 50.0, 75.0)},
        {"size": 2},
    ],
    ids=["platform credit", "before the review", "bought by anybody", "all values", "too few"],
)
def test_what_customers_do_anyway_is_not_mentioned(tmp_path, changes):
    assert check(shop(**changes), tmp_path) is None


def test_many_reviewers_with_one_value_after_and_none_before_stand_out_without_a_purchaser(tmp_path):
    found = check(shop(purchaser=None, size=12), tmp_path)
    assert found is not None
    assert found.causes == ()


def test_an_export_without_gift_cards_is_looked_at_as_before(tmp_path):
    made = shop()
    made.rows.pop("redemptions")
    assert check(made, tmp_path) is None
