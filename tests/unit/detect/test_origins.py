"""What shared attributes alone propose, and communities of listings that go on from season to season."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from toolkit.backends import local
from toolkit.config import DetectSettings
from toolkit.detect.propose import propose

EDGE = {"left": pl.UInt32, "right": pl.UInt32, "weight": pl.Float64}
SEASON = {"node": pl.UInt32, "listing": pl.UInt32, "buyer": pl.UInt32, "alone": pl.Boolean}


def _linked(**given: Any) -> Any:
    """Sixty buyers, each a household of its own, and whatever links are given."""
    none = {
        "buyers": pl.DataFrame(schema={**EDGE, "view": pl.String}),
        "met": pl.DataFrame(schema=EDGE),
        "listings": pl.DataFrame(schema=EDGE),
        "seasons": pl.DataFrame(schema=SEASON),
        "star_members": pl.DataFrame(schema={"star": pl.UInt32, "buyer": pl.UInt32}),
        "household": np.arange(60, dtype=np.uint32),
        "region": np.zeros(60, dtype=np.uint32),
        "tokens": {},
        "n_buyers": 60,
    }
    return SimpleNamespace(**(none | given))


def _groups(linked: Any) -> set[tuple[str, tuple[int, ...]]]:
    found = propose(linked, local, DetectSettings(), 0)
    groups = found.group_by("candidate").agg(pl.col("origin").first(), pl.col("buyer").sort())
    return {(origin, tuple(buyers)) for origin, buyers in groups.select("origin", "buyer").iter_rows()}


def _clique(view: str) -> pl.DataFrame:
    pairs = [(a, b, 0.5, view) for a in range(8) for b in range(a + 1, 8)]
    return pl.DataFrame(pairs, schema={**EDGE, "view": pl.String}, orient="row")


def test_accounts_that_share_devices_are_proposed() -> None:
    assert _groups(_linked(buyers=_clique("device"))) == {("attributes", tuple(range(8)))}


def test_what_comes_with_an_act_proposes_nobody_by_itself() -> None:
    assert _groups(_linked(buyers=_clique("refund_instrument"))) == set()


def test_one_household_is_no_community() -> None:
    home = np.zeros(60, dtype=np.uint32)
    assert _groups(_linked(buyers=_clique("device"), household=home)) == set()


def test_accounts_of_one_night_that_share_a_little_are_proposed() -> None:
    """Trios behind one telephone each: too little for one community, but nine accounts of two days."""
    trios = [(a, b, 0.5, "phone") for t in range(4) for a in range(3 * t, 3 * t + 3) for b in range(a + 1, 3 * t + 3)]
    pairs = [(20, 21, 0.5, "phone"), (22, 23, 0.5, "phone")]  # couples of that night, as chance has it
    days = {**dict.fromkeys(range(6), 400), **dict.fromkeys(range(6, 9), 401), **dict.fromkeys((9, 10), 400)}
    days |= {11: 90, **dict.fromkeys(range(20, 24), 400)}  # one of the fourth trio was made at another time
    made = pl.DataFrame(
        {"token": list(days.values()), "buyer": list(days)},
        schema=pl.Schema(dict.fromkeys(("token", "buyer"), pl.UInt32)),
    )
    linked = _linked(
        buyers=pl.DataFrame(trios + pairs, schema={**EDGE, "view": pl.String}, orient="row"),
        tokens={"created_on": SimpleNamespace(frame=made)},
    )
    assert _groups(linked) == {("attributes", tuple(range(9)))}


def test_communities_of_listings_go_on_from_season_to_season() -> None:
    """Nodes are listing x 10 + season; three listings in each of two seasons, two of them the same."""
    spring, summer = [10, 20, 30], [21, 31, 41]
    pairs = [(a, b, 12.0) for nodes in (spring, summer) for a in nodes for b in nodes if a < b]
    early = [(node, node // 10, buyer, False) for node in spring for buyer in range(6)]
    late = [(node, node // 10, buyer, False) for node in summer for buyer in range(20, 26)]
    both = [
        (10, 1, 40, False),
        (41, 4, 40, False),
    ]  # one thing in each season: a member of the whole, and of neither part
    found = _groups(
        _linked(
            listings=pl.DataFrame(pairs, schema=EDGE, orient="row"),
            seasons=pl.DataFrame(early + late + both, schema=SEASON, orient="row"),
        )
    )
    first, second = tuple(range(6)), tuple(range(20, 26))
    assert found == {("listings", first), ("listings", second), ("listings", (*first, *second, 40))}


def test_long_seasons_propose_by_themselves() -> None:
    """They are no links of a chain: each holds all that its short ones hold."""
    pairs = [(a, b, 12.0) for nodes in ([10, 20, 30], [110, 120, 130]) for a in nodes for b in nodes if a < b]
    short = [(node, node // 10, buyer, False) for node in (10, 20, 30) for buyer in range(6)]
    long = [(node, node // 10 - 10, buyer, True) for node in (110, 120, 130) for buyer in range(9)]
    found = _groups(
        _linked(
            listings=pl.DataFrame(pairs, schema=EDGE, orient="row"),
            seasons=pl.DataFrame(short + long, schema=SEASON, orient="row"),
        )
    )
    assert found == {("listings", tuple(range(6))), ("listings", tuple(range(9)))}
