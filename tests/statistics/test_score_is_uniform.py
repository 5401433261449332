"""p-values of every test of `score` where nobody acts together: uniform, or too large where the test says so.

Markets are small and simulated without rings, with every look-alike, and then dealt out anew inside weeks, so that
nobody acts together by construction. Groups are drawn by lot, or proposed by a run; a test is not asked about groups
that were chosen by what it looks at. `python -m tests.bench.uniformity` prints the table for larger markets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
import pytest

from tests.statistics.every_test import p_values
from tests.statistics.uniform import Uniformity, uniformity
from tests.statistics.worlds import World, simulated, told_otherwise
from toolkit.detect import enrich
from toolkit.score import clicks, conversion, dear, haste, identity, rates, ratings, stories, synchrony
from toolkit.score.statements import WHOLE
from toolkit.score.tokens import FAMILY

if TYPE_CHECKING:
    from types import ModuleType

SEEDS: Final = (5, 17)
ORDERS: Final = 20_000
SAID_BY: Final[dict[str, ModuleType]] = {
    "f10": clicks,
    "f3": identity,
    "f4": enrich,
    "f5": synchrony,
    "f6_rating": ratings,
    "f6_review_conversion": conversion,
    "f6_review_haste": haste,
    "f7_one_story": stories,
    "f7": rates,
    "f11": dear,
}
"""Beginning of a test's name -> the module whose docstring says how it errs."""
STEADY: Final = 4.0
"""F4 takes activity as steady: of accounts that all came in one quarter its p-values are too small by up to this."""
ELSEWHERE: Final = ("f1_", "f7_shop_")
"""Gift cards after reviews are asked about in `tests/unit/link/gift_cards/test_calibration.py`, shops with findings."""
Table = dict[tuple[str, str], Uniformity]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    folder = tmp_path_factory.mktemp("calm")
    made = [World.of(str(s), simulated(folder / str(s), orders=ORDERS, seed=s)) for s in SEEDS]
    otherwise = told_otherwise(folder / str(SEEDS[0]) / "data", folder / "otherwise")
    worlds = [world.dealt(number) for world in made for number in (1, 2)]
    return [*worlds, World.of("told otherwise", otherwise).dealt(1)]


@pytest.fixture(scope="module")
def table(calm: list[World]) -> Table:
    rows = p_values(calm, np.random.default_rng(0))
    unsteady = pl.col("test").str.starts_with("f4_") & (pl.col("design") == "newcomers")
    allowed = pl.when(unsteady).then(STEADY).otherwise(1.0)
    rows = rows.with_columns((pl.col("p", "u") * allowed).clip(upper_bound=1.0))
    groups = rows.group_by("test", "design", maintain_order=True)
    return {(str(test), str(design)): uniformity(part["p"], part["u"]) for (test, design), part in groups}


def test_no_p_value_is_too_small(table: Table) -> None:
    failed = [
        f"{test} on {design}: {fit}" for (test, design), fit in table.items() if fit.says(len(table)) == "TOO SMALL"
    ]
    assert not failed, f"{len(failed)} of {len(table)} tests accuse by chance: " + "; ".join(failed)


def test_those_that_err_on_the_careful_side_say_so(table: Table) -> None:
    careful = {test for (test, _), fit in table.items() if fit.says(len(table)) == "conservative"}
    silent = sorted(test for test in careful if "conservative" not in (_module(test).__doc__ or ""))
    assert not silent, f"{len(silent)} of {len(careful)} conservative tests don't say so: {', '.join(silent)}"


def test_every_test_of_whole_groups_was_asked(table: Table) -> None:
    every = {*(f"f4_{kind}" for kind in FAMILY), *WHOLE}
    assert {test for test, _ in table} == {test for test in every if not test.startswith(ELSEWHERE)}


def test_a_null_that_is_too_narrow_is_found(calm: list[World], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "LEEWAY", 0.3)
    rows = p_values(calm, np.random.default_rng(0)).filter(
        (pl.col("test") == "f7_refunded") & (pl.col("design") == "alike")
    )
    assert uniformity(rows["p"], rows["u"]).says(1) == "TOO SMALL"


def _module(test: str) -> ModuleType:
    return next(module for name, module in SAID_BY.items() if test.startswith(name))
