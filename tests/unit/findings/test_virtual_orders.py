"""Virtual orders need two independent reasons; a rush, a bad batch or a coincidence is none."""

from __future__ import annotations

import polars as pl

from tests.unit.findings.street import at, kinds, street


def plant(made, seller="s1", *, size=12, instant=True, currency="MYR", amount=50.2, subsidy=10.0, **columns):
    rows = []
    for n in range(size):
        hours = 1001 + 4 * n
        times = {"delivered_at": at(hours + 0.2)} if instant else {}
        rows.append(
            made.order(
                f"v{n}",
                seller,
                hours,
                amount=amount,
                discount=subsidy,
                subsidy=subsidy,
                currency=currency,
                voucher_id="v1",
                campaign_id="c1",
                **times,
                **columns,
            )
        )
    return set(rows)


def test_two_reasons_list_an_order_and_the_money_is_exact(tmp_path):
    made = street()
    rows = plant(made, currency="VND", subsidy=12_345_678.0)
    found = made.find(tmp_path)
    assert set(found.virtual_orders["order_id"]) == rows
    assert found.virtual_orders["reasons"][0].to_list() == ["at_minimum_spend", "delivered_within_minutes"]
    assert kinds(found) == ["min_spend_bunching"]
    subsidy = found.money.filter(pl.col("kind") == "subsidy").row(0, named=True)
    assert (subsidy["currency"], subsidy["amount"], subsidy["rows"]) == ("VND", 12 * 12_345_678.0, 12)


def test_sums_of_cents_are_exact(tmp_path):
    made = street()
    plant(made, size=30, subsidy=0.1)
    money = made.find(tmp_path).money.filter(pl.col("kind") == "subsidy")
    assert money["amount"].to_list() == [3.0]


def test_a_rush_at_the_minimum_spend_lists_nothing(tmp_path):
    made = street()
    plant(made, size=60, instant=False)
    found = made.find(tmp_path)
    assert found.virtual_orders.is_empty()
    assert kinds(found) == []


def test_digital_goods_are_instant_and_no_more(tmp_path):
    made = street()
    for n in range(80):
        made.order(f"g{n}", "s5", 200 + n, delivered_at=at(200.01 + n), parcel_weight_g=None, tracking_id=None)
    found = made.find(tmp_path)
    assert found.virtual_orders.is_empty()
    assert kinds(found) == []


def test_two_reasons_that_say_the_same_count_once(tmp_path):
    made = street()
    for n in range(40):
        made.order(
            f"g{n}", "s5", 200 + n, delivered_at=at(200.01 + n), status="returned", refunded_at=at(260 + n), subsidy=5.0
        )
    assert made.find(tmp_path).virtual_orders.is_empty()


def test_a_rush_on_a_campaign_is_one_reason_and_lists_only_beside_another(tmp_path):
    made = street()
    rows = []
    for n in range(70):
        times = {"delivered_at": at(1001.2 + n)} if n < 40 else {}
        claim = {"amount": 90.0, "discount": 10.0, "subsidy": 10.0, "voucher_id": "v1", "campaign_id": "c1"}
        rows.append(made.order(f"v{n}", "s1", 1001 + n, **claim, **times))
    found = made.find(tmp_path).virtual_orders
    assert set(found["order_id"]) == set(rows[:40])
    assert found["reasons"][0].to_list() == ["campaign_rush", "delivered_within_minutes"]


def test_customers_of_a_rush_who_review_are_no_virtual_orders(tmp_path):
    made = street()
    for n in range(70):
        claim = {"amount": 90.0, "discount": 10.0, "subsidy": 10.0, "voucher_id": "v1", "campaign_id": "c1"}
        made.order(f"v{n}", "s1", 1001 + n, **claim)
        when = at(1060 + n)
        made.add("reviews", review_id=f"r{n}", buyer_id=f"v{n}", listing_id="l-s1", reviewed_at=when, rating=5)
    assert made.find(tmp_path).virtual_orders.is_empty()


def undone(made, seller, **columns):
    rows = []
    for n in range(25):
        hours = 1001 + 2 * n
        gone = {
            "status": "cancelled",
            "delivered_at": None,
            "cancelled_at": at(hours + 9),
            "refunded_at": at(hours + 9),
        }
        rows.append(
            made.order(
                f"v{n}",
                seller,
                hours,
                amount=50.2,
                discount=10.0,
                subsidy=10.0,
                voucher_id="v1",
                campaign_id="c1",
                **{**gone, **columns},
            )
        )
    return set(rows)


def test_a_shop_is_not_named_for_orders_that_a_competitor_can_place(tmp_path):
    made = street()
    rows = undone(made, "s1")
    found = made.find(tmp_path)
    assert set(found.virtual_orders["order_id"]) >= rows
    assert set(found.findings["kind"]) == {"min_spend_bunching", "voucher_abuse"}
    assert found.findings["seller_id"].to_list() == [None, None]
    assert all("the shop is not named" in text for text in found.findings["statement"])
    told = found.explanations.filter(pl.col("explanation") == "orders by a competitor")
    assert told["result"].to_list() == ["possible", "possible"]


def test_a_shop_is_named_where_the_orders_carry_marks_of_its_own_hand(tmp_path):
    made = street()
    undone(made, "s1", tracking_id=None)
    for n in range(20):
        made.order(f"w{n}", "s1", 1003 + n, parcel_weight_g=9.0, amount=50.2, subsidy=10.0, discount=10.0,
                   voucher_id="v1", campaign_id="c1", status="returned", refunded_at=at(1300 + n))  # fmt: skip
    found = made.find(tmp_path)
    named = found.findings.filter(pl.col("kind") == "voucher_abuse")
    assert named["seller_id"].to_list() == ["s1"]
    told = found.explanations.filter(
        (pl.col("explanation") == "orders by a competitor") & (pl.col("finding_id") == named["finding_id"][0])
    )
    assert told["result"].to_list() == ["excluded"]
