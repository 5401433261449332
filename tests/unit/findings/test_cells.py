"""The chance of one order of a cell to be honest, from what the cell holds beyond honest trade and from its marks."""

from __future__ import annotations

import math

import polars as pl
import pytest

from toolkit.contracts.finding_settings import FindingSettings
from toolkit.findings.cells import ORDERS, Cells, Judged, judge, named, numbered
from toolkit.findings.signal import Marked, Signal

SETTINGS = FindingSettings()


def market(size: int = 4000) -> pl.DataFrame:
    """Orders of 100 sellers, each buyer ordering once."""
    rows = pl.DataFrame({"row": pl.int_range(size, dtype=pl.UInt32, eager=True)})
    return rows.with_columns(seller=(pl.col("row") % 100).cast(pl.UInt32), buyer=pl.col("row"))


def cell(rows: list[int], expected: float) -> Cells:
    n = float(len(rows))
    return Cells(
        ("ring_member",), pl.DataFrame([(row, 0, n, expected) for row in rows], schema=dict(ORDERS), orient="row")
    )


def mark(rows: list[int]) -> Signal:
    return Signal("light_parcel", pl.Series("row", rows, dtype=pl.UInt32))


def told(cells: Cells, signals: list[Signal]) -> Judged:
    return judge(cells, Marked.of(market(), signals), signals, SETTINGS)


def test_without_marks_the_odds_are_those_of_the_excess():
    odds = told(cell(list(range(0, 2000, 100)), 1.5), [mark([])]).odds
    assert odds["odds"].to_list() == pytest.approx([math.log((20 - 2) / 2)] * 20)


def test_a_mark_in_excess_moves_orders_with_it_up_and_orders_without_it_down():
    rows = list(range(0, 2000, 100))
    judged = told(cell(rows, 1.5), [mark([*rows[:15], 1, 2, 3, 4])])
    by_row = dict(judged.odds.select("row", "odds").iter_rows())
    rate = 4 / 3980
    q = (15 - rate * 20 * 0.1 + 0.5) / (20 * 0.9 + 1)
    start = math.log(9)
    assert by_row[0] == pytest.approx(start + math.log(q / rate))
    assert by_row[1900] == pytest.approx(start + math.log((1 - q) / (1 - rate)))
    listed = named(cell(rows, 1.5), judged, SETTINGS)
    assert set(listed["row"]) == set(rows[:15])
    assert set(listed["reason"]) == {"ring_member", "light_parcel"}


def test_a_mark_that_is_as_common_elsewhere_says_nothing():
    rows = list(range(0, 2000, 100))
    everywhere = list(range(0, 4000, 3))
    judged = told(cell(rows, 1.5), [mark(everywhere)])
    assert judged.marks.is_empty()
    assert judged.odds["odds"].to_list() == pytest.approx([math.log(9)] * 20)


def test_what_is_not_known_of_an_order_does_not_count_against_it():
    rows = list(range(0, 2000, 100))
    known = Signal(
        "light_parcel",
        pl.Series("row", rows[:15], dtype=pl.UInt32),
        pl.Series("row", [*rows[:15], *range(2001, 2090)], dtype=pl.UInt32),
    )
    by_row = dict(told(cell(rows, 1.5), [known]).odds.select("row", "odds").iter_rows())
    assert by_row[1900] == pytest.approx(math.log(9))


def test_a_cell_that_honest_trade_would_have_filled_names_nobody():
    rows = list(range(0, 2000, 100))
    full = cell(rows, 30.0)
    assert named(full, told(full, [mark([])]), SETTINGS).is_empty()


def test_a_row_of_two_cells_counts_for_the_larger():
    orders = pl.DataFrame({"row": [1, 1, 2], "ring": [5, 6, 6], "n": [3.0, 9.0, 9.0], "expected": [0.1, 0.1, 0.1]})
    assert numbered(("ring_member",), orders, ["ring"]).orders["cell"].to_list() == [1, 1]
