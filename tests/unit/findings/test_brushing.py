"""Brushing windows that stay suspicious, and those that an office, a sale or a wholesaler explains."""

from __future__ import annotations

from tests.unit.findings.street import kinds, street

ORDERS_ALONE = {"parcel_weight_g": None, "tracking_id": None}


def crowd(made, seller, people, *, hours=700.0, times=4, **columns):
    for n in range(people):
        for turn in range(times):
            made.order(f"r{seller}{n}", seller, hours + 0.05 * turn + 0.01 * n, **columns)


def test_several_repeat_visits_at_once_stay_suspicious(tmp_path):
    made = street()
    crowd(made, "s1", 6, **ORDERS_ALONE)
    found = made.find(tmp_path)
    assert kinds(found) == ["brushing_window"]
    assert found.brushing_windows["orders"].to_list() == [24]
    assert found.brushing_buyers.height == 6


def test_an_office_that_orders_for_everybody(tmp_path):
    made = street()
    crowd(made, "s1", 1, times=12, **ORDERS_ALONE)
    crowd(made, "s2", 5, address_id="tower", **ORDERS_ALONE)
    found = made.find(tmp_path)
    assert found.brushing_windows.height == 2
    assert kinds(found) == []


def test_a_wholesaler_whose_customers_always_order_many_times(tmp_path):
    made = street()
    for week in range(30):
        crowd(made, "s1", 4, hours=50.0 + 60 * week, **ORDERS_ALONE)
    assert kinds(made.find(tmp_path)) == []


def test_a_shop_that_a_competitor_brushes_sends_real_parcels(tmp_path):
    made = street()
    crowd(made, "s1", 6)
    found = made.find(tmp_path)
    assert found.brushing_windows.height == 1
    assert kinds(found) == []


def test_a_shop_that_brushes_itself_sends_empty_ones(tmp_path):
    made = street()
    crowd(made, "s1", 6, parcel_weight_g=11.0)
    assert "brushing_window" in kinds(made.find(tmp_path))
