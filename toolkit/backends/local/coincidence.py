"""Windowed coincidences: one pass over events sorted by thing and time, an actor at a time, counts in a stamp array.

The scan is Gustavson's sparse product row by row: for each actor, the events near its own are visited and counted by
their actor in one dense array that is reset by visiting, so memory grows with actors and found pairs, not with all
pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numba
import numpy as np
import polars as pl
from scipy import stats

from toolkit.errors import RingscopeError

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


ROOM: Final = 1 << 20
"""Pairs that are taken from the kernel at a time, at least."""


# Each kernel is called with the same types everywhere and does nothing but loops over scalars: a slice or a growing
# array inside would double the time that compiling takes, which the first run on a machine pays.
@numba.njit(cache=True)
def _near(key: Any, actor: Any, window: int, cap: int, starts: Any, low: Any, high: Any, by_actor: Any) -> None:
    """First and one-past-last event near each event, on the same thing; and the events in the order of actors."""
    m = key.size
    first = 0
    for e in range(m):
        while key[e] - key[first] > window or e - first > cap:
            first += 1
        low[e] = first
    last = m - 1
    for e in range(m - 1, -1, -1):
        while key[last] - key[e] > window or last - e > cap:
            last -= 1
        high[e] = last + 1
    for e in range(m - 1, -1, -1):
        starts[actor[e] + 1] -= 1
        by_actor[starts[actor[e] + 1]] = e


@numba.njit(cache=True)
def _scan(begin: int, least: int, events: Any, group: Any, counts: Any, seen: Any, met: Any, pairs: Any) -> Any:
    """Pairs that meet at least `least` times, from actor `begin` on; also adds up how often groups meet.

    Stops before an actor that the room for pairs may not suffice for: gives that actor, and the pairs found.
    """
    actor, low, high, by_actor, starts = events
    left, right, observed = pairs
    found = 0
    for i in range(begin, starts.size - 1):
        k = 0
        for s in range(starts[i], starts[i + 1]):
            e = by_actor[s]
            for f in range(low[e], high[e]):
                j = actor[f]
                if j <= i:
                    continue
                if counts[j] == 0:
                    seen[k] = j
                    k += 1
                counts[j] += 1
        full = found + k > left.size
        for s in range(k):
            j = seen[s]
            c = counts[j]
            counts[j] = 0
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
    return starts.size - 1, found


@dataclass(frozen=True)
class _Near:
    """Events sorted by thing and time, with what lies near each of them.

    Attributes:
        actor: Of each event.
        low: First event near it.
        high: One past the last event near it.
        by_actor: Events in the order of actors.
        starts: Where each actor's events begin there.
    """

    actor: NDArray[np.int32]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    by_actor: NDArray[np.int32]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, incidences: Incidences, window: int, cap: int) -> Self:
        """Sort, and look around each event."""
        at = incidences.at - incidences.at.min()
        stride = int(at.max()) + window + 1  # so that two things never lie within a window
        key = incidences.thing.astype(np.int64) * stride + at
        ordered = pl.DataFrame({"key": key, "actor": incidences.actor}).sort("key", "actor")
        actor = ordered["actor"].cast(pl.Int32).to_numpy()
        starts = np.concatenate(([0], np.cumsum(np.bincount(actor, minlength=incidences.n_actors)))).astype(np.int64)
        low, high, by_actor = (np.empty(key.size, np.int32) for _ in range(3))
        ends = starts.copy()
        _near(ordered["key"].to_numpy(), actor, window, cap, ends, low, high, by_actor)
        return cls(actor, low, high, by_actor, starts)


def _pairs(near: _Near, group: NDArray[np.int64], least: int, most: int) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    """left, right, observed of every pair, and how often groups meet."""
    n = near.starts.size - 1
    room = max(n, ROOM)
    arrays = np.empty(room, np.uint32), np.empty(room, np.uint32), np.empty(room, np.int32)
    counts, seen = np.zeros(n, np.int32), np.empty(n, np.int32)
    met = np.zeros((int(group.max()) + 1,) * 2)
    events = near.actor, near.low, near.high, near.by_actor, near.starts
    parts, begin, total = [], 0, 0
    while begin < n:
        begin, found = _scan(begin, least, events, group, counts, seen, met, arrays)
        total += found
        if total > most:
            todo = "raise `least`, or shorten the window of this view in the settings"
            raise RingscopeError(f"more than {most:,} pairs coincide", where="coincidences", todo=todo)
        columns = zip(("left", "right", "observed"), arrays, strict=True)
        parts.append(pl.DataFrame({name: array[:found].copy() for name, array in columns}))
    return pl.concat(parts), met


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
    near, groups = _Near.of(incidences, window, cap), _Groups.given(incidences)
    n, group = incidences.n_actors, groups.of
    degree = np.diff(near.starts).astype(np.float64)
    acts = np.bincount(groups.block[near.actor], minlength=int(groups.block.max()) + 1)
    close = np.bincount(near.actor, weights=(near.high - near.low - 1).astype(np.float64), minlength=n)
    reach = np.asarray(close / np.maximum(acts, 1)[groups.block], np.float64)
    pairs, met = _pairs(near, group, least, max_pairs)
    left, right, observed = (pairs[name].to_numpy() for name in ("left", "right", "observed"))
    lift = groups.lift(met, groups.expected(reach, degree))
    expected = 0.5 * (degree[left] * reach[right] + degree[right] * reach[left]) * lift[group[left], group[right]]
    surprise = -stats.poisson.logsf(observed - 1, expected) / np.log(10.0)
    return pairs.with_columns(expected=expected, surprise=surprise).cast(PAIRS)
