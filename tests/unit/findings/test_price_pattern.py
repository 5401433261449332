"""One odd amount of many buyers: no number of pieces, no minimum spend, and a mark only where a shop has more of it."""

from __future__ import annotations

import polars as pl
import pytest

from tests.unit.findings.street import at, kinds, street
from toolkit.contracts.finding_settings import FindingSettings
from toolkit.findings.price_pattern import same_odd_amount
from toolkit.findings.sales import Sales
from toolkit.market import Market


def marked(made, path):
    sales = Sales(Market(made.case(path)))
    return set(sales.order_ids.gather(same_odd_amount(sales, FindingSettings()).marked))


@pytest.mark.parametrize(("currency", "amount"), [("VND", 27_000.0), ("JPY", 27.0), ("BRL", 27.31)])
def test_an_amount_that_several_buyers_paid_and_nobody_can_have_ordered(tmp_path, currency, amount):
    made = street()
    rows = [made.order(f"x{n}", "s1", 300 + n, amount=amount, currency=currency) for n in range(9)]
    pieces = [made.order(f"y{n}", "s2", 300 + n, amount=80.0, currency=currency) for n in range(9)]
    two = [made.order(f"z{n}", "s3", 300 + n, amount=11.11, currency=currency) for n in range(2)]
    found = marked(made, tmp_path)
    assert set(rows) <= found
    assert not found & {*pieces, *two}


def test_what_a_voucher_took_off_is_no_odd_price(tmp_path):
    made = street()
    rows = [made.order(f"x{n}", "s1", 300 + n, amount=67.3, discount=10.0) for n in range(9)]
    assert not marked(made, tmp_path) & set(rows)


def test_without_a_price_the_commonest_amount_is_the_price(tmp_path):
    made = street()
    made.rows["listings"] = [row | {"price": None} for row in made.rows["listings"]]
    rows = [made.order(f"x{n}", "s1", 300 + n, amount=27.31) for n in range(9)]
    assert marked(made, tmp_path) & set(rows) == set(rows)


def test_the_pattern_alone_lists_nothing_and_beside_empty_parcels_it_does(tmp_path):
    alone, both = street(), street()
    for n in range(14):
        alone.order(f"x{n}", "s1", 300 + n, amount=27.31)
        both.order(f"x{n}", "s1", 300 + n, amount=27.31, parcel_weight_g=12.0)
    assert alone.find(tmp_path / "alone").virtual_orders.is_empty()
    found = both.find(tmp_path / "both").virtual_orders
    assert found.height == 14
    assert found["reasons"][0].to_list() == ["light_parcel", "same_odd_amount"]


def test_a_livestreams_own_price_is_one_with_its_subsidy(tmp_path):
    made = street()
    for n in range(60):
        made.order(
            f"v{n}", "s1", 1001 + n / 60, amount=52.9, discount=10.0, subsidy=10.0, voucher_id="v1", campaign_id="c1"
        )
    found = made.find(tmp_path)
    assert found.virtual_orders.is_empty()
    assert kinds(found) == []


def test_brushing_windows_and_light_parcels_are_two_reasons(tmp_path):
    made = street()
    rows = {
        made.order(f"k{who}", "s1", 400 + n / 60, parcel_weight_g=11.0 if n % 3 else 520.0, tracking_id=f"q{who}{n}")
        for who in range(6)
        for n in range(5)
    }
    found = made.find(tmp_path)
    assert "brushing_window" in kinds(found, "s1")
    listed = found.virtual_orders.filter(pl.col("order_id").is_in(list(rows)))
    assert listed.height >= 15
    assert {"brushing_window", "light_parcel"} <= set(listed["reasons"].explode())


def test_orders_of_linked_buyers_beyond_their_share_are_listed(tmp_path):
    made = street()
    for kind, value, buyers in (("device", "d1", "012"), ("bank", "k1", "123")):
        made.add("account_links", account_id="s1", account_kind="seller", attribute_kind=kind, attribute_id=value)
        for who in buyers:
            made.add(
                "account_links", account_id=f"p{who}", account_kind="buyer", attribute_kind=kind, attribute_id=value
            )
    rows = {made.order(f"p{n % 4}", "s1", 100 + 50 * n, delivered_at=at(200 + 50 * n)) for n in range(12)}
    found = made.find(tmp_path)
    assert set(found.virtual_orders["order_id"]) == rows
    assert found.virtual_orders["reasons"][0].to_list() == ["linked_beyond_chance", "linked_with_seller"]
