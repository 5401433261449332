"""What the members of each of many groups have in common, one group after another.

The kernel counts in a dense array over things and resets what it touched, so a group costs what its members did, and
nothing is joined with the whole market. It lets go of the interpreter, so that several kinds are counted side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np
import polars as pl

from toolkit.backends.local.rows_of import rows_of
from toolkit.ports import Acts

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROOM: Final = 1 << 18
"""Rows that are taken from a kernel at a time, at least."""
FOUND: Final = {"thing": np.int32, "homes": np.int32, "holders": np.int32, "start": np.int64, "end": np.int64}
HOMES, ACTS, LAST, PLACE = range(4)


def acts(actor: NDArray[np.uint32], thing: NDArray[np.uint32], at: NDArray[np.int64] | None, n_actors: int) -> Acts:
    """The acts, laid out by actor and by thing; see `toolkit.ports.Compute.acts`."""
    firsts = np.flatnonzero(np.diff(thing, prepend=thing[:1] + 1)) if thing.size else np.zeros(0, np.int64)
    number = np.repeat(np.arange(firsts.size, dtype=np.int32), np.diff(firsts, append=thing.size))
    starts, rows = rows_of(actor, n_actors)
    return Acts(
        starts=starts,
        thing=number[rows],
        row=rows if at is not None else np.zeros(0, np.int32),
        firsts=np.append(firsts, thing.size).astype(np.int64),
        at=at,
    )


@numba.njit(cache=True, nogil=True)
def _count(g: int, groups: Any, held: Any, tally: Any, seen: Any) -> int:
    """Count the homes and the acts of one group on each thing; gives how many things were seen.

    The members of one home stand beside each other, so a home is new on a thing where it is not the thing's last one.
    """
    firsts, member, home = groups
    starts, thing = held[0], held[1]
    k = 0
    for m in range(firsts[g], firsts[g + 1]):
        for e in range(starts[member[m]], starts[member[m] + 1]):
            x = thing[e]
            if tally[x, ACTS] == 0:
                seen[k] = x
                k += 1
            if tally[x, ACTS] == 0 or tally[x, LAST] != home[m]:
                tally[x, LAST] = home[m]
                tally[x, HOMES] += 1
            tally[x, ACTS] += 1
    return k


@numba.njit(cache=True, nogil=True)
def _gather(g: int, least: int, groups: Any, held: Any, tally: Any, when: Any, whose: Any) -> None:
    """Time and home of each act on a thing that enough homes are on, by thing; a PLACE ends behind its thing's acts."""
    firsts, member, home = groups
    starts, thing, row, _, at = held
    for m in range(firsts[g], firsts[g + 1]):
        for e in range(starts[member[m]], starts[member[m] + 1]):
            x = thing[e]
            if tally[x, HOMES] >= least:
                when[tally[x, PLACE]] = at[row[e]]
                whose[tally[x, PLACE]] = home[m]
                tally[x, PLACE] += 1


