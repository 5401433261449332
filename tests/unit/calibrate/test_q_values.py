"""The q-value of a ring: what null worlds bring, over what was found."""

from __future__ import annotations

import polars as pl
import pytest

from toolkit.calibrate import calibrated


def _rings(*scores: float, tier: str = "moderate") -> pl.DataFrame:
    return pl.DataFrame({"tier": [tier] * len(scores), "score": list(scores), "q_value": [None] * len(scores)})


def test_rings_that_no_null_world_brings() -> None:
    """Two alerts, nineteen empty worlds: one in twenty, over the rings that score as high."""
    told = calibrated(_rings(50.0, 20.0), [_rings()] * 19)["q_value"].to_list()
    assert told == [pytest.approx(0.025), pytest.approx(0.025)]


def test_what_null_worlds_bring_too_is_worth_nothing() -> None:
    told = calibrated(_rings(50.0, 20.0), [_rings(60.0, 60.0, 60.0)] * 4)["q_value"].to_list()
    assert told == [1.0, 1.0]


def test_a_higher_score_has_no_larger_q_and_order_is_kept() -> None:
    told = calibrated(_rings(20.0, 50.0), [_rings(30.0)] * 9)["q_value"].to_list()
    assert told == [pytest.approx(0.5), pytest.approx(0.1)]


def test_alerts_are_compared_with_alerts() -> None:
    rings = pl.concat([_rings(20.0), _rings(20.0, tier="lead")])
    told = calibrated(rings, [_rings(40.0, tier="lead")] * 9)["q_value"].to_list()
    assert told == [pytest.approx(0.1), pytest.approx(0.5)]


def test_no_ring_needs_none() -> None:
    assert calibrated(_rings(), [_rings()]).height == 0
