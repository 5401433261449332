"""The brushing rule on streams small enough to check by eye."""

from __future__ import annotations

import polars as pl

from toolkit.findings.brushing_rule import brushed_orders, runs, suspicious_buyers


def stream(*orders: tuple[int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(orders, schema={"seller": pl.UInt32, "buyer": pl.UInt32, "second": pl.Int64}, orient="row")


def test_both_ends_of_a_window_are_inside():
    assert runs(brushed_orders(stream((0, 1, 0), (0, 1, 1800), (0, 1, 3600))))["orders"].to_list() == [3]
    assert runs(brushed_orders(stream((0, 1, 0), (0, 1, 1800), (0, 1, 3601)))).is_empty()


def test_a_rate_of_exactly_three_is_brushing():
    two_buyers = stream(*((0, buyer, i) for buyer in (1, 2) for i in range(3)))
    assert runs(brushed_orders(two_buyers)).row(0, named=True)["concentration"] == 3.0
    diluted = stream(*((0, buyer, i) for buyer in (1, 2) for i in range(3)), (0, 3, 1))
    assert brushed_orders(diluted).is_empty()


def test_orders_of_two_sellers_never_share_a_window():
    assert brushed_orders(stream((0, 1, 0), (0, 1, 1), (1, 1, 2))).is_empty()


def test_a_run_goes_on_while_neighbours_share_a_window():
    one = stream(*((0, 1, second) for second in (0, 1200, 2400, 3600, 4800)))
    assert runs(brushed_orders(one)).select("window_start", "window_end", "orders").rows() == [(0, 4800, 5)]
    two = stream(*((0, 1, second) for second in (0, 1, 2, 3603, 3604, 3605)))
    assert runs(brushed_orders(two)).select("window_start", "window_end").rows() == [(0, 2), (3603, 3605)]


def test_all_buyers_with_the_most_brushed_orders_are_named():
    tie = brushed_orders(stream(*((0, buyer, i) for buyer in (1, 2) for i in range(3))))
    assert suspicious_buyers(tie).rows() == [(0, 1, 3), (0, 2, 3)]
    most = brushed_orders(stream(*((0, 1, i) for i in range(5)), (0, 2, 1)))
    assert suspicious_buyers(most).rows() == [(0, 1, 5)]


def test_times_before_1970_and_no_orders_at_all():
    assert runs(brushed_orders(stream((0, 1, -5000), (0, 1, -4999), (0, 1, -4998))))["orders"].to_list() == [3]
    assert runs(brushed_orders(stream())).is_empty()
    assert suspicious_buyers(brushed_orders(stream())).is_empty()
