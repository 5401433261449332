"""Windowed coincidences: one pass over events sorted by thing and time, an actor at a time, counts in a small table.

The scan is Gustavson's sparse product row by row: for each actor, the events near its own are visited and counted by
their actor in a hash table that is reset by visiting, so memory grows with actors and found pairs, not with all pairs.
A table as large as what one actor meets stays in the processor's nearest memory, whatever the number of actors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numba
import numpy as np
import polars as pl
from scipy import stats

from toolkit.backends.local.near import ROOM, Near, bits_for, slot, stretches
from toolkit.errors import RingscopeError
from toolkit.parallel import at_once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.ports import Incidences

PAIRS: Final = pl.Schema(
    {"left": pl.UInt32, "right": pl.UInt32, "observed": pl.Int32, "expected": pl.Float64, "surprise": pl.Float64}
)

MAX_GROUPS: Final = 448
"""Group-by-group tables are dense; rarer groups than this share one row a place."""
MAX_PLACES: Final = 64
"""Rarer places than this share one row."""
HELD: Final = 10.0
"""Meetings of prior weight that hold the lift of two groups near that of their places, and of two places near 1."""


# Each kernel is called with the same types everywhere and does nothing but loops over scalars: a slice or a growing
# array inside would double the time that compiling takes, which the first run on a machine pays.
@numba.njit(cache=True, nogil=True)
def _scan(
    begin: int, end: int, least: int, events: Any, group: Any, near: Any, table: Any, met: Any, pairs: Any
) -> Any:
    """Pairs that meet at least `least` times, of the actors from `begin` to `end`; also adds up how often groups meet.

    See `meetings._scan` for how they are counted.
    Stops before an actor that the room for pairs may not suffice for: gives that actor, and the pairs found.
    """
    actor, low, high, order, starts = events
    keys, times, used = table
    left, right, observed = pairs
    found = 0
    for i in range(begin, end):
        number = np.uint32(i)
        m = np.uint64(0)
        for s in range(starts[i], starts[i + 1]):
            e = np.uint64(order[s])
            for f in range(np.uint64(low[e]), np.uint64(high[e])):
                near[m] = actor[f]
                m += np.uint64(actor[f] > number)
        bits = bits_for(m)
        k = np.uint64(0)
        for s in range(m):
            place = slot(keys, near[s], bits)
            used[k] = place
            k += np.uint64(keys[place] == np.uint32(0))
            keys[place] = near[s]
            times[place] += np.int32(1)
        full = found + k > left.size
        for s in range(k):
            place = np.uint64(used[s])
            j, c = keys[place], times[place]
            keys[place] = 0
            times[place] = 0
            if full:
                continue
            met[group[i], group[j]] += c
            if c >= least:
                left[found] = i
                right[found] = j
                observed[found] = c
                found += 1
        if full:
            return i, found
    return end, found


def _pairs(near: Near, group: NDArray[np.uint16], least: int, most: int) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    """left, right, observed of every pair, and how often groups meet."""
    events = near.actor, near.low, near.high, near.order, near.starts
    found = at_once(lambda share: _share(*share, least, most, events, group, near.visits), near.shares())
    pairs = [pairs for share, _ in found for pairs in share]
    _check_room(sum(part.height for part in pairs), most)
    return pl.concat(pairs), np.sum([met for _, met in found], axis=0)


def _share(
    begin: int,
    end: int,
    least: int,
    most: int,
    events: Any,
    group: NDArray[np.uint16],
    visits: NDArray[np.int64],
) -> tuple[list[pl.DataFrame], NDArray[np.float64]]:
    """The pairs whose smaller actor lies in one share, and how often groups meet in them."""
    widest = int(visits[begin:end].max(initial=0))
    places = 1 << int(bits_for(np.uint64(widest)))
    near = np.empty(widest + 1, np.uint32)
    table = np.zeros(places, np.uint32), np.zeros(places, np.int32), np.empty(places, np.uint32)
    met = np.zeros((int(group.max()) + 1,) * 2)
    room = max(widest, ROOM)
    arrays = np.empty(room, np.uint32), np.empty(room, np.uint32), np.empty(room, np.int32)
    parts: list[pl.DataFrame] = []
    while begin < end:
        begin, found = _scan(begin, end, least, events, group, near, table, met, arrays)
        columns = zip(("left", "right", "observed"), arrays, strict=True)
        parts.append(pl.DataFrame({name: array[:found].copy() for name, array in columns}))
        _check_room(sum(part.height for part in parts), most)
    return parts, met


def _check_room(pairs: int, most: int) -> None:
    if pairs > most:
        todo = "raise `least`, or shorten the window of this view in the settings"
        raise RingscopeError(f"more than {most:,} pairs coincide", where="coincidences", todo=todo)


def _commonest(codes: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Codes renumbered from 0, the commonest first; beyond `most` they share the last number."""
    shifted = codes - codes.min(initial=0)
    counts = np.bincount(shifted)
    rank = np.empty(counts.size, np.int64)
    rank[np.argsort(-counts, kind="stable")] = np.arange(counts.size)
    return np.asarray(np.minimum(rank, most - 1)[shifted], np.int64)


