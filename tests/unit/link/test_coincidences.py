"""The coincidence kernel against a count over all pairs of events."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.backends.local import coincidences
from toolkit.errors import RingscopeError
from toolkit.ports import Incidences

ACTORS, WINDOW = 8, 10
EVENTS = st.dictionaries(
    st.tuples(st.integers(0, ACTORS - 1), st.integers(0, 5)), st.integers(0, 40), min_size=1, max_size=40
)


def _incidences(events: dict[tuple[int, int], int]) -> Incidences:
    actor, thing = np.array(list(events), np.uint32).T
    return Incidences(actor=actor, thing=thing, at=np.array(list(events.values()), np.int64), n_actors=ACTORS)


def _brute(events: dict[tuple[int, int], int], least: int) -> dict[tuple[int, int], int]:
    met: dict[tuple[int, int], int] = {}
    for (i, thing), at in events.items():
        for (j, other), then in events.items():
            if i < j and thing == other and abs(at - then) <= WINDOW:
                met[i, j] = met.get((i, j), 0) + 1
    return {pair: count for pair, count in met.items() if count >= least}


@given(EVENTS, st.integers(1, 3))
def test_every_pair_is_counted(events: dict[tuple[int, int], int], least: int) -> None:
    found = coincidences(_incidences(events), window=WINDOW, cap=100, least=least)
    assert {(a, b): k for a, b, k in found.select("left", "right", "observed").iter_rows()} == _brute(events, least)


@given(EVENTS, st.randoms())
def test_order_of_events_does_not_show(events: dict[tuple[int, int], int], random: object) -> None:
    shuffled = list(events.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = (coincidences(_incidences(dict(e)), window=WINDOW, cap=100, least=1) for e in (events, shuffled))
    assert first.sort("left", "right").equals(second.sort("left", "right"))


def test_chance_pairs_are_not_surprising() -> None:
    """Actors that draw their things at random: observed and expected add up to the same."""
    rng = np.random.default_rng(1)
    keys = rng.permutation(200 * 100)[:4_000]
    random = Incidences(
        actor=(keys % 200).astype(np.uint32),
        thing=(keys // 200).astype(np.uint32),
        at=rng.integers(0, 100, keys.size),
        n_actors=200,
    )
    found = coincidences(random, window=WINDOW, cap=4_000, least=1)
    pairs = 200 * 199 / 2
    assert found["observed"].sum() / pairs == pytest.approx(found["expected"].mean(), rel=0.1)
    assert (found["surprise"] > -np.log10(0.001)).mean() < 0.003


def _drawn(rng: np.random.Generator, actors: int, things: int, events: int) -> tuple[np.ndarray, np.ndarray]:
    keys = rng.permutation(actors * things)[:events]
    return keys % actors, keys // actors


def test_chance_is_reckoned_within_a_block() -> None:
    """Four times the same: were all blocks one, a pair would be expected to meet a quarter as often as it does."""
    rng = np.random.default_rng(2)
    parts = [_drawn(rng, 50, 40, 500) for _ in range(4)]
    actor = np.concatenate([actor + 50 * block for block, (actor, _) in enumerate(parts)]).astype(np.uint32)
    thing = np.concatenate([thing + 40 * block for block, (_, thing) in enumerate(parts)]).astype(np.uint32)
    block = np.repeat(np.arange(4), 50)
    apart = Incidences(actor=actor, thing=thing, at=np.zeros(actor.size, np.int64), n_actors=200, block=block)
    whole = Incidences(actor=actor, thing=thing, at=np.zeros(actor.size, np.int64), n_actors=200)
    found, mixed = (coincidences(one, window=WINDOW, cap=4_000, least=1) for one in (apart, whole))
    assert found["observed"].mean() == pytest.approx(found["expected"].mean(), rel=0.1)
    assert mixed["observed"].mean() > 3 * mixed["expected"].mean()


def test_rare_groups_are_held_near_what_their_places_meet() -> None:
    """Two places that never meet; every second actor is of a group of its own, of which nothing is known."""
    rng = np.random.default_rng(3)
    actor, thing = _drawn(rng, 100, 60, 1_500)
    both = np.concatenate([actor, actor + 100]), np.concatenate([thing, thing + 60])
    alone = np.where(np.arange(200) % 2, np.arange(200), -1)
    place = np.repeat([7, 8], 100)
    asked = Incidences(
        actor=both[0].astype(np.uint32),
        thing=both[1].astype(np.uint32),
        at=np.zeros(3_000, np.int64),
        n_actors=200,
        group=alone,
        place=place,
    )
    found = coincidences(asked, window=WINDOW, cap=4_000, least=1)
    rare = found.filter((pl.col("left") % 2 == 1) & (pl.col("right") % 2 == 1))
    assert rare["observed"].mean() == pytest.approx(rare["expected"].mean(), rel=0.1)


def test_too_many_pairs_are_an_error() -> None:
    events = {(actor, thing): 0 for actor in range(ACTORS) for thing in range(5)}
    with pytest.raises(RingscopeError, match="more than 3 pairs"):
        coincidences(_incidences(events), window=WINDOW, cap=100, least=1, max_pairs=3)


def test_no_events() -> None:
    none = np.array([], np.uint32)
    found = coincidences(Incidences(none, none, np.array([], np.int64), 3), window=1, cap=1, least=1)
    assert found.schema["surprise"] == pl.Float64
    assert found.height == 0
