"""What is delivered at once by nature, week for week, and what is not."""

from __future__ import annotations

import polars as pl

from toolkit.contracts.finding_settings import FindingSettings
from toolkit.contracts.handover import at_once_by_nature

WEEK = 7 * 86_400


def orders(*parts: tuple[int, int, int, int, float]) -> pl.DataFrame:
    """Rows of (listing, seller, second, seconds to delivery, subsidy)."""
    rows = [(listing, seller, at, at + took, subsidy) for listing, seller, at, took, subsidy in parts]
    names = ["listing", "seller", "ordered_at", "delivered_at", "subsidy"]
    schema = {"listing": pl.UInt32, "seller": pl.UInt32, "ordered_at": pl.Int64, "delivered_at": pl.Int64}
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64) | schema, orient="row")


def by_nature(frame: pl.DataFrame) -> list[int]:
    return at_once_by_nature(frame, FindingSettings()).to_list()


def test_codes_sold_all_year_are_at_once_whatever_a_sale_adds():
    year = [(1, 1, week * WEEK, 300, 0.0) for week in range(20)]
    sale = [(1, 1, 30 * WEEK + n, 300, 5.0) for n in range(200)]
    assert by_nature(orders(*year, *sale)) == [1]


def test_made_up_deliveries_of_some_weeks_make_no_nature():
    post = [(1, 1, week * WEEK, 3 * 86_400, 0.0) for week in range(40)]
    made_up = [(1, 1, week * WEEK + n, 300, 0.0) for week in range(3) for n in range(100)]
    assert by_nature(orders(*post, *made_up)) == []


def test_orders_that_the_platform_paid_for_show_nothing_of_the_nature():
    assert by_nature(orders(*[(1, 1, week * WEEK, 300, 5.0) for week in range(30)])) == []


def test_a_new_listing_of_a_shop_of_codes_is_at_once_like_the_rest():
    year = [(1, 1, week * WEEK, 300, 0.0) for week in range(20)]
    assert by_nature(orders(*year, (2, 1, 21 * WEEK, 300, 5.0), (3, 2, 21 * WEEK, 300, 5.0))) == [1, 2]


def test_missing_times_and_no_orders_at_all():
    assert by_nature(orders()) == []
    blank = orders((1, 1, 0, 300, 0.0)).with_columns(delivered_at=pl.lit(None, pl.Int64))
    assert by_nature(blank) == []