@dataclass(frozen=True)
class _Groups:
    """Groups of actors within places.

    Attributes:
        of: Group of each actor, renumbered: one group in two places is two.
        place: Place of each group.
        block: Block of each actor.
    """

    of: NDArray[np.int64]
    place: NDArray[np.int64]
    block: NDArray[np.int64]

    @classmethod
    def given(cls, incidences: Incidences) -> Self:
        """Those of the incidences; one group, place and block where none are given."""
        none = np.zeros(incidences.n_actors, np.int64)
        place = none if incidences.place is None else _commonest(incidences.place, MAX_PLACES)
        group = none if incidences.group is None else _commonest(incidences.group, np.iinfo(np.int64).max)
        ranked = _commonest(group * MAX_PLACES + place, MAX_GROUPS + 1)
        of = np.where(ranked < MAX_GROUPS, ranked, MAX_GROUPS + place)
        places = np.zeros(int(of.max(initial=0)) + 1, np.int64)
        places[of] = place
        return cls(of, places, none if incidences.block is None else incidences.block)

    def expected(self, reach: NDArray[np.float64], degree: NDArray[np.float64]) -> NDArray[np.float64]:
        """How often two groups meet by chance: sums over pairs of one block, either way round."""
        blocks = int(self.block.max(initial=0)) + 1
        key, size = self.of * blocks + self.block, self.place.size * blocks
        reached, acts = (np.bincount(key, weights=sums, minlength=size).reshape(-1, blocks) for sums in (reach, degree))
        one_way = reached @ acts.T
        return np.asarray(0.5 * (one_way + one_way.T))

    def lift(self, met: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much more often two groups meet than activity alone explains, held near the lift of their places."""
        met = met + met.T
        total = expected.sum()
        scale = met.sum() / total if total > 0 else 1.0
        wide = np.eye(int(self.place.max()) + 1)[self.place]
        between = (wide.T @ met @ wide + HELD) / (scale * (wide.T @ expected @ wide) + HELD)
        prior = between[self.place][:, self.place]
        return np.asarray((met + HELD * prior) / (scale * expected + HELD) * scale)


def coincidences(
    incidences: Incidences, *, window: int, cap: int, least: int, max_pairs: int = 50_000_000
) -> pl.DataFrame:
    """Pairs of actors that act on the same things within a window; see `toolkit.ports.Compute.coincidences`.

    The null keeps, for each actor, its number of events d and its reach S (the share of the events of its block that
    lie near its own): expected = (d_i S_j + d_j S_i) / 2, times the lift between the two actors' groups.
    """
    if incidences.actor.size == 0:
        return pl.DataFrame(schema=PAIRS)
    groups = _Groups.given(incidences)
    n, group = incidences.n_actors, groups.of
    near = Near.of(*stretches(incidences, window, cap), n)
    degree = np.diff(near.starts).astype(np.float64)
    acts = np.bincount(groups.block, weights=degree, minlength=int(groups.block.max()) + 1)
    close = near.visits - degree
    reach = np.asarray(close / np.maximum(acts, 1)[groups.block], np.float64)
    pairs, met = _pairs(near, group.astype(np.uint16), least, max_pairs)  # small, since it is read at random
    left, right, observed = (pairs[name].to_numpy() for name in ("left", "right", "observed"))
    lift = groups.lift(met, groups.expected(reach, degree))
    expected = 0.5 * (degree[left] * reach[right] + degree[right] * reach[left]) * lift[group[left], group[right]]
    surprise = -stats.poisson.logsf(observed - 1, expected) / np.log(10.0)
    return pairs.with_columns(expected=expected, surprise=surprise).cast(PAIRS)
