"""What pairs meet on over several kinds of things, against a count over all pairs of events."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.backends.local import meetings
from toolkit.ports import Incidences, Layer

ACTORS, WINDOW = 8, 10
EVENTS = st.dictionaries(
    st.tuples(st.integers(0, ACTORS - 1), st.integers(0, 5)), st.integers(0, 40), min_size=1, max_size=30
)
Events = dict[tuple[int, int], int]


def _layer(events: Events, *, strength: float = 1.0, cap: int = 100, names: str = "thing") -> Layer:
    actor, thing = np.array(list(events), np.uint32).T
    at = np.array(list(events.values()), np.int64)
    return Layer(Incidences(actor=actor, thing=thing, at=at, n_actors=ACTORS), WINDOW, cap, strength, names)


def _met(
    *layers: Layer, least: int = 1, floor: float = 0.0, alone: float = 0.0
) -> dict[tuple[int, int], tuple[int, float]]:
    found = meetings(layers, population=np.full(ACTORS, 1_000.0), least=least, floor=floor, alone=alone)
    return {(left, right): (count, weight) for left, right, count, weight in found.iter_rows()}


def _brute(*layers: tuple[Events, str]) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """Pairs, and on what they meet."""
    met: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for events, names in layers:
        for (i, thing), at in events.items():
            for (j, other), then in events.items():
                if i < j and thing == other and abs(at - then) <= WINDOW:
                    met.setdefault((i, j), []).append((names, thing))
    return met


@given(EVENTS, EVENTS, st.integers(1, 3))
def test_meetings_of_all_layers_add_up(first: Events, second: Events, least: int) -> None:
    wanted = {pair: len(on) for pair, on in _brute((first, ""), (second, "")).items() if len(on) >= least}
    assert {pair: count for pair, (count, _) in _met(_layer(first), _layer(second), least=least).items()} == wanted


@given(EVENTS, EVENTS, st.sampled_from(["thing", "another", ""]))
def test_pairs_on_one_thing_must_weigh_more(first: Events, second: Events, names: str) -> None:
    found = _met(_layer(first), _layer(second, names=names), alone=1_000.0)
    brute = _brute((first, "thing"), (second, names)).items()
    wanted = {pair: len(on) for pair, on in brute if len({one for one in on if one[0]}) > 1}
    assert {pair: count for pair, (count, _) in found.items()} == wanted


def test_a_meeting_weighs_what_a_stranger_s_chance_is() -> None:
    """Two of a thousand on one thing: 3 - log10(2); a second thing and half its strength add to it."""
    alone = 3.0 - np.log10(2.0)
    assert _met(_layer({(0, 0): 1, (1, 0): 5}))[0, 1] == (1, pytest.approx(alone))
    both = _layer({(0, 0): 1, (1, 0): 5}), _layer({(0, 3): 1, (1, 3): 5}, strength=0.5)
    assert _met(*both)[0, 1] == (2, pytest.approx(1.5 * alone))


def test_one_thing_in_two_layers_is_one_thing() -> None:
    """A look at what one buys, and its shop, are no second thing; a code is, though it bears the same number."""
    bought, other = _layer({(0, 0): 1, (1, 0): 5}), {(0, 0): 1, (1, 0): 5}
    assert _met(bought, _layer(other), alone=6.0) == {}
    assert _met(bought, _layer(other, names=""), alone=6.0) == {}
    assert _met(_layer(other, names=""), _layer(other, names=""), alone=6.0) == {}
    assert _met(bought, _layer(other, names="code"), alone=6.0)[0, 1][0] == 2
    assert _met(_layer(other, names=""), bought, _layer(other, names="code"), alone=9.0)[0, 1][0] == 3


def test_a_crowd_weighs_less_and_only_its_nearest_are_met() -> None:
    crowd = {(actor, 0): actor for actor in range(ACTORS)}
    assert _met(_layer(crowd))[0, 1][1] < _met(_layer({(0, 0): 0, (1, 0): 1}))[0, 1][1]
    assert set(_met(_layer(crowd, cap=1))) == {(actor, actor + 1) for actor in range(ACTORS - 1)}


def test_weak_pairs_are_left_out() -> None:
    assert _met(_layer({(0, 0): 1, (1, 0): 5}), floor=2.8, alone=2.8) == {}
