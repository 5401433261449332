"""Compute on this machine: NumPy, one Numba kernel, SciPy, Leiden in Rust."""

from __future__ import annotations

from toolkit.backends.local.coincidence import coincidences
from toolkit.backends.local.community import communities
from toolkit.backends.local.meetings import meetings

__all__ = ["coincidences", "communities", "meetings"]
