"""Calibration: null worlds of the user's own data, and what the rings of the real one are worth beside them."""

from __future__ import annotations

from toolkit.calibrate.q_values import calibrated
from toolkit.calibrate.swaps import swapped

__all__ = ["calibrated", "swapped"]
