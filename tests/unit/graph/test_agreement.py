"""Agreement of two groupings."""

from __future__ import annotations

import polars as pl
import pytest

from toolkit.graph.agreement import adjusted_rand, ring_overlap


def test_the_same_grouping_under_other_names_agrees_fully() -> None:
    frame = pl.DataFrame({"a": [0, 0, 1, 1, 2], "b": ["x", "x", "y", "y", "z"]})
    assert adjusted_rand(frame, "a", "b") == 1.0


def test_a_known_value() -> None:
    # Pairs together in both 2, in a 4, in b 2, of 10: (2 - 0.8) over (3 - 0.8).
    frame = pl.DataFrame({"a": [0, 0, 0, 1, 1], "b": [0, 0, 1, 2, 2]})
    sizes_b = frame.group_by("b").len().get_column("len").sort().to_list()
    assert sizes_b == [1, 2, 2]
    assert adjusted_rand(frame, "a", "b") == pytest.approx((2 - 0.8) / (3.0 - 0.8))


def test_a_ring_is_found_by_half_of_both() -> None:
    members = pl.DataFrame({"ring_id": ["r", "r", "s", "s"], "buyer_id": ["1", "2", "3", "4"]})
    groups = pl.DataFrame({"buyer_id": ["1", "2", "3", "5", "6", "7"], "community": [0, 0, 1, 1, 1, 1]})
    overlap = ring_overlap(members, groups)
    assert overlap.select("ring_id", "shared", "size", "found").rows() == [("r", 2, 2, True), ("s", 1, 4, False)]
