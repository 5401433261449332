"""The other buyers of a ring's listings, and how close in time they act: counted at once, as one by one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from toolkit.config import DAY
from toolkit.contracts.candidates import Candidates
from toolkit.contracts.tokens import TOKENS, TokenKind
from toolkit.score.neighbours import ENOUGH, WEEK, base
from toolkit.score.synchrony import NEAR, _counted


def _orders(rng: np.random.Generator, size: int) -> pl.DataFrame:
    """Orders of few listings, so that many buyers come back; marks are true, false or unknown."""
    marks = {
        name: pl.Series(rng.integers(0, 3, size)).replace_strict({0: False, 1: True, 2: None}, return_dtype=pl.Boolean)
        for name in ("refunded", "light_parcel")
    }
    columns = {"row": range(size), "buyer": rng.integers(0, 60, size), "listing": rng.integers(0, 12, size)}
    schema = {"row": pl.UInt32, "buyer": pl.UInt32, "listing": pl.UInt32}
    orders = pl.DataFrame(columns, schema=schema, strict=False)
    return orders.with_columns(ordered_at=pl.Series(rng.integers(0, 200 * DAY, size)), **marks)


def _scope(orders: pl.DataFrame, rng: np.random.Generator) -> Any:
    chosen = [rng.choice(60, 8, replace=False) for _ in range(5)]
    members = pl.DataFrame(
        {"candidate": np.repeat(np.arange(5), 8), "buyer": np.concatenate(chosen)},
        schema={"candidate": pl.UInt32, "buyer": pl.UInt32},
        strict=False,
    )
    ours = orders.join(members, on="buyer").filter(pl.col("row") % 3 == 0)
    targets = ours.select("candidate", "listing").unique().with_columns(start=0, end=0)
    candidates = Candidates(members=members, values=pl.DataFrame())
    return SimpleNamespace(orders=ours, candidates=candidates, targets=targets)


def _one_by_one(scope: Any, orders: pl.DataFrame) -> dict[tuple[int, int], list[float]]:
    """(candidate, listing) -> m and y of each mark, as the definition has it."""
    found = {}
    for (candidate, listing), ours in scope.orders.group_by("candidate", "listing"):
        members = set(scope.candidates.members.filter(pl.col("candidate") == candidate)["buyer"])
        there = orders.filter((pl.col("listing") == listing) & ~pl.col("buyer").is_in(members))
        start, end = ours["ordered_at"].min() - WEEK, ours["ordered_at"].max() + WEEK
        near = there.filter(pl.col("ordered_at").is_between(start, end))
        far = there.filter(~pl.col("buyer").is_in(near["buyer"].unique().implode()))
        kept = near if near["buyer"].n_unique() >= ENOUGH else pl.concat([near, far])
        if kept.height:
            shares = kept.group_by("buyer").agg(pl.col("refunded", "light_parcel").mean())
            found[candidate, listing] = [
                float(value)
                for name in ("refunded", "light_parcel")
                for value in (shares[name].count(), shares[name].sum())
            ]
    return found


@pytest.mark.parametrize("size", [30, 300, 1500])
def test_neighbours_are_those_that_the_definition_has(size: int) -> None:
    """Few orders, where most listings are quiet in the ring's weeks, and many."""
    rng = np.random.default_rng(size)
    orders = _orders(rng, size)
    scope = _scope(orders, rng)
    columns = ("m_refunded", "y_refunded", "m_light_parcel", "y_light_parcel")
    rows = base(scope, orders).select("candidate", "listing", *columns).iter_rows()
    found = {(candidate, listing): sums for candidate, listing, *sums in rows}
    wanted = _one_by_one(scope, orders)
    assert found.keys() - wanted.keys() == {key for key in found if not any(found[key])} - wanted.keys()
    assert {key: found[key] for key in wanted} == {key: pytest.approx(sums) for key, sums in wanted.items()}


@pytest.mark.parametrize("size", [30, 1500])
def test_near_pairs_of_others_are_those_that_the_definition_has(size: int) -> None:
    rng = np.random.default_rng(size)
    orders = _orders(rng, size)
    scope = _scope(orders, rng)
    frame = orders.select(token="listing", buyer="buyer", at="ordered_at", row="row").cast(dict(TOKENS))
    frame = frame.sort("token", "at", "buyer").unique(["token", "buyer"], keep="first", maintain_order=True)
    kind = TokenKind("listing_ordered", "target", "orders", timed=True, least=3, anchor="listing", frame=frame)
    found = _counted(scope, kind).select("near", "pairs", "m", "base_near", "base_pairs").rows()
    wanted = []
    for candidate, listing in scope.targets.sort("candidate", "listing").select("candidate", "listing").iter_rows():
        members = set(scope.candidates.members.filter(pl.col("candidate") == candidate)["buyer"])
        acts = frame.filter(pl.col("token") == listing)
        inside = pl.col("buyer").is_in(members)
        ours, others = acts.filter(inside)["at"].to_list(), acts.filter(~inside)["at"].to_list()
        m, n = len(ours), len(others)
        wanted.append((_near(ours), m * (m - 1) / 2, m, _near(others), n * (n - 1) / 2))
    assert found == wanted


def _near(times: list[int]) -> float:
    return float(sum(abs(a - b) <= NEAR for i, a in enumerate(times) for b in times[:i]))
