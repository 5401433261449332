"""Settings from a file: what they hold, and what is refused."""

from __future__ import annotations

import pytest

from toolkit.config import Settings, filled
from toolkit.errors import UsageError


def test_a_whole_number_may_be_written_with_a_point():
    found = filled({"gift_cards": {"window_days": 30.0}}, where="x.toml").gift_cards.window_days
    assert (found, type(found)) == (30, int)


@pytest.mark.parametrize("value", [30.7, float("inf"), float("nan")])
def test_a_broken_number_is_not_cut(value):
    with pytest.raises(UsageError, match=r"gift_cards\.window_days must be a whole number"):
        filled({"gift_cards": {"window_days": value}}, where="x.toml")


@pytest.mark.parametrize("value", [-1, 2**64])
def test_a_number_that_no_setting_can_mean_is_refused(value):
    with pytest.raises(UsageError, match=r"seed (must be a number of 0 or more|is too large)"):
        filled({"seed": value}, where="x.toml")
    with pytest.raises(UsageError, match=r"score\.strong must be a number of 0 or more"):
        filled({"score": {"strong": float("nan")}}, where="x.toml")


def test_what_is_a_logarithm_may_be_negative_but_must_be_a_number():
    assert filled({"score": {"family_surprise": -1.0}}, where="x").score.family_surprise == -1.0
    with pytest.raises(UsageError, match=r"score\.family_surprise must be a number(?! of)"):
        filled({"score": {"family_surprise": float("nan")}}, where="x")


def test_every_default_may_be_written_down():
    assert filled(Settings().as_dict(), where="x.toml") == Settings()
