"""Values in windows, communities that share one listing, and one candidate a ring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from toolkit.backends import local
from toolkit.backends.local import communities
from toolkit.config import DAY
from toolkit.contracts.tokens import TOKENS, TokenKind
from toolkit.detect.enrich import populations, tallied, values
from toolkit.detect.merge import distinct
from toolkit.detect.shelves import shelved

N = 1_000


def _kind(rows: list[tuple[int, int, int]]) -> TokenKind:
    """A timed kind of (token, buyer, day)."""
    dated = [(token, buyer, at * DAY, 0) for token, buyer, at in rows]
    frame = pl.DataFrame(dated, schema=TOKENS, orient="row").sort("token", "at", "buyer")
    return TokenKind("listing_ordered", "target", "orders", timed=True, least=3, anchor="listing", frame=frame)


def _held(kind: TokenKind, members: list[int]) -> pl.DataFrame:
    columns = {"candidate": pl.UInt32, "buyer": pl.UInt32}
    frame = pl.DataFrame({"candidate": [0] * len(members), "buyer": members}, schema=columns)
    home, region = np.arange(N, dtype=np.uint32), np.zeros(N, np.uint32)
    tally = tallied(frame, local, shelved({kind.name: kind}, local, N), home, region, least_surprise=1.0)
    return values(tally, least_surprise=1.0, least_share=0.1)


def test_a_burst_of_members_is_a_value_and_its_window_is_theirs() -> None:
    crowd = [(7, 100 + n, n % 360) for n in range(180)]
    ring = [(7, n, 200 + n % 3) for n in range(8)]
    held = _held(_kind(crowd + ring), list(range(8)))
    assert held["token"].to_list() == [7]
    assert held["k"][0] == 8
    assert 190 * DAY < held["start"][0] <= 200 * DAY
    assert 202 * DAY <= held["end"][0] < 210 * DAY


def test_what_everybody_buys_is_none() -> None:
    assert _held(_kind([(7, n, n * 97 % 360) for n in range(N)]), list(range(8))).height == 0


def _written(places: list[tuple[int, int]]) -> TokenKind:
    """A kind like texts: one token, which buyers hold at places, ten acts each, one act in a hundred on it."""
    schema = {"buyer": pl.UInt32, "place": pl.Int64}
    where = pl.DataFrame(places, schema=schema, orient="row").with_columns(token=pl.lit(0, pl.UInt32))
    frame = where.select("token", "buyer", at=pl.lit(0, pl.Int64), row=pl.lit(0, pl.UInt32)).unique("buyer")
    return TokenKind(
        "review_text", "message", "reviews", timed=False, least=3, anchor="text", frame=frame.sort("buyer"),
        acts=np.full(N, 10.0), chance=np.array([0.01]), places=where,
    )  # fmt: skip


def test_what_is_held_at_one_place_joins_nobody_in_a_group() -> None:
    """Eight members and twenty others hold it, the others elsewhere: in the market it is at two places."""
    others = [(100 + n, 2) for n in range(20)]
    assert _held(_written([(n, 1) for n in range(8)] + others), list(range(8))).height == 0
    assert _held(_written([*((n, 1) for n in range(8)), (0, 3), *others]), list(range(8))).height == 0


def test_at_each_place_as_many_count_as_hold_it_elsewhere() -> None:
    held = _held(_written([(n, 1 if n < 6 else 2) for n in range(8)]), list(range(8)))
    assert held["k"].to_list() == [4]
    dense = _held(_written([(n, place) for n in range(8) for place in (1, 2)]), list(range(8)))
    assert dense["k"].to_list() == [8]


def test_what_others_hold_where_the_group_acts_too_is_expected() -> None:
    """Eight members hold it at places 0 to 7 and act at place 50 too, where 40 of 200 acts of others are on it."""
    own = [(n, n, 0) for n in range(8)] + [(n, 50, None) for n in range(8)]
    for those, found in ((40, 0), (0, 1)):
        others = [(100 + n, 50, 0 if n < those else None) for n in range(200)]
        places = pl.DataFrame(
            [(buyer, place, token) for buyer, place, token in own + others],
            schema={"buyer": pl.UInt32, "place": pl.Int64, "token": pl.UInt32},
            orient="row",
        )
        kind = replace(_written([(n, n) for n in range(8)]), places=places)
        assert _held(kind, list(range(8))).height == found


def test_where_the_group_holds_it_others_may_be_of_the_group() -> None:
    others = [(100 + n, n % 8) for n in range(80)]
    held = _held(_written([(n, n) for n in range(8)] + others), list(range(8)))
    assert held["expected"].round(6).to_list() == [0.8]


def test_chances_by_the_act_count_acts() -> None:
    held = _held(_written([(n, n) for n in range(8)]), list(range(8)))
    assert held["expected"].round(6).to_list() == [8 * 10 * 0.01]


def test_members_of_one_region_are_drawn_from_it() -> None:
    region = np.array([1] * 100 + [2] * 900, np.uint32)
    columns = {"candidate": pl.UInt32, "buyer": pl.UInt32}
    members = pl.DataFrame({"candidate": [0, 0, 1, 1], "buyer": [1, 2, 3, 500]}, schema=columns)
    assert dict(populations(members, region).iter_rows()) == {0: 100.0, 1: 1_000.0}


def test_two_cliques_that_share_one_node_stay_apart() -> None:
    cliques = [list(range(6)), list(range(5, 11))]
    pairs = [(a, b) for clique in cliques for a in clique for b in clique if a < b]
    edges = pl.DataFrame(pairs, schema={"left": pl.UInt32, "right": pl.UInt32}, orient="row")
    labels = communities(edges.with_columns(weight=12.0), n_nodes=11, resolution=4.0, seed=0)
    assert len(set(labels)) == 2
    assert len(set(labels[:5])) == len(set(labels[6:])) == 1


def _scored(*groups: tuple[list[int], float]) -> pl.DataFrame:
    parts = [
        pl.DataFrame({"buyer": buyers}).with_columns(candidate=pl.lit(n), margin=pl.lit(each))
        for n, (buyers, each) in enumerate(groups)
    ]
    return pl.concat(parts).cast({"candidate": pl.UInt32, "buyer": pl.UInt32, "margin": pl.Float64})


def test_of_two_that_overlap_the_one_with_more_evidence_stays() -> None:
    members = _scored((list(range(10)), 5.0), (list(range(4, 14)), 6.0), (list(range(13, 20)), 1.0))
    assert set(distinct(members, 0.5)["candidate"]) == {1, 2}


def test_candidates_that_share_few_members_both_stay() -> None:
    members = _scored((list(range(10)), 5.0), (list(range(8, 18)), 6.0))
    assert set(distinct(members, 0.5)["candidate"]) == {0, 1}


def test_two_rings_that_share_a_target_are_not_one() -> None:
    """A set of both is dropped for its halves where these hold as much evidence apart."""
    halves = (list(range(10)), 5.0), (list(range(10, 20)), 5.0)
    assert set(distinct(_scored((list(range(20)), 4.9), *halves), 0.5)["candidate"]) == {1, 2}
    assert set(distinct(_scored((list(range(20)), 5.5), *halves), 0.5)["candidate"]) == {0}


def test_overlapping_halves_of_one_ring_are_no_two_rings() -> None:
    """Who is in both halves counts once: they hold 5.5 x 20 together, and would hold 5.5 x 24 if counted twice."""
    halves = (list(range(12)), 5.5), (list(range(8, 20)), 5.5)
    assert set(distinct(_scored((list(range(20)), 6.0), *halves), 0.5)["candidate"]) == {0}


def test_two_rings_stay_apart_however_many_candidates_hold_both() -> None:
    first, second = list(range(10)), list(range(10, 20))
    members = _scored((first, 6.0), (second, 6.0), (first + second, 5.5), ([*first, *second, 30, 31], 5.0))
    assert set(distinct(members, 0.5)["candidate"]) == {0, 1}
