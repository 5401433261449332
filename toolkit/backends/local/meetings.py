"""Meetings: what pairs of actors have in common over many kinds of things at once, weighed by how rare each is.

The same row-by-row scan as in `coincidence`, over the events of all layers together: a small table holds, for the actor
at hand, how often and how surprisingly each other actor was met, and on which thing, or that it was on several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np
import polars as pl

from toolkit.backends.local.near import ROOM, Near, bits_for, slot, stretches
from toolkit.parallel import at_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from toolkit.ports import Layer


FOLLOWS: Final = np.uint32(0)
"""In place of a thing: the meeting follows from another one."""
SEVERAL: Final = np.uint32(1)
"""In place of a thing: the actor was met on different ones. Things are counted from 2."""


@numba.njit(cache=True, nogil=True)
def _scan(begin: int, end: int, least: int, floors: Any, events: Any, met: Any, table: Any, pairs: Any) -> Any:
    """Pairs that meet at least `least` times with enough weight, of the actors from `begin` to `end`.

    First everybody near is written down, then counted in a table that the processor's nearest memory holds. Neither
    loop asks what can't be foreseen: half of those near have a smaller number, and are written over.
    Stops before an actor that the room for pairs may not suffice for: gives that actor, and the pairs found.
    """
    actor, weight, thing, low, high, order, starts = events
    met_actor, met_weight, met_thing = met
    keys, times, sums, things, used = table
    floor, alone = floors
    left, right, observed, total = pairs
    found = 0
    for i in range(begin, end):
        if starts[i + 1] - starts[i] < least:
            continue
        number = np.uint32(i)
        m = np.uint64(0)
        for s in range(starts[i], starts[i + 1]):
            e = np.uint64(order[s])
            for f in range(np.uint64(low[e]), np.uint64(high[e])):
                met_actor[m] = actor[f]
                met_weight[m] = 0.5 * (weight[e] + weight[f])
                met_thing[m] = thing[e]
                m += np.uint64(actor[f] > number)
        bits = bits_for(m)
        k = np.uint64(0)
        for s in range(m):
            place = slot(keys, met_actor[s], bits)
            used[k] = place
            k += np.uint64(keys[place] == np.uint32(0))
            keys[place] = met_actor[s]
            times[place] += np.int32(1)
            sums[place] += met_weight[s]
            before, now = things[place], met_thing[s]
            another = now not in (before, FOLLOWS)
            things[place] = now if before == FOLLOWS else SEVERAL if another else before
        full = found + k > left.size
        for s in range(k):
            place = np.uint64(used[s])
            j, count, summed, last = keys[place], times[place], sums[place], things[place]
            keys[place] = 0
            times[place] = 0
            sums[place] = 0.0
            things[place] = FOLLOWS
            if full or count < least or summed < (floor if last == SEVERAL else alone):
                continue
            left[found] = i
            right[found] = j
            observed[found] = count
            total[found] = summed
            found += 1
        if full:
            return i, found
    return end, found


def _weights(
    layer: Layer, actor: NDArray[np.uint32], crowd: NDArray[np.uint32], population: NDArray[np.float64]
) -> Any:
    """What a meeting at each event weighs."""
    acts = np.bincount(actor, minlength=population.size)
    usual = acts.sum() / max(np.count_nonzero(acts), 1)
    busy = np.sqrt(np.maximum(acts / max(usual, 1.0), 1.0))
    return layer.strength * np.maximum(np.log10(population[actor] / (np.maximum(crowd, 2) * busy[actor])), 0.0)


def _firsts(layers: Sequence[Layer]) -> dict[str, int]:
    """The number of the first thing of each name; they follow each other, from 2 on."""
    most: dict[str, int] = {}
    for layer in layers:
        if layer.names:
            most[layer.names] = max(most.get(layer.names, 0), int(layer.incidences.thing.max(initial=0)) + 1)
    return dict(zip(most, (int(first) for first in np.cumsum([int(SEVERAL) + 1, *most.values()])), strict=False))


def _things(layer: Layer, firsts: dict[str, int]) -> NDArray[np.int64]:
    """The thing of each event in the order of things, by the number that it bears in all layers."""
    if not layer.names:
        return np.full(layer.incidences.thing.size, int(FOLLOWS))
    thing = layer.incidences.thing.astype(np.int64)
    return (thing if np.all(thing[1:] >= thing[:-1]) else np.sort(thing)) + firsts[layer.names]


def meetings(
    layers: Sequence[Layer], *, population: NDArray[np.float64], least: int, floor: float, alone: float
) -> pl.DataFrame:
    """Pairs of actors that meet several times in any layer; see `toolkit.ports.Compute.meetings`."""
    bases = np.cumsum([0, *(layer.incidences.actor.size for layer in layers)])
    actor, low, high, thing = (np.empty(bases[-1], np.uint32) for _ in range(4))
    weight, firsts = np.empty(bases[-1]), _firsts(layers)

    def lay(one: tuple[Layer, int]) -> None:
        layer, base = one
        here = slice(base, base + layer.incidences.actor.size)
        actor[here], first, last = stretches(layer.incidences, layer.window, layer.cap)
        weight[here] = _weights(layer, actor[here], last - first, population)
        low[here], high[here] = first + base, last + base
        thing[here] = _things(layer, firsts)

    at_once(lay, zip(layers, bases[:-1].tolist(), strict=True))
    near = Near.of(actor, low, high, population.size)
    events = near.actor, weight, thing, near.low, near.high, near.order, near.starts
    found = at_once(lambda share: _share(*share, least, (floor, alone), events, near.visits), near.shares())
    return pl.concat([pairs for share in found for pairs in share])


def _share(
    begin: int, end: int, least: int, floors: tuple[float, float], events: Any, visits: NDArray[np.int64]
) -> list[pl.DataFrame]:
    """The pairs whose smaller actor lies in one share."""
    most = int(visits[begin:end].max(initial=0))
    places = 1 << int(bits_for(np.uint64(most)))
    met = np.empty(most + 1, np.uint32), np.empty(most + 1), np.empty(most + 1, np.uint32)
    keys, times, things = np.zeros(places, np.uint32), np.zeros(places, np.int32), np.zeros(places, np.uint32)
    table = keys, times, np.zeros(places), things, np.empty(places, np.uint32)
    room = max(most, ROOM)
    arrays = np.empty(room, np.uint32), np.empty(room, np.uint32), np.empty(room, np.int32), np.empty(room)
    found = []
    while begin < end:
        begin, count = _scan(begin, end, least, floors, events, met, table, arrays)
        left, right, observed, total = (array[:count].copy() for array in arrays)
        found.append(pl.DataFrame({"left": left, "right": right, "observed": observed, "weight": total}))
    return found
