"""Meetings: what pairs of actors have in common over many kinds of things at once, weighed by how rare each is.

The same row-by-row scan as in `coincidence`, over the events of all layers together: two arrays hold, for the actor at
hand, how often and how surprisingly each other actor was met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np
import polars as pl

from toolkit.backends.local.rows_of import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from toolkit.ports import Layer


ROOM: Final = 1 << 20
"""Pairs that are taken from the kernel at a time, at least."""


@numba.njit(cache=True)
def _scan(begin: int, least: int, floor: float, events: Any, tally: Any, seen: Any, pairs: Any) -> Any:
    """Pairs that meet at least `least` times with weights of at least `floor`, from actor `begin` on.

    The count and the sum of an actor lie beside each other, since each is one look into memory.
    Stops before an actor that the room for pairs may not suffice for: gives that actor, and the pairs found.
    """
    actor, low, high, weight, by_actor, starts = events
    left, right, observed, total = pairs
    found = 0
    for i in range(begin, starts.size - 1):
        k = 0
        for s in range(starts[i], starts[i + 1]):
            e = by_actor[s]
            for f in range(low[e], high[e]):
                j = actor[f]
                if j <= i:
                    continue
                if tally[j, 0] == 0.0:
                    seen[k] = j
                    k += 1
                tally[j, 0] += 1.0
                tally[j, 1] += 0.5 * (weight[e] + weight[f])
        full = found + k > left.size
        for s in range(k):
            j = seen[s]
            count, summed = tally[j, 0], tally[j, 1]
            tally[j, 0] = 0.0
            tally[j, 1] = 0.0
            if full or count < least or summed < floor:
                continue
            left[found] = i
            right[found] = j
            observed[found] = count
            total[found] = summed
            found += 1
        if full:
            return i, found
    return starts.size - 1, found


def _near(layer: Layer) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32]]:
    """Actors of the events sorted by thing and time; first and one past the last event near each."""
    events = layer.incidences
    at = events.at - events.at.min()
    key = events.thing.astype(np.int64) * (int(at.max()) + layer.window + 1) + at
    ordered = pl.DataFrame({"key": key, "actor": events.actor}).sort("key", "actor")
    key, place = ordered["key"].to_numpy(), np.arange(key.size, dtype=np.int32)
    low = np.maximum(np.searchsorted(key, key - layer.window, "left").astype(np.int32), place - layer.cap)
    high = np.minimum(np.searchsorted(key, key + layer.window, "right").astype(np.int32), place + layer.cap + 1)
    return ordered["actor"].cast(pl.UInt32).to_numpy(), low, high


def _weights(layer: Layer, actor: NDArray[np.uint32], crowd: NDArray[np.int32], population: NDArray[np.float64]) -> Any:
    """What a meeting at each event weighs."""
    acts = np.bincount(actor, minlength=population.size)
    usual = acts.sum() / max(np.count_nonzero(acts), 1)
    busy = np.sqrt(np.maximum(acts / max(usual, 1.0), 1.0))
    return layer.strength * np.maximum(np.log10(population[actor] / (np.maximum(crowd, 2) * busy[actor])), 0.0)


def meetings(layers: Sequence[Layer], *, population: NDArray[np.float64], least: int, floor: float) -> pl.DataFrame:
    """Pairs of actors that meet on several things of any layer; see `toolkit.ports.Compute.meetings`."""
    n, size = population.size, sum(layer.incidences.actor.size for layer in layers)
    actor, low, high = np.empty(size, np.uint32), np.empty(size, np.int32), np.empty(size, np.int32)
    weight, base = np.empty(size), 0
    for layer in layers:
        here = slice(base, base + layer.incidences.actor.size)
        actor[here], first, last = _near(layer)
        weight[here] = _weights(layer, actor[here], last - first, population)
        low[here], high[here] = first + base, last + base
        base = here.stop
    starts, order = rows_of(actor, np.arange(n, dtype=np.int32))
    events = actor.view(np.int32), low, high, weight, order, starts
    room = max(n, ROOM)
    arrays = (np.empty(room, np.uint32), np.empty(room, np.uint32), np.empty(room, np.int32), np.empty(room))
    tally, seen = np.zeros((n, 2)), np.empty(n, np.int32)
    found, begin = [], 0
    while begin < n:
        begin, count = _scan(begin, least, floor, events, tally, seen, arrays)
        left, right, observed, total = (array[:count].copy() for array in arrays)
        found.append(pl.DataFrame({"left": left, "right": right, "observed": observed, "weight": total}))
    return pl.concat(found)
