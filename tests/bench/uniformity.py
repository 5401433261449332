"""`python -m tests.bench.uniformity`: p-values of every test without rings; prints the table of docs/detection.md.

Markets are simulated without rings, as they are (with clubs, families, campaigns and all other look-alikes, which do
act alike) and dealt out anew inside weeks, where nobody does. Groups are drawn as `tests.statistics.groups` says.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from tests.statistics.every_test import p_values
from tests.statistics.uniform import LEVELS, Uniformity, uniformity
from tests.statistics.worlds import World, simulated
from toolkit.case import Case
from toolkit.market import Market

TOLD: Final = LEVELS[1:]
"""Levels that the table tells."""


def main() -> None:
    """Ask every test about groups of every market, and print a line a test and kind of market."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.uniformity", description=__doc__)
    parser.add_argument("--seeds", default="5,17,18")
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--chosen", action="store_true", help="also groups that were chosen by what a test looks at")
    parser.add_argument("--keep", type=Path, help="a folder that cases are kept in")
    asked = parser.parse_args()
    rng = np.random.default_rng(0)
    parts = []
    with tempfile.TemporaryDirectory() as scratch:
        for seed in asked.seeds.split(","):
            world = _world(asked.keep or Path(scratch), asked.orders, int(seed))
            for kind, one in (("as it is", world), ("dealt", world.dealt(1))):
                parts.append(p_values([one], rng, chosen=asked.chosen).with_columns(market=pl.lit(kind)))
    print(
        f"{datetime.now(UTC).date()}, simulated markets of {asked.orders:,} orders without rings, seeds {asked.seeds}\n"
    )
    _print(pl.concat(parts))


def _world(folder: Path, orders: int, seed: int) -> World:
    place = folder / f"simulated-{orders}-{seed}"
    there = (place / "case" / "tables").is_dir()
    return World.of(str(seed), Market(Case(place / "case")) if there else simulated(place, orders=orders, seed=seed))


def _print(rows: pl.DataFrame) -> None:
    """KS and shares over all groups; verdicts by way of drawing."""
    heads = " | ".join(f"{level:g}" for level in TOLD)
    print(f"| test | market | asked | KS | {heads} | too small on | uniform | conservative |")
    print("|---|---|---|---|" + "---|" * (len(TOLD) + 3))
    groups = rows.group_by("market", "test", "design").len().height
    for (test, market), part in sorted(rows.group_by("test", "market"), key=lambda group: group[0]):
        whole = uniformity(part["p"], part["u"])
        fits = {str(design[0]): uniformity(one["p"], one["u"]) for design, one in part.group_by("design")}
        print(f"| `{test}` | {market} | {whole.n:,} | {whole.distance:.2f} | {_cells(whole, fits, groups)} |")


def _cells(whole: Uniformity, fits: dict[str, Uniformity], groups: int) -> str:
    """Shares over what chance brings, and on which groups the test is too small, and on how many it is not."""
    said = {design: fit.says(groups) for design, fit in fits.items()}
    small = ", ".join(sorted(design for design, word in said.items() if word == "TOO SMALL")) or "-"
    counts = [list(said.values()).count(word) for word in ("uniform", "conservative")]
    shares = [share / level for share, level in zip(whole.shares[1:], TOLD, strict=True)]
    return " | ".join([*(f"{share:.2g}" for share in shares), small, *map(str, counts)])


main()
