"""Orders of rings: what members do together is one reason; what they order for themselves stays out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.unit.findings.street import at, street
from toolkit.contracts.results import RESULTS, empty

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.findings.street import Street
    from toolkit.findings import FindingSet

SIZE = 16


def ring(*families: str, scheme: str = "brushing", tier: str = "strong") -> dict[str, pl.DataFrame]:
    """A ring of the accounts m0 to m15 in hours 1200 to 1400, as scoring would have written it down."""
    facts = {
        "ring_id": "r_1",
        "tier": tier,
        "score": 20.0,
        "scheme": scheme,
        "families": list(families),
        "n_members": SIZE,
        "n_core": SIZE,
        "n_targets": 1,
        "first_at": at(1200),
        "last_at": at(1400),
        "q_value": None,
        "summary": "16 accounts",
    }
    members = [
        {"ring_id": "r_1", "buyer_id": f"m{n}", "role": "core", "reason": "targets", "score": 9.0} for n in range(SIZE)
    ]
    tables = {"rings": [facts], "members": members}
    return {
        name: RESULTS[name].validate(pl.DataFrame(rows, schema=empty(name).schema), cast=True)
        for name, rows in tables.items()
    }


def work(made: Street, *, light: int = 12, shared: bool = False, refunded: bool = False) -> list[str]:
    """Each member orders at s1 once, and at two shops for itself; `light` of the parcels are empty."""
    rows = []
    for n in range(SIZE):
        given = {"device_id": "d-ring"} if shared else {}
        back = {"status": "returned", "refunded_at": at(1350 + n / 4)} if refunded else {}
        weight = 12.0 if n < light else 520.0
        rows.append(made.order(f"m{n}", "s1", 1210 + 5 * n, parcel_weight_g=weight, **given, **back))
        for other in (1, 2):
            made.order(f"m{n}", f"s{20 + (7 * n + other) % 30}", 1205 + 7 * n + other)
    return rows


def listed(found: FindingSet) -> dict[str, list[str]]:
    return {row["order_id"]: row["reasons"] for row in found.virtual_orders.iter_rows(named=True)}


def test_orders_of_a_ring_with_a_mark_are_listed_and_what_members_buy_elsewhere_is_not(tmp_path: Path):
    made = street()
    rows = work(made)
    found = listed(made.find(tmp_path, **ring("logistics", "target")))
    assert set(found) == set(rows[:12])
    assert all(reasons == ["light_parcel", "ring_member"] for reasons in found.values())


def test_a_lead_is_no_reason(tmp_path: Path):
    made = street()
    work(made)
    assert listed(made.find(tmp_path, **ring("logistics", "target", tier="lead"))) == {}


def test_an_order_over_the_rings_own_device_is_listed_without_a_mark_of_the_parcel(tmp_path: Path):
    made = street()
    rows = work(made, light=8, shared=True)
    found = listed(made.find(tmp_path, **ring("logistics", "target")))
    assert set(found) == set(rows)
    assert found[rows[-1]] == ["ring_member", "shared_in_ring"]


def test_a_shared_device_without_any_mark_of_the_orders_lists_nothing(tmp_path: Path):
    """Rings that work for reviews share devices too, and mean the purchase."""
    made = street()
    work(made, light=0, shared=True)
    assert listed(made.find(tmp_path, **ring("identity", "target", scheme="review_ring"))) == {}


def test_a_few_marked_orders_do_not_speak_for_a_ring_that_works_for_reviews(tmp_path: Path):
    made = street()
    rows = work(made, light=3, shared=True)
    assert set(listed(made.find(tmp_path, **ring("identity", "target", scheme="review_ring")))) <= set(rows[:3])


def test_refunds_in_the_same_days_are_a_reason_where_one_hand_stands_behind_the_accounts(tmp_path: Path):
    made = street()
    rows = []
    for n in range(SIZE):
        back = {"status": "returned", "refunded_at": at(1300 + n)}
        rows.append(made.order(f"m{n}", f"s{20 + n}", 1210 + n, **back))
    families = ("identity", "refund")
    found = listed(made.find(tmp_path / "a", **ring(*families, scheme="refund_ring")))
    assert set(found) == set(rows)
    assert all(set(reasons) == {"ring_member", "undone"} for reasons in found.values())
    assert listed(made.find(tmp_path / "b", **ring("refund", "target", scheme="brushing"))) == {}
    assert listed(made.find(tmp_path / "c", **ring("identity", "subsidy", scheme="voucher_farm"))) == {}


def test_vouchers_that_members_share_in_the_same_days_are_a_reason(tmp_path: Path):
    made = street()
    made.add("vouchers", voucher_id="v2", kind="other", funded_by="platform", min_spend=30.0)
    claim = {"voucher_id": "v2", "discount": 8.0, "subsidy": 8.0, "amount": 70.0}
    rows = [made.order(f"m{n}", f"s{20 + n}", 1300 + n, **claim) for n in range(SIZE)]
    alone = made.order("m0", "s9", 1395, **(claim | {"voucher_id": "v1"}))
    found = listed(made.find(tmp_path, **ring("identity", "subsidy", scheme="voucher_farm")))
    assert set(found) == set(rows)
    assert alone not in found
    assert found[rows[0]] == ["ring_member", "voucher_shared_in_ring"]


def test_a_member_who_orders_alone_at_a_shop_is_not_listed(tmp_path: Path):
    made = street()
    work(made)
    alone = made.order("m3", "s40", 1250, parcel_weight_g=12.0)
    assert alone not in listed(made.find(tmp_path, **ring("logistics", "target")))


def review(made: Street, order: int, buyer: str) -> None:
    """A review of s1's listing a day after the order."""
    made.add(
        "reviews",
        review_id=f"r{order}",
        buyer_id=buyer,
        listing_id="l-s1",
        reviewed_at=at(1234 + 5 * order),
        rating=5,
    )


