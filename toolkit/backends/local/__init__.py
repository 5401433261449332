"""Compute on this machine: NumPy, a few Numba kernels, SciPy, Leiden in Rust."""

from __future__ import annotations

from toolkit.backends.local.coincidence import coincidences
from toolkit.backends.local.community import communities
from toolkit.backends.local.in_common import acts, common
from toolkit.backends.local.meetings import meetings
from toolkit.backends.local.membership import odds

__all__ = ["acts", "coincidences", "common", "communities", "meetings", "odds"]
