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


def _layer(events: Events, *, strength: float = 1.0, cap: int = 100) -> Layer:
    actor, thing = np.array(list(events), np.uint32).T
    at = np.array(list(events.values()), np.int64)
    return Layer(Incidences(actor=actor, thing=thing, at=at, n_actors=ACTORS), WINDOW, cap, strength)


def _met(*layers: Layer, least: int = 1, floor: float = 0.0) -> dict[tuple[int, int], tuple[int, float]]:
    found = meetings(layers, population=np.full(ACTORS, 1_000.0), least=least, floor=floor)
    return {(left, right): (count, weight) for left, right, count, weight in found.iter_rows()}


def _brute(*layers: Events) -> dict[tuple[int, int], int]:
    met: dict[tuple[int, int], int] = {}
    for events in layers:
        for (i, thing), at in events.items():
            for (j, other), then in events.items():
                if i < j and thing == other and abs(at - then) <= WINDOW:
                    met[i, j] = met.get((i, j), 0) + 1
    return met


@given(EVENTS, EVENTS, st.integers(1, 3))
def test_meetings_of_all_layers_add_up(first: Events, second: Events, least: int) -> None:
    wanted = {pair: count for pair, count in _brute(first, second).items() if count >= least}
    assert {pair: count for pair, (count, _) in _met(_layer(first), _layer(second), least=least).items()} == wanted


def test_a_meeting_weighs_what_a_stranger_s_chance_is() -> None:
    """Two of a thousand on one thing: 3 - log10(2); a second thing and half its strength add to it."""
    alone = 3.0 - np.log10(2.0)
    assert _met(_layer({(0, 0): 1, (1, 0): 5}))[0, 1] == (1, pytest.approx(alone))
    both = _layer({(0, 0): 1, (1, 0): 5}), _layer({(0, 3): 1, (1, 3): 5}, strength=0.5)
    assert _met(*both)[0, 1] == (2, pytest.approx(1.5 * alone))


def test_a_crowd_weighs_less_and_only_its_nearest_are_met() -> None:
    crowd = {(actor, 0): actor for actor in range(ACTORS)}
    assert _met(_layer(crowd))[0, 1][1] < _met(_layer({(0, 0): 0, (1, 0): 1}))[0, 1][1]
    assert set(_met(_layer(crowd, cap=1))) == {(actor, actor + 1) for actor in range(ACTORS - 1)}


def test_weak_pairs_are_left_out() -> None:
    assert _met(_layer({(0, 0): 1, (1, 0): 5}), floor=2.8) == {}
