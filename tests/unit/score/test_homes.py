"""Accounts at one private address are one actor, however many; a whole building, or a shared place, is no home."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import polars as pl

from toolkit.score import identity


def _scope(*addresses: int, others: int = 0, shared: tuple[int, ...] = ()) -> Any:
    """Ten members with the first of the addresses each, and other accounts at address 0."""
    held = [(address, buyer) for buyer, address in enumerate(addresses)] + [(0, 20 + n) for n in range(others)]
    frame = pl.DataFrame(held, schema={"token": pl.UInt32, "buyer": pl.UInt32}, orient="row").sort("token", "buyer")
    members = pl.DataFrame(
        {"candidate": [0] * 10, "buyer": range(10)}, schema_overrides=dict.fromkeys(("candidate", "buyer"), pl.UInt32)
    )
    table = pl.DataFrame(
        {"address": shared, "kind": ["locker"] * len(shared)}, schema={"address": pl.UInt32, "kind": pl.String}
    )
    market = SimpleNamespace(has=lambda name, *_: name == "addresses", table=lambda _: table)
    linked = SimpleNamespace(tokens={"address": SimpleNamespace(frame=frame)})
    return SimpleNamespace(market=market, linked=linked, candidates=SimpleNamespace(members=members))


def _actors(scope: Any) -> int:
    return int(identity.actors(scope)["actors"].item())


def test_who_lives_together_is_one() -> None:
    assert _actors(_scope(*([0] * 9), 1)) == 2
    assert _actors(_scope(0, 0, 0, 1, 1, 2, 3, 4, 5, 6)) == 8
    assert _actors(_scope(*range(10))) == 10


def test_a_building_or_a_shared_place_is_no_home() -> None:
    assert _actors(_scope(*([0] * 9), 1, others=identity.ROOF - 9)) == 2
    assert _actors(_scope(*([0] * 9), 1, others=identity.ROOF - 8)) == 10
    assert _actors(_scope(*([0] * 9), 1, shared=(0,))) == 10


def test_without_addresses_everybody_counts() -> None:
    scope = _scope(*([0] * 10))
    scope.linked.tokens.clear()
    assert _actors(scope) == 10