@numba.njit(cache=True, nogil=True)
def _window(when: Any, whose: Any, core: float, margin: int, sorted_when: Any, stamp: Any) -> Any:
    """The shortest stretch that holds a share of the acts, widened; and the homes in it."""
    n = when.size
    times = sorted_when[:n]
    times[:] = when
    times.sort()
    need = max(1, int(np.ceil(core * n)))
    first = 0
    for j in range(1, n - need + 1):
        if times[j + need - 1] - times[j] < times[first + need - 1] - times[first]:
            first = j
    width = times[first + need - 1] - times[first]
    slack = max(width // 4, margin)
    start, end = times[first] - slack, times[first] + width + slack
    stamp[0] += 1
    homes = 0
    for j in range(n):
        if start <= when[j] <= end and stamp[1 + whose[j]] != stamp[0]:
            stamp[1 + whose[j]] = stamp[0]
            homes += 1
    return start, end, homes


@numba.njit(cache=True, nogil=True)
def _holders(x: int, start: int, end: int, held: Any) -> int:
    """Acts of anybody on a thing from `start` to `end`."""
    firsts, at = held[3], held[4]
    there = at[firsts[x] : firsts[x + 1]]
    return int(np.searchsorted(there, end, side="right") - np.searchsorted(there, start, side="left"))


@numba.njit(cache=True, nogil=True)
def _common(begin: int, least: int, window: Any, groups: Any, held: Any, scratch: Any, tests: Any, out: Any) -> Any:
    """What enough homes of a group are on, from group `begin` on; gives the group that had no room, and rows."""
    core, margin, timed = window
    tally, seen, when, whose, sorted_when, stamp = scratch
    of_group, of_thing, of_homes, of_holders, of_start, of_end = out
    firsts_of_thing = held[3]
    total = 0
    for g in range(begin, tests.size):
        k = _count(g, groups, held, tally, seen)
        good, place = 0, 0
        for s in range(k):
            x = seen[s]
            if tally[x, HOMES] >= least:
                tally[x, PLACE] = place
                place += tally[x, ACTS]
                good += 1
        full = total + good > of_group.size
        if timed and good and not full:
            _gather(g, least, groups, held, tally, when, whose)
        for s in range(k):
            x = seen[s]
            homes, n = tally[x, HOMES], tally[x, ACTS]
            tally[x, HOMES] = 0
            tally[x, ACTS] = 0
            if homes < least or full:
                continue
            start, end, holders = 0, 0, firsts_of_thing[x + 1] - firsts_of_thing[x]
            if timed:
                here = slice(tally[x, PLACE] - n, tally[x, PLACE])
                start, end, homes = _window(when[here], whose[here], core, margin, sorted_when, stamp)
                if homes < least:
                    continue
                holders = _holders(x, start, end, held)
            of_group[total], of_thing[total], of_homes[total] = g, x, homes
            of_holders[total], of_start[total], of_end[total] = holders, start, end
            total += 1
        if full:
            return g, total
        tests[g] = k
    return tests.size, total


def common(
    members: pl.DataFrame, held: Acts, least: int, *, core: float, margin: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What each group has in common, with its window on it; see `toolkit.ports.Compute.common`."""
    group, member = members["group"].to_numpy(), members["actor"].to_numpy().astype(np.int64)
    firsts = _firsts(group)
    tests = np.zeros(firsts.size - 1, np.int64)
    timed, n_things = held.at is not None, held.firsts.size - 1
    longest = max(int(_per_group(np.diff(held.starts)[member], firsts).max(initial=0)), 1)
    room = max(ROOM, longest)
    out = (np.empty(room, np.int64), *(np.empty(room, kind) for kind in FOUND.values()))
    groups = firsts, member, _home_numbers(members, firsts)
    acts_at = longest if timed else 0
    scratch = (
        np.zeros((n_things, 4), np.int32),
        np.empty(longest, np.int64),
        np.empty(acts_at, np.int64),
        np.empty(acts_at, np.int32),
        np.empty(acts_at, np.int64),
        np.zeros(2 + int(np.diff(firsts).max(initial=0)), np.int64),
    )
    at = held.at if held.at is not None else np.zeros(0, np.int64)
    arrays = held.starts, held.thing, held.row, held.firsts, at
    begin, parts = 0, [pl.DataFrame(schema={"group": pl.UInt32, **_schema()})]
    while begin < tests.size:
        begin, count = _common(begin, least, (core, margin, timed), groups, arrays, scratch, tests, out)
        columns = dict(zip(FOUND, (column[:count].copy() for column in out[1:]), strict=True))
        parts.append(pl.DataFrame({"group": group[firsts[out[0][:count]]], **columns}))
    counts = pl.DataFrame({"group": group[firsts[:-1]], "tests": tests})
    return pl.concat(parts), counts.cast({"group": pl.UInt32})


def _schema() -> dict[str, Any]:
    return {name: pl.Int64 if kind is np.int64 else pl.Int32 for name, kind in FOUND.items()}


def _home_numbers(members: pl.DataFrame, firsts: NDArray[np.int64]) -> NDArray[np.int32]:
    """The number of each member's home within its group, from 0; members stand by home."""
    number = members.select(pl.struct("group", "home").rle_id())["group"].to_numpy().astype(np.int64)
    return np.asarray(number - np.repeat(number[firsts[:-1]], np.diff(firsts)), np.int32)


def _per_group(what: NDArray[Any], firsts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums by group; no group is empty."""
    return np.add.reduceat(what.astype(np.int64), firsts[:-1]) if what.size else np.zeros(0, np.int64)


def _firsts(group: NDArray[Any]) -> NDArray[np.int64]:
    """Where each group begins in a sorted column, and its length."""
    if group.size == 0:
        return np.zeros(1, np.int64)
    changes = np.flatnonzero(group[1:] != group[:-1]) + 1
    return np.concatenate(([0], changes, [group.size])).astype(np.int64)
