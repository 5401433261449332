"""p-values of every test of shops, in findings and in the stars of shops, where nobody acts together: never too small.

Worlds are those of `test_score_is_uniform`, with marks dealt out anew among orders, so that shops don't differ either.
Values that a market doesn't hold are asked about, too, with p of 1, where a test pays for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
import pytest

from tests.statistics.findings import NAMED, p_values
from tests.statistics.uniform import Uniformity, uniformity
from tests.statistics.worlds import World, read
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market as Order
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from toolkit.market import Market

SEEDS: Final = (5, 17)
ORDERS: Final = 20_000
SIGNALS: Final = {
    "at_minimum_spend",
    "at_voucher_cap",
    "delivered_within_minutes",
    "light_parcel",
    "linked_with_seller",
    "reviewed",
    "same_odd_amount",
    "seller_funded",
    "tracking_reused",
    "undone",
    "undone_after_subsidy",
    "voucher_reused",
}
"""Marks of orders that are asked about by shop, by shop and month, or by campaign."""
STARS: Final = {
    f"f7_shop_{mark}"
    for mark in (
        "cancelled_after_subsidy",
        "delivered_at_once",
        "light_parcel",
        "paid_by_top_up",
        "reused_tracking",
        "shares_with_shop",
    )
}


FIRST: Final = {"funding_source": 10.0}
"""Sources are asked about with the shops that they paid something at, and the first payment counts: p is too small by
up to this. To pay for all shops that they might have met costs right findings (docs/detection.md)."""
MOVES: Final = 400
"""Listings that are put into a campaign's category by lot, and come home after it."""


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    made = [World.of(str(seed), _market(tmp_path_factory.mktemp("calm"), seed)) for seed in SEEDS]
    return [world.dealt(number) for world in made for number in (1, 2)]


def _market(folder: Path, seed: int) -> Market:
    data = folder / "data"
    write(simulate(Order(orders=ORDERS, rings=0, seed=seed)), data, form="parquet")
    changes, listings, campaigns = (
        pl.read_parquet(data / f"{name}.parquet") for name in ("category_changes", "listings", "campaigns")
    )
    some = listings.sample(MOVES, seed=seed).select("listing_id", home="category_id")
    theirs = campaigns.drop_nulls("category_id").sample(MOVES, with_replacement=True, seed=seed)
    stays = pl.concat([some, theirs.select("starts_at", "ends_at", away="category_id")], how="horizontal")
    stays = stays.filter(pl.col("home") != pl.col("away"))
    ways = (("starts_at", "home", "away"), ("ends_at", "away", "home"))
    moves = [stays.select("listing_id", changed_at=at, from_category=old, to_category=new) for at, old, new in ways]
    pl.concat([changes, *moves], how="diagonal").write_parquet(data / "category_changes.parquet")
    return read(data, folder / "case")


def _table(parts: Iterable[pl.DataFrame]) -> dict[str, Uniformity]:
    allowed = pl.col("test").replace_strict(FIRST, default=1.0)
    rows = pl.concat(parts).with_columns((pl.col("p") * allowed).clip(upper_bound=1.0))
    return {str(test): uniformity(part["p"], part["p"]) for (test,), part in rows.group_by("test", maintain_order=True)}


def test_no_p_value_is_too_small(calm: list[World]) -> None:
    rng = np.random.default_rng(0)
    table = _table(p_values(world, rng) for world in calm)
    failed = [f"{test}: {fit}" for test, fit in table.items() if fit.says(len(table)) == "TOO SMALL"]
    assert not failed, f"{len(failed)} of {len(table)} tests accuse by chance: " + "; ".join(failed)
    assert table["category_switch"].n > MOVES
    assert {test.partition(" by ")[0] for test in table} == {*NAMED.values(), *SIGNALS, *STARS}


def test_goods_that_differ_by_nature_are_found(calm: list[World]) -> None:
    """What the test above is good for; shops that stand out by one mark are named for nothing, since two must speak."""
    table = _table([p_values(calm[0], np.random.default_rng(0), by_nature=True)])
    assert table["at_minimum_spend by seller"].says(len(table)) == "TOO SMALL"
