"""p-values of pairs that do the same, where nobody acts together: as often small as they say, or less.

`python -m tests.bench.nulls` measures whole distributions on larger markets, by how busy the two are, and other nulls.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from tests.statistics.worlds import World, simulated
from toolkit.backends import local
from toolkit.config import LinkSettings
from toolkit.link import co_behaviour
from toolkit.link.regions import of_listings

if TYPE_CHECKING:
    import polars as pl

    from toolkit.ports import Incidences

EVERY: Final = replace(LinkSettings(), least_shared=1, false_discovery=1.0, listing_surprise=0.0)
"""Every pair that met at all is told, with its p."""
SURPRISES: Final = (2, 3, 4)
"""-log10 p at which pairs are counted."""


@pytest.fixture(scope="module", params=(5, 17))
def dealt(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    made = simulated(tmp_path_factory.mktemp("calm"), orders=20_000, seed=request.param)
    return World.of(str(request.param), made).dealt(1)


def _shares(surprise: pl.Series, pairs: float) -> list[float]:
    """How many pairs are that surprising, over how many chance brings."""
    return [float((surprise >= level).sum() / (pairs * 10.0**-level)) for level in SURPRISES]


def test_pairs_of_buyers(dealt: World) -> None:
    acts = co_behaviour.events(dealt.market, "orders")
    told = co_behaviour.buyer_side(acts, dealt.linked.region, local, EVERY, view="co_purchase", window_days=14)
    n = acts["buyer"].n_unique()
    assert max(_shares(told["surprise"], n * (n - 1) / 2)) < 1.2


def _listings(dealt: World) -> tuple[pl.DataFrame, co_behaviour.Seasons, float]:
    """Acts spread over seasons, the seasons, and how many pairs of listings have acts in one of them."""
    acts = co_behaviour.events(dealt.market, "orders")
    seasons = co_behaviour.Seasons.of([acts], EVERY)
    held = seasons.spread(acts)
    n = np.bincount(held["node"].unique().to_numpy() % seasons.count).astype(float)
    return held, seasons, float((n * (n - 1) / 2).sum())


def test_pairs_of_listings(dealt: World) -> None:
    held, seasons, pairs = _listings(dealt)
    region = of_listings([seasons.named(held)], dealt.linked.region, dealt.market.size("listing"))
    told = co_behaviour.listing_side(held, seasons, region, dealt.market, local, EVERY)
    assert max(_shares(told["surprise"], pairs)) < 1.2


def test_seasons_thrown_together_would_accuse(dealt: World) -> None:
    """What the test is good for: where listings of two seasons are expected to meet, those of one are too little."""
    held, seasons, pairs = _listings(dealt)
    region = of_listings([seasons.named(held)], dealt.linked.region, dealt.market.size("listing"))
    told = co_behaviour.listing_side(held, seasons, region, dealt.market, _Yearly(), EVERY)
    assert max(_shares(told["surprise"], pairs)) > 2.0


class _Yearly:
    """The engine, told nothing of seasons."""

    def coincidences(self, incidences: Incidences, **asked: int) -> pl.DataFrame:
        return local.coincidences(replace(incidences, block=None), **asked)
