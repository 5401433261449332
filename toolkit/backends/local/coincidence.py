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

MAX_GROUPS: Final = 512
"""Group-by-group tables are dense; rarer groups than this share one row."""


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


def _small_groups(group: NDArray[np.int64] | None, n: int) -> NDArray[np.int64]:
    """Groups renumbered from 0, the commonest first; rare ones share the last number."""
    if group is None:
        return np.zeros(n, np.int64)
    values, inverse, counts = np.unique(group, return_inverse=True, return_counts=True)
    rank = np.empty(values.size, np.int64)
    rank[np.lexsort((values, -counts))] = np.arange(values.size)
    return np.asarray(np.minimum(rank, MAX_GROUPS - 1)[inverse], np.int64)


def _lift(met: NDArray[np.float64], reach: NDArray[Any], degree: NDArray[Any]) -> NDArray[np.float64]:
    """How much more often two groups meet than activity alone explains; 10 meetings of prior weight hold it near 1."""
    met = met + met.T
    expected = np.outer(reach, degree)
    expected = 0.5 * (expected + expected.T)
    total = expected.sum()
    scale = met.sum() / total if total > 0 else 1.0
    return (met + 10.0) / (scale * expected + 10.0) * scale


def coincidences(
    incidences: Incidences, *, window: int, cap: int, least: int, max_pairs: int = 50_000_000
) -> pl.DataFrame:
    """Pairs of actors that act on the same things within a window; see `toolkit.ports.Compute.coincidences`.

    The null keeps, for each actor, its number of events d and its reach S (the share of all events that lie near its
    own): expected = (d_i S_j + d_j S_i) / 2, times the lift between the two actors' groups.
    """
    if incidences.actor.size == 0:
        return pl.DataFrame(schema=PAIRS)
    near = _Near.of(incidences, window, cap)
    n, m = incidences.n_actors, near.actor.size
    degree = np.diff(near.starts).astype(np.float64)
    reach = np.bincount(near.actor, weights=(near.high - near.low - 1).astype(np.float64), minlength=n) / m
    group = _small_groups(incidences.group, n)
    pairs, met = _pairs(near, group, least, max_pairs)
    left, right, observed = (pairs[name].to_numpy() for name in ("left", "right", "observed"))
    lift = _lift(
        met,
        np.bincount(group, weights=reach, minlength=met.shape[0]),
        np.bincount(group, weights=degree, minlength=met.shape[0]),
    )
    expected = 0.5 * (degree[left] * reach[right] + degree[right] * reach[left]) * lift[group[left], group[right]]
    surprise = -stats.poisson.logsf(observed - 1, expected) / np.log(10.0)
    return pairs.with_columns(expected=expected, surprise=surprise).cast(PAIRS)
