"""One small market for all tests of the simulator that only look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market

if TYPE_CHECKING:
    from toolkit.simulate.tables import Marketplace

SMALL = Market(orders=40_000, rings=11, seed=7)


@pytest.fixture(scope="session")
def small() -> Marketplace:
    return simulate(SMALL)
