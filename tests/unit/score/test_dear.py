"""Dear goods at shared addresses, and places that are none of a ring's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tests.unit.link.market import market, order
from toolkit.config import LinkSettings
from toolkit.link import marks, tokens
from toolkit.link.regions import regions
from toolkit.score import dear, identity

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.market import Market

HUB = 30
NOBODY = pl.DataFrame(schema={"buyer": pl.UInt32, "listing": pl.UInt32})
RING = 16


def _scope(made: Market) -> Any:
    """The first accounts as a candidate; each lives alone."""
    region, n = regions(made), made.size("buyer")
    kinds = tokens.kinds(made, NOBODY, region, LinkSettings(), marks.topped_up(made))
    linked = SimpleNamespace(tokens=kinds, household=np.arange(n, dtype=np.uint32), region=region, n_buyers=n)
    members = pl.DataFrame({"candidate": [0] * RING, "buyer": range(RING)}, schema_overrides={"buyer": pl.UInt32})
    members = members.with_columns(acts_alone=pl.lit(value=True))
    return SimpleNamespace(market=made, linked=linked, candidates=SimpleNamespace(members=members))


def _orders(dear_one: float, places: int, elsewhere: float = 20.0) -> list[dict[str, Any]]:
    """Two orders of each member to one of the shared places and one to its home; everybody else buys cheaply."""
    rows = []
    for n in range(400):
        amount = 10.0 + n % 40
        rows.append(order(n, f"B{n:03}", amount=elsewhere if n < RING else amount, address_id=f"home {n}"))
    for n in range(RING):
        rows += [
            order(1000 + 2 * n + k, f"B{n:03}", amount=dear_one, address_id=f"drop {(n + k) % places}") for k in (0, 1)
        ]
    return rows


def _judged(path: Path, rows: list[dict[str, Any]]) -> float:
    told = dear.judge(_scope(market(path, orders=rows)), HUB)
    return float(told["surprise"].max() or 0.0) if told.height else 0.0


def test_dear_goods_at_several_shared_addresses(tmp_path: Path) -> None:
    made = market(tmp_path, orders=_orders(500.0, places=4))
    told = dear.judge(_scope(made), HUB).row(0, named=True)
    assert told["note"] == "32 of 32 orders of 16 members"
    assert told["surprise"] > 6.0
    keys = pl.DataFrame({"key": ["k"], "candidate": [0]}, schema_overrides={"candidate": pl.Int64})
    assert dear.rows(_scope(made), keys, HUB).height == 2 * RING


def test_cheap_goods_say_nothing(tmp_path: Path) -> None:
    assert _judged(tmp_path, _orders(12.0, places=4)) < 1.0


def test_one_shared_address_is_a_place(tmp_path: Path) -> None:
    assert _judged(tmp_path, _orders(500.0, places=1)) == 0.0


def test_who_buys_dear_things_anyway_says_nothing(tmp_path: Path) -> None:
    assert _judged(tmp_path, _orders(500.0, places=4, elsewhere=500.0)) < 1.0


def test_a_hall_that_most_use_joins_nobody_although_a_couple_shares_a_device(tmp_path: Path) -> None:
    def asked(path: Path, places: int) -> pl.DataFrame:
        rows = _orders(20.0, places)
        couple = [order(5000 + n, f"B{n:03}", amount=9.0, device_id="D", address_id=f"home {n}") for n in (0, 1)]
        return identity.judge(identity.Joining.of(_scope(market(path, orders=rows + couple)), HUB))

    assert asked(tmp_path / "hall", 1).height == 0
    assert asked(tmp_path / "cells", 4)["surprise"].to_list()[0] > 6.0


def test_couples_are_no_cluster(tmp_path: Path) -> None:
    """Eight pairs that share a card each say nothing of a crowd; the same cards in fours join it."""

    def joins(path: Path, size: int) -> int:
        rows = _orders(12.0, places=1)[:400]
        shared = [order(2000 + n, f"B{n:03}", payment_id=f"card {n // size}") for n in range(RING)]
        told = identity.judge(identity.Joining.of(_scope(market(path, orders=rows + shared)), HUB))
        return int(told["observed"].sum())

    assert joins(tmp_path / "twos", 2) == 0
    assert joins(tmp_path / "fours", 4) == 12
