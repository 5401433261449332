"""What the members of each of many groups have in common, one group after another.

The kernel counts in a dense array over things and resets what it touched, so a group costs what its members did, and
nothing is joined with the whole market.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np

from toolkit.backends.local.rows_of import rows_of

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

ROOM: Final = 1 << 20
"""Rows that are taken from a kernel at a time, at least."""


@numba.njit(cache=True)
def _count(g: int, groups: Any, index: Any, thing: Any, scratch: Any) -> int:
    """Count the homes and the rows of one group on each thing; gives how many things were seen.

    The members of one home stand beside each other, so a home is new on a thing where it is not the thing's last one.
    """
    firsts, member, home = groups
    starts, rows = index
    homes, acts, last, seen = scratch
    k = 0
    for m in range(firsts[g], firsts[g + 1]):
        for e in range(starts[member[m]], starts[member[m] + 1]):
            x = thing[rows[e]]
            if acts[x] == 0:
                seen[k] = x
                k += 1
            if acts[x] == 0 or last[x] != home[m]:
                last[x] = home[m]
                homes[x] += 1
            acts[x] += 1
    return k


@numba.njit(cache=True)
def _common(begin: int, least: int, groups: Any, index: Any, thing: Any, scratch: Any, found: Any) -> Any:
    """Rows on things that at least `least` homes of one group are on, from group `begin` on.

    Gives the group that there was no room for, the rows found, and the pairs of a group and a thing up to there.
    """
    firsts, member, _ = groups
    starts, rows = index
    homes, acts, _, seen = scratch
    of_group, row = found
    total, pairs = 0, 0
    for g in range(begin, firsts.size - 1):
        k = _count(g, groups, index, thing, scratch)
        needed = 0
        for s in range(k):
            if homes[seen[s]] >= least:
                needed += acts[seen[s]]
        full = total + needed > row.size
        for m in range(firsts[g], firsts[g + 1] if needed > 0 and not full else firsts[g]):
            for e in range(starts[member[m]], starts[member[m] + 1]):
                if homes[thing[rows[e]]] >= least:
                    of_group[total] = g
                    row[total] = rows[e]
                    total += 1
        for s in range(k):
            homes[seen[s]] = 0
            acts[seen[s]] = 0
        if full:
            return g, total, pairs
        pairs += k
    return firsts.size - 1, total, pairs


def common(
    members: pl.DataFrame, actor: NDArray[np.uint32], thing: NDArray[np.uint32], least: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64], int]:
    """Acts of the members of each group on what the group has in common; see `toolkit.ports.Compute.common`."""
    if members.height == 0 or actor.size == 0:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64), 0
    ordered = members.select("group", "home", "actor").sort("group", "home", "actor")
    group, member = ordered["group"].to_numpy(), ordered["actor"].to_numpy()
    number = np.full(int(max(member.max(), actor.max())) + 1, -1, np.int32)
    people = np.flatnonzero(np.bincount(member)).astype(np.int64)
    number[people] = np.arange(people.size)
    starts, rows = rows_of(actor, number)
    firsts = _firsts(group)
    longest = max(int(np.add.reduceat(np.diff(starts)[number[member]], firsts[:-1]).max()), 1)
    counts = [np.zeros(int(thing.max()) + 1, np.int32) for _ in range(2)]
    scratch = (*counts, np.empty(counts[0].size, np.uint32), np.empty(longest, np.int64))
    room = max(ROOM, longest)
    found = np.empty(room, np.int64), np.empty(room, np.int64)
    begin, tests, parts = 0, 0, []
    groups = firsts, number[member].astype(np.int32), ordered["home"].to_numpy().astype(np.uint32)
    while begin < firsts.size - 1:
        begin, count, pairs = _common(begin, least, groups, (starts, rows), thing, scratch, found)
        tests += pairs
        parts.append((found[0][:count].copy(), found[1][:count].copy()))
    numbers, places = (np.concatenate(column) for column in zip(*parts, strict=True))
    return group[firsts[numbers]], places, tests


def _firsts(group: NDArray[Any]) -> NDArray[np.int64]:
    """Where each group begins in a sorted column, and its length."""
    changes = np.flatnonzero(group[1:] != group[:-1]) + 1
    return np.concatenate(([0], changes, [group.size])).astype(np.int64)
