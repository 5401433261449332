"""On markets without any ring the p-values of F1 are uniform, and hardly anything is found.

Three tests of uniformity are made on the markets below. p-values of counts are discrete, so each is spread evenly over
its step (a randomised p-value), which makes it exactly uniform where the law of the count is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from scipy import stats as tests

from toolkit.case import Case
from toolkit.ingest.folder import ingest
from toolkit.link.gift_cards import GiftCardSettings, find, propensity, stars
from toolkit.link.gift_cards.events import by_group, read
from toolkit.link.gift_cards.expect import Hazard, expectations
from toolkit.link.gift_cards.windows import after_reviews
from toolkit.market import Market
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market as Order
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = (101, 102, 103)


@pytest.fixture(scope="module", params=SEEDS)
def market(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Market:
    folder: Path = tmp_path_factory.mktemp("calm")
    write(simulate(Order(orders=60_000, rings=0, seed=request.param)), folder / "data", form="parquet")
    ingest(folder / "data", folder / "case")
    return Market(Case(folder / "case"))


def _every_cell(market: Market) -> pl.DataFrame:
    """k, expected, and -log10 P(K >= k) and P(K > k), of each listing and each group of its reviewers' currency."""
    settings = GiftCardSettings()
    alone = np.arange(market.size("buyer"))
    events, windows = read(market, alone), after_reviews(market, alone, settings)
    inclined = propensity.learn(market, events.rows, settings)
    hazard = Hazard(by_group(events.rows), events.groups, inclined)
    home = pl.Series("currency", inclined.home[windows.after["buyer"].to_numpy()])
    local = windows.after.select("anchor", home).filter(pl.col("anchor") < windows.listings)
    local = local.group_by("anchor").agg(pl.col("currency").mode().min())
    groups = events.groups.filter(pl.col("stratum") == "open").with_columns(pl.col("currency").cast(pl.Int64))
    counts = stars.counted(stars.hits(windows.after, events), 1)
    cells = local.join(groups, on="currency").join(counts, on=["anchor", "group"], how="left")
    cells = cells.select("anchor", "group", pl.col("k").fill_null(0)).sort("anchor", "group")
    at_least = expectations(cells, windows.after, hazard, settings)
    more = expectations(cells.with_columns(pl.col("k") + 1), windows.after, hazard, settings)
    return at_least.with_columns(more=more["surprise"])


def test_p_values_are_uniform_without_rings(market: Market) -> None:
    cells = _every_cell(market).filter(pl.col("expected") >= 0.02)
    assert cells.height > 1_000
    reached = np.where(cells["k"].to_numpy() == 0, 1.0, 10.0 ** -cells["surprise"].to_numpy())
    passed = 10.0 ** -cells["more"].to_numpy()
    p = passed + np.random.default_rng(0).random(cells.height) * (reached - passed)
    assert tests.kstest(p, "uniform").pvalue > 0.01 / len(SEEDS)
    assert np.mean(p < 0.01) < 0.015
    # Expecting too much costs power and accuses nobody; expecting too little would.
    assert 0.7 < cells["k"].sum() / cells["expected"].sum() < 1.1


def test_nothing_is_found_without_rings(market: Market) -> None:
    assert find(market).stars.is_empty()
