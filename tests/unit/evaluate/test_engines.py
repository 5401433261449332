"""Every engine finds two plain groups; the comparison takes each at its best cut."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest

from toolkit.backends import local
from toolkit.evaluate.compare import best_cut, compare, table
from toolkit.evaluate.engines import ENGINES
from toolkit.evaluate.load import Results, Truth
from toolkit.evaluate.material import Material

DAY = 86_400
GROUPS = (range(6), range(6, 12))


def material() -> Material:
    """Two groups of six, each reviewing five things of its own in a day, behind one device; thirty others."""
    pairs = [(left, right, 5.0) for group in GROUPS for left, right in itertools.combinations(group, 2)]
    acts = [
        (buyer, 5 * number + thing, 100 * thing)
        for number, group in enumerate(GROUPS)
        for buyer in group
        for thing in range(5)
    ]
    acts += [(buyer, 20 + buyer, 50 * DAY) for buyer in range(12, 42)]
    shared = [(buyer, f"device {number}") for number, group in enumerate(GROUPS) for buyer in group]
    codes = {"buyer": pl.UInt32}
    return Material(
        buyers=pl.Series("buyer_id", [f"b{number:02d}" for number in range(42)]),
        edges=pl.DataFrame(pairs, schema={"left": pl.UInt32, "right": pl.UInt32, "weight": pl.Float64}, orient="row"),
        reviews=pl.DataFrame(acts, schema={**codes, "listing": pl.UInt32, "at": pl.Int64}, orient="row").sort(
            "listing", "at"
        ),
        attributes=pl.DataFrame(shared, schema={**codes, "value": pl.String}, orient="row"),
        compute=local,
        seed=1,
    )


def truth() -> Truth:
    members = [(f"R{number}", f"b{buyer:02d}") for number, group in enumerate(GROUPS) for buyer in group]
    return Truth(
        rings=pl.DataFrame({"ring_id": ["R0", "R1"], "scheme": "review_ring", "level": [0, 1]}),
        members=pl.DataFrame(members, schema={"ring_id": str, "buyer_id": str}, orient="row"),
        targets=None,
        orders=None,
        category_switches=None,
        messages=None,
        traps=None,
    )


@pytest.mark.parametrize("name", [name for name in ENGINES if name != "FRAUDAR style"])
def test_engine_puts_each_group_together_and_nobody_else(name: str) -> None:
    labels = ENGINES[name](material())
    parts = {tuple(np.flatnonzero(labels == label)) for label in np.unique(labels[labels >= 0])}
    groups = {part for part in parts if len(part) > 1}
    assert groups == {tuple(group) for group in GROUPS}


def test_peeling_takes_equal_blocks_together_first() -> None:
    labels = ENGINES["FRAUDAR style"](material())
    assert np.flatnonzero(labels == 0).tolist() == list(range(12))


@pytest.mark.parametrize("name", ENGINES)
def test_engine_is_the_same_twice(name: str) -> None:
    assert ENGINES[name](material()).tolist() == ENGINES[name](material()).tolist()


def test_the_best_cut_leaves_out_the_groups_that_cost_precision() -> None:
    members = [("good", f"b{buyer:02d}") for buyer in GROUPS[0]] + [("also", f"b{buyer:02d}") for buyer in GROUPS[1]]
    members += [("wrong", f"b{buyer}") for buyer in range(20, 26)]
    frame = pl.DataFrame(members, schema={"ring_id": str, "buyer_id": str}, orient="row")
    scores = best_cut(["good", "also", "wrong"], frame, truth())
    assert (scores.alerts, scores.found, scores.precision) == (2, 2, 1.0)
    late = best_cut(["wrong", "good", "also"], frame, truth())
    assert (late.alerts, late.found) == (1, 0)


def test_an_engine_without_groups_has_no_figures() -> None:
    empty = pl.DataFrame(schema={"ring_id": pl.String, "buyer_id": pl.String})
    scores = best_cut([], empty, truth())
    assert (scores.alerts, scores.found, scores.planted) == (0, 0, 2)


def test_comparison_starts_with_the_case_and_names_every_engine() -> None:
    rings = pl.DataFrame({"ring_id": ["C"], "tier": ["strong"]})
    members = pl.DataFrame({"ring_id": "C", "buyer_id": [f"b{buyer:02d}" for buyer in GROUPS[0]]})
    results = Results(rings=rings, members=members, targets=None, virtual_orders=None, findings=None, orders=None)
    lines = list(compare(material(), results, truth()))
    assert [line.engine for line in lines[1:]] == list(ENGINES)
    assert lines[0].scores.recall == 0.5
    assert lines[1].scores.recall == 1.0
    assert len(table(lines)) == len(lines) + 1
