"""Events in the order of things and time, what lies near each of them, and the actors shared out among processors."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Self

import numba
import numpy as np
import polars as pl

from toolkit.backends.local.rows_of import rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.ports import Incidences

SHARES: Final = 4
"""Shares of the actors for each processor: some take longer than others."""
ROOM: Final = 1 << 20
"""Pairs that are taken from a kernel at a time, at least."""


@numba.njit(cache=True, nogil=True)
def _stretches(key: Any, window: int, cap: int, low: Any, high: Any) -> None:
    """First and one-past-last event near each event, on the same thing."""
    first = 0
    for e in range(key.size):
        while key[e] - key[first] > window or e - first > cap:
            first += 1
        low[e] = first
    last = key.size - 1
    for e in range(key.size - 1, -1, -1):
        while key[last] - key[e] > window or last - e > cap:
            last -= 1
        high[e] = last + 1


@numba.njit(cache=True, nogil=True)
def _in_order(key: Any, actor: Any) -> bool:
    """Whether events are sorted by key and actor."""
    for e in range(1, key.size):
        if key[e] < key[e - 1] or (key[e] == key[e - 1] and actor[e] < actor[e - 1]):
            return False
    return True


@numba.njit(cache=True, nogil=True)
def _count(actor: Any, low: Any, high: Any, visits: Any) -> None:
    """Add up how many events lie near each actor's."""
    for e in range(actor.size):
        visits[actor[e]] += high[e] - low[e]


def stretches(
    incidences: Incidences, window: int, cap: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
    """Actors of the events sorted by thing and time; first and one past the last event near each."""
    begin = int(incidences.at.min())
    stride = int(incidences.at.max()) - begin + window + 1  # so that two things never lie within a window
    key = incidences.thing.astype(np.int64)
    key *= stride
    key += incidences.at
    key -= begin
    actor = incidences.actor
    if not _in_order(key, actor):
        ordered = pl.DataFrame({"key": key, "actor": actor}).sort("key", "actor")
        key, actor = ordered["key"].to_numpy(), ordered["actor"].to_numpy()
    low, high = np.empty(key.size, np.uint32), np.empty(key.size, np.uint32)
    _stretches(key, window, cap, low, high)
    return actor, low, high


@dataclass(frozen=True)
class Near:
    """What lies near each event, the events in the order of things and time.

    Attributes:
        actor: Of each event.
        low: First event near each.
        high: One past the last event near each.
        order: Places of the events in the order of actors.
        starts: Where each actor's events begin in it.
        visits: How many events lie near an actor's, its own with them.
    """

    actor: NDArray[np.uint32]
    low: NDArray[np.uint32]
    high: NDArray[np.uint32]
    order: NDArray[np.int32]
    starts: NDArray[np.int32]
    visits: NDArray[np.int64]

    @classmethod
    def of(cls, actor: NDArray[np.uint32], low: NDArray[np.uint32], high: NDArray[np.uint32], n: int) -> Self:
        """Of `n` actors' events in the order of things and time."""
        visits = np.zeros(n, np.int64)
        _count(actor, low, high, visits)
        starts, order = rows_of(actor, n)
        return cls(actor, low, high, order, starts, visits)

    def shares(self) -> list[tuple[int, int]]:
        """First and one-past-last actor of shares that take about as long."""
        ends = np.cumsum(self.visits)
        parts = SHARES * pl.thread_pool_size()
        wanted = np.linspace(0, ends[-1] if ends.size else 0, parts + 1)[1:-1]
        cuts = np.concatenate(([0], np.searchsorted(ends, wanted), [ends.size]))
        return [(int(a), int(b)) for a, b in pairwise(cuts) if a < b]


@numba.njit(cache=True, nogil=True)
def slot(keys: Any, actor: Any, bits: Any) -> Any:
    """Where an actor stands, or is to stand, in a table of 2 to the `bits` places of which 0 is a free one.

    Kernels number actors from 1 here. Numbers without a sign keep the look-up free of tests for negative places.
    """
    one = np.uint64(1)
    place = np.uint64(np.uint32(actor * np.uint32(2654435769))) >> (np.uint64(32) - bits)  # Knuth's golden ratio
    while keys[place] != actor and keys[place] != np.uint32(0):
        place = (place + one) & ((one << bits) - one)
    return place


@numba.njit(cache=True, nogil=True)
def bits_for(count: Any) -> Any:
    """Places, as a power of two, that hold so many actors with room to spare."""
    bits = np.uint64(6)
    while (np.uint64(1) << bits) < count + (count >> np.uint64(1)) + np.uint64(1):
        bits += np.uint64(1)
    return bits
