"""Members who show once: added where those who show again and again explain them, and not where a crowd does."""

from __future__ import annotations

import numpy as np
import polars as pl

from toolkit.backends import local
from toolkit.config import DAY
from toolkit.contracts.tokens import TOKENS, TokenKind
from toolkit.detect.attach import attached
from toolkit.detect.enrich import VALUES
from toolkit.detect.shelves import shelved

THINGS, RING, SHOWS = 5, 80, 0.45


def _market(crowd: int, seed: int = 3) -> tuple[TokenKind, pl.DataFrame, pl.DataFrame]:
    """A ring that works five things for thirty days, and `crowd` strangers on each of them in that time."""
    rng = np.random.default_rng(seed)
    rows = []
    for thing in range(THINGS):
        rows += [(thing, buyer, int(rng.integers(100, 130))) for buyer in range(RING) if rng.random() < SHOWS]
        rows += [(thing, 1_000 * (thing + 1) + n, int(rng.integers(100, 130))) for n in range(crowd)]
        rows += [(thing, 10_000 + thing, 0), (thing, 20_000 + thing, 364)]
    dated = [(thing, buyer, at * DAY, 0) for thing, buyer, at in rows]
    frame = pl.DataFrame(dated, schema=TOKENS, orient="row").sort("token", "at", "buyer")
    acts = frame.filter(pl.col("buyer") < RING).group_by("buyer").len()
    members = acts.filter(pl.col("len") >= 2).select(pl.lit(0, pl.UInt32).alias("candidate"), "buyer")
    once = acts.filter(pl.col("len") == 1).select("buyer")
    return TokenKind("listing_ordered", "target", "orders", True, 3, "listing", frame), members, once


def _held(kind: TokenKind, members: pl.DataFrame, things: int = THINGS) -> pl.DataFrame:
    rows = [
        {"candidate": 0, "kind": kind.name, "token": thing, "start": 99 * DAY, "end": 131 * DAY}
        for thing in range(things)
    ]
    return pl.DataFrame(rows, schema=VALUES)


def _added(crowd: int, things: int = THINGS) -> tuple[set[int], set[int]]:
    """Accounts that were added, and the ring's members that show once."""
    kind, members, once = _market(crowd)
    drawn = pl.DataFrame({"candidate": [0], "population": [100_000.0]}, schema_overrides={"candidate": pl.UInt32})
    found = attached(members, _held(kind, members, things), shelved({kind.name: kind}, local, 30_000), drawn, local)
    return set(found["buyer"]) - set(members["buyer"]), set(once["buyer"])


def test_members_who_show_once_are_added_where_hardly_a_stranger_comes() -> None:
    added, once = _added(crowd=0)
    assert len(once) >= 8
    assert len(added & once) >= 0.8 * len(once)
    assert not added & set(range(10_000, 30_000))


def test_a_crowd_on_the_same_things_stays_outside() -> None:
    added, _ = _added(crowd=200)
    assert added == set()


def test_two_things_tell_nothing() -> None:
    added, _ = _added(crowd=0, things=2)
    assert added == set()


def test_nothing_to_ask_about_adds_nobody() -> None:
    kind, members, _ = _market(0)
    drawn = pl.DataFrame({"candidate": [0], "population": [100.0]}, schema_overrides={"candidate": pl.UInt32})
    found = attached(members, _held(kind, members).clear(), shelved({kind.name: kind}, local, 30_000), drawn, local)
    assert found.columns == ["candidate", "buyer", "posterior", "kind"]
    assert found.height == 0
