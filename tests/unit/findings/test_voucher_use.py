"""Vouchers used again after a cancellation, at their cap, and by the accounts behind one device."""

from __future__ import annotations

import pytest

from tests.unit.findings.street import at, street
from toolkit.findings.sales import Sales
from toolkit.findings.voucher_use import at_the_cap, reused_after_cancelling
from toolkit.market import Market

CLAIM = {"voucher_id": "v2", "amount": 40.0, "discount": 8.0, "subsidy": 8.0}
GONE = {"status": "cancelled", "cancelled_at": at(400), "delivered_at": None}


def shop(*, cap: float | None = 20.0):
    made = street()
    made.add("vouchers", voucher_id="v2", kind="other", funded_by="platform", min_spend=30.0, max_discount=cap)
    return made


def marked(made, path, signal):
    sales = Sales(Market(made.case(path)))
    found = signal(sales)
    ids = sales.order_ids
    known = set(ids) if found.known is None else set(ids.gather(found.known))
    return set(ids.gather(found.marked)), known


def test_only_the_later_order_of_the_same_buyer_and_voucher_counts(tmp_path):
    made = shop()
    first = made.order("x1", "s1", 300, **CLAIM | GONE)
    again = made.order("x1", "s2", 420, **CLAIM)
    before = made.order("x1", "s2", 200, **CLAIM)
    stranger = made.order("x2", "s2", 430, **CLAIM)
    other = made.order("x1", "s2", 440, **CLAIM | {"voucher_id": "v1"})
    hits, known = marked(made, tmp_path, reused_after_cancelling)
    assert again in hits
    assert not hits & {first, before, stranger, other}
    assert {first, again, before, stranger, other} <= known


@pytest.mark.parametrize(("currency", "cap"), [("MYR", 8.35), ("VND", 35_000.0), ("CLP", 1_990.0)])
def test_the_cap_is_met_to_the_smallest_coin(tmp_path, currency, cap):
    made = shop(cap=cap)
    claim = CLAIM | {"currency": currency, "amount": 10 * cap}
    most = [made.order(f"x{n}", "s1", 300 + n, **claim | {"discount": cap, "subsidy": cap}) for n in range(6)]
    less = [made.order(f"y{n}", "s1", 320 + n, **claim | {"discount": cap / 2, "subsidy": cap / 2}) for n in range(4)]
    hits, known = marked(made, tmp_path, at_the_cap)
    assert hits == set(most)
    assert set(less) <= known


def test_a_voucher_that_always_pays_the_same_has_no_cap_to_aim_at(tmp_path):
    made = shop(cap=8.0)
    rows = {made.order(f"x{n}", "s1", 300 + n, **CLAIM) for n in range(9)}
    hits, known = marked(made, tmp_path, at_the_cap)
    assert not rows & hits
    assert not rows & known


def test_accounts_behind_one_device_that_use_vouchers_again_are_a_finding(tmp_path):
    made = shop()
    rows = set()
    for n in range(8):
        made.order(f"x{n}", f"s{n}", 300 + n, device_id="d1", **CLAIM | GONE)
        rows.add(made.order(f"x{n}", f"s{n + 9}", 420 + n, device_id="d1", **CLAIM))
    found = made.find(tmp_path).findings
    assert found["kind"].to_list() == ["voucher_abuse"]
    assert {row["id"] for row in found["rows"][0]} == rows
    assert "used a voucher again after cancelling" in found["statement"][0]


def test_strangers_who_use_a_voucher_again_are_none(tmp_path):
    made = shop()
    for n in range(8):
        made.order(f"x{n}", f"s{n}", 300 + n, **CLAIM | GONE)
        made.order(f"x{n}", f"s{n + 9}", 420 + n, **CLAIM)
    assert made.find(tmp_path).findings.is_empty()


def test_a_seller_whose_buyers_do_so_beside_another_mark_is_named(tmp_path):
    made = shop()
    for n in range(14):
        made.order(f"x{n}", "s1", 300 + n, **CLAIM | GONE)
        made.order(f"x{n}", "s1", 420 + n, **CLAIM | {"delivered_at": at(420.2 + n)})
    found = made.find(tmp_path)
    assert found.findings["seller_id"].to_list() == ["s1"]
    assert set(found.evidence["test"]) >= {"voucher_reused"}
    assert all("voucher_reused" in reasons for reasons in found.virtual_orders["reasons"])
