"""Settings from a file: what they hold, and what is refused."""

from __future__ import annotations

import pytest

from toolkit.config import filled
from toolkit.errors import UsageError


def test_a_whole_number_may_be_written_with_a_point():
    found = filled({"gift_cards": {"window_days": 30.0}}, where="x.toml").gift_cards.window_days
    assert (found, type(found)) == (30, int)


@pytest.mark.parametrize("value", [30.7, float("inf"), float("nan")])
def test_a_broken_number_is_not_cut(value):
    with pytest.raises(UsageError, match=r"gift_cards\.window_days must be a whole number"):
        filled({"gift_cards": {"window_days": value}}, where="x.toml")
