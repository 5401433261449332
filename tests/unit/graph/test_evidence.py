"""Lists as text for a graph store."""

from __future__ import annotations

import polars as pl

from toolkit.graph.evidence import money_words


def test_sums_of_the_largest_amounts_that_are_read_are_told() -> None:
    money = pl.DataFrame({"ring_id": ["r"], "kind": ["order_value"], "currency": ["IDR"], "amount": [9.0e19]})
    assert money_words(money, "ring_id")["money"].to_list() == [["order_value 90000000000000000000.00 IDR"]]
