"""Windowed coincidences: one pass over events sorted by thing and time, an actor at a time, counts in a stamp array.

The scan is Gustavson's sparse product row by row: for each actor, the events near its own are visited and counted by
their actor in one dense array that is reset by visiting, so memory grows with actors and found pairs, not with all
pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np
import polars as pl
from scipy import stats

from toolkit.errors import RingscopeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.ports import Incidences

MAX_GROUPS = 512
"""Group-by-group tables are dense; rarer groups than this share one row."""


@numba.njit(cache=True)
def _bounds(thing: Any, at: Any, window: int, cap: int) -> tuple[Any, Any]:
    """First and one-past-last event near each event, on the same thing."""
    m = thing.size
    low, high = np.empty(m, np.int64), np.empty(m, np.int64)
    first = 0
    for e in range(m):
        while thing[first] != thing[e] or at[e] - at[first] > window or e - first > cap:
            first += 1
        low[e] = first
    last = m - 1
    for e in range(m - 1, -1, -1):
        while thing[last] != thing[e] or at[last] - at[e] > window or last - e > cap:
            last -= 1
        high[e] = last + 1
    return low, high


@numba.njit(cache=True)
def _scan(
    actor: Any, low: Any, high: Any, by_actor: Any, starts: Any, group: Any, lifts: Any, least: int, room: int
) -> tuple[int, Any, Any, Any]:
    """Pairs that meet at least `least` times; also adds up how often groups meet. Stops counting past `room`."""
    n = starts.size - 1
    counts = np.zeros(n, np.int32)
    seen = np.empty(n, np.int64)
    size = 1 << 16
    left, right = np.empty(size, np.uint32), np.empty(size, np.uint32)
    observed = np.empty(size, np.int32)
    found = 0
    for i in range(n):
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
        for s in range(k):
            j = seen[s]
            c = counts[j]
            counts[j] = 0
            lifts[group[i], group[j]] += c
            if c < least:
                continue
            if found == room:
                return -1, left, right, observed
            if found == size:
                size *= 2
                left, right, observed = _grown(left, size), _grown(right, size), _grown(observed, size)
            left[found], right[found], observed[found] = i, j, c
            found += 1
    return found, left[:found].copy(), right[:found].copy(), observed[:found].copy()


@numba.njit(cache=True)
def _grown(array: Any, size: int) -> Any:
    larger = np.empty(size, array.dtype)
    larger[: array.size] = array
    return larger


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
    order = np.lexsort((incidences.actor, incidences.at, incidences.thing))
    actor, thing, at = incidences.actor[order], incidences.thing[order], incidences.at[order]
    n, m = incidences.n_actors, actor.size
    schema = {
        "left": pl.UInt32,
        "right": pl.UInt32,
        "observed": pl.Int32,
        "expected": pl.Float64,
        "surprise": pl.Float64,
    }
    if m == 0:
        return pl.DataFrame(schema=schema)
    low, high = _bounds(thing, at, window, cap)
    degree = np.bincount(actor, minlength=n).astype(np.float64)
    reach = np.bincount(actor, weights=(high - low - 1).astype(np.float64), minlength=n) / m
    by_actor = np.argsort(actor, kind="stable")
    starts = np.concatenate(([0], np.cumsum(degree))).astype(np.int64)
    group = _small_groups(incidences.group, n)
    met = np.zeros((int(group.max()) + 1,) * 2)
    found, left, right, observed = _scan(actor, low, high, by_actor, starts, group, met, least, max_pairs)
    if found < 0:
        todo = "raise `least`, or shorten the window of this view in the settings"
        raise RingscopeError(f"more than {max_pairs:,} pairs coincide", where="coincidences", todo=todo)
    lift = _lift(
        met,
        np.bincount(group, weights=reach, minlength=met.shape[0]),
        np.bincount(group, weights=degree, minlength=met.shape[0]),
    )
    expected = 0.5 * (degree[left] * reach[right] + degree[right] * reach[left]) * lift[group[left], group[right]]
    surprise = -stats.poisson.logsf(observed - 1, expected) / np.log(10.0)
    return pl.DataFrame(
        {"left": left, "right": right, "observed": observed, "expected": expected, "surprise": surprise}, schema=schema
    )