def test_a_reviewed_order_of_a_ring_with_empty_parcels_is_listed(tmp_path: Path):
    made = street()
    rows = work(made, light=10)
    for n in range(SIZE - 1):
        review(made, n, f"m{n}")
    found = listed(made.find(tmp_path, **ring("logistics", "target")))
    assert set(found) == set(rows[:-1])
    assert found[rows[12]] == ["reviewed", "ring_member"]


def test_reviews_without_any_mark_of_the_orders_list_nothing(tmp_path: Path):
    made = street()
    work(made, light=0, shared=True)
    for n in range(SIZE):
        review(made, n, f"m{n}")
    assert listed(made.find(tmp_path, **ring("conversion", "target", scheme="review_ring"))) == {}


def test_a_ring_in_a_rush_on_a_campaign_is_one_reason(tmp_path: Path):
    made = street()
    for n in range(70):
        claim = {"amount": 90.0, "discount": 10.0, "subsidy": 10.0, "voucher_id": "v1", "campaign_id": "c1"}
        made.order(f"m{n % SIZE}", "s1", 1201 + n, **claim)
    assert listed(made.find(tmp_path, **ring("synchrony", "target"))) == {}


def test_staff_at_one_counter_that_are_told_as_a_ring_do_not_buy_for_the_shop(tmp_path):
    made = street()
    for kind in ("device", "phone"):
        made.add("account_links", account_id="s1", account_kind="seller", attribute_kind=kind, attribute_id=kind)
        for n in range(SIZE):
            made.add("account_links", account_id=f"m{n}", account_kind="buyer", attribute_kind=kind, attribute_id=kind)
    for n in range(2 * SIZE):
        made.order(f"m{n % SIZE}", "s1", 1201 + n)
    found = made.find(tmp_path, **ring("identity", "target"))
    assert "self_purchase" not in set(found.findings["kind"])
