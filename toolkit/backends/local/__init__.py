"""Compute on this machine: NumPy, a few Numba kernels, SciPy, Leiden in Rust."""

from __future__ import annotations

from toolkit.backends.local.coincidence import coincidences
from toolkit.backends.local.community import communities
from toolkit.backends.local.in_common import acts, common
from toolkit.backends.local.meetings import meetings
from toolkit.backends.local.membership import holding, odds
from toolkit.backends.local.memory import give_back
from toolkit.backends.local.recapture import recaptured

__all__ = ["acts", "coincidences", "common", "communities", "give_back", "holding", "meetings", "odds", "recaptured"]
