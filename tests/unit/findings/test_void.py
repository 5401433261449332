"""What is to be voided of each seller: exact sums, each in its own currency, and no sum over currencies."""

from __future__ import annotations

import pytest

from tests.unit.findings.street import at, street


@pytest.mark.parametrize(
    ("currency", "amount", "subsidy", "value", "paid"),
    [
        ("MYR", 50.2, 10.1, 50.2 * 12, 121.2),
        ("VND", 412_345_678.0, 12_345_678.0, 4_948_148_136.0, 148_148_136.0),
        ("CLP", 50_990.0, 9_990.0, 611_880.0, 119_880.0),
        ("JPY", 5_001.0, 1_001.0, 60_012.0, 12_012.0),
        ("KWD", 50.123, 10.001, 601.476, 120.012),
    ],
)
def test_sales_and_subsidy_are_exact_in_currencies_of_any_decimals(tmp_path, currency, amount, subsidy, value, paid):
    made = street()
    for n in range(12):
        made.order(
            f"v{n}",
            "s1",
            1001 + 4 * n,
            amount=amount,
            discount=subsidy,
            subsidy=subsidy,
            currency=currency,
            voucher_id="v1",
            campaign_id="c1",
            delivered_at=at(1001.2 + 4 * n),
            parcel_weight_g=9.0,
        )
    found = made.find(tmp_path)
    assert found.seller_void.rows() == [("s1", currency, 12, pytest.approx(value, abs=0, rel=1e-15), paid)]


def test_two_currencies_of_one_seller_are_two_rows(tmp_path):
    made = street()
    for n in range(24):
        made.order(
            f"v{n}",
            "s1",
            1001 + 2 * n,
            amount=50.2 if n % 2 else 1_250_000.0,
            discount=10.0,
            subsidy=10.0,
            currency="MYR" if n % 2 else "VND",
            voucher_id="v1",
            campaign_id="c1",
            delivered_at=at(1001.2 + 2 * n),
            parcel_weight_g=9.0,
        )
    found = made.find(tmp_path).seller_void
    assert found.select("seller_id", "currency", "orders").rows() == [("s1", "MYR", 12), ("s1", "VND", 12)]
    assert found["order_value"].to_list() == [602.4, 15_000_000.0]


def test_a_market_without_virtual_orders_has_nothing_to_void(tmp_path):
    assert street().find(tmp_path).seller_void.is_empty()


def test_amounts_up_to_the_largest_that_are_let_in(tmp_path):
    made = street()
    for n in range(12):
        made.order(
            f"v{n}",
            "s1",
            1001 + 4 * n,
            amount=9.99e14,
            discount=10.0,
            subsidy=10.01,
            voucher_id="v1",
            campaign_id="c1",
            delivered_at=at(1001.2 + 4 * n),
            parcel_weight_g=9.0,
        )
    assert made.find(tmp_path).seller_void.rows() == [("s1", "MYR", 12, 1.1988e16, 120.12)]


def test_a_currency_that_only_the_listings_name(tmp_path):
    made = street()
    for n in range(12):
        made.order(
            f"v{n}", "s1", 1001 + 4 * n, amount=50.2, discount=10.0, subsidy=10.0, voucher_id="v1", campaign_id="c1",
            delivered_at=at(1001.2 + 4 * n),
        )  # fmt: skip
    made.rows["orders"] = [row | {"currency": None} for row in made.rows["orders"]]
    void = made.find(tmp_path).seller_void
    assert void.select("seller_id", "currency", "orders").rows() == [("s1", "MYR", 12)]
