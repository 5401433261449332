"""Who belongs to which group: the log odds of everybody who holds one of a group's values, one group after another.

Dense arrays over actors take up the sums and are reset by visiting, as in a sparse product row by row, and only who
reaches the bar is given out. Most of what a group holds is common, and who holds nothing else can't reach the bar,
however well it speaks: common values are only asked about who was seen on others, or was there from the start.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np
import polars as pl

from toolkit.backends.local.near import SHARES
from toolkit.ports import WORST, Holding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from toolkit.ports import Bars, Holders

ROOM: Final = 1 << 20
"""Rows that are taken from the kernel at a time, at least."""
SLACK: Final = 1e-6
"""Who misses the bar by less is given out too: whoever judges adds the odds up again, in another order."""
NEVER: Final = -1e300
HALF: Final = float(np.log(0.5))
RAREST: Final = float(np.log(1e-9))
"""Between these, the logarithm of how likely anybody holds a value is believed."""
MOST_KINDS: Final = 63
MOST_THREADS: Final = 8
"""Each keeps three numbers for every actor."""
ODDS: Final = pl.Schema({"group": pl.UInt32, "actor": pl.UInt32, "kind": pl.Int32, "odds": pl.Float64})


@numba.njit(cache=True, nogil=True)
def _too_weak(g: int, bar: float, cap: float, values: Any, kinds: Any, n: int, scratch: Any) -> Any:
    """Which values of group `g`, the most common first, don't reach the bar together, whoever holds them all.

    `scratch` has for each of the group's `n` kinds its place, what not holding its values says, and room for sums.
    """
    firsts, kind, low, high, outside, _, log_chance, _ = values
    family, _, least, _ = kinds
    present, missed, top, best = scratch
    begin, end = firsts[g], firsts[g + 1]
    weak = np.zeros(end - begin, np.bool_)
    order = np.argsort(low[begin:end] - high[begin:end], kind="mergesort")
    for j in range(n):
        top[present[j]] = missed[j]
    for place in order:
        v = begin + place
        w = kind[v]
        before = top[w]
        top[w] += max(outside[v] - max(min(least[w] + log_chance[v], HALF), RAREST), 0.0)
        best[:] = 0.0
        for j in range(n):
            f = family[present[j]]
            best[f] = best[f] + max(top[present[j]], 0.0) if f == 0 else max(best[f], top[present[j]])
        if min(best[0], cap) + best[1:].sum() < bar - SLACK:
            weak[place] = True
        else:
            top[w] = before
    return weak


@numba.njit(cache=True, nogil=True)
def _add_up(g: int, weak: Any, values: Any, kinds: Any, held: Any, inside: Any, founders: Any, dense: Any) -> int:
    """Add up the odds of group `g`'s founders and of who holds a value that is not weak; gives how many they are."""
    firsts, kind, low, high, outside, within, log_chance, _ = values
    _, active_at, _, again = kinds
    holder, log_active = held
    place, touched, last, bits, sums = dense
    k = 0
    for b in founders:
        place[b] = k
        touched[k] = b
        bits[k] = 0
        last[k] = -1
        k += 1
    for common in (False, True):
        for v in range(firsts[g], firsts[g + 1]):
            if weak[v - firsts[g]] != common:
                continue
            w = kind[v]
            for row in range(low[v], high[v]):
                b = holder[row]
                if place[b] < 0:
                    if common:
                        continue
                    place[b] = k
                    touched[k] = b
                    bits[k] = 0
                    last[k] = -1
                    k += 1
                t = place[b]
                if last[t] == v:  # who acts on one value repeatedly counts once
                    continue
                last[t] = v
                if bits[t] & (1 << w) == 0:
                    bits[t] |= 1 << w
                    sums[t, w] = again[w] * (t >= founders.size)  # is taken off again: the first is not charged
                sums[t, w] -= again[w] * (t >= founders.size)
                p = log_chance[v] + (log_active[active_at[w] + b] if active_at[w] >= 0 else 0.0)
                sums[t, w] += (within[v] if inside[b] == g + 1 else outside[v]) - max(min(p, HALF), RAREST)
    return k


@numba.njit(cache=True, nogil=True)
def _score(bits: int, cap: float, present: Any, family: Any, sums: Any, best: Any) -> float:
    """Sum over families of the best kind; family 0 is the sum of its kinds, at most `cap`."""
    best[:] = NEVER
    for w in present:
        if bits & (1 << w):
            f = family[w]
            if f == 0 and best[f] > NEVER:
                best[f] += sums[w]
            else:
                best[f] = max(best[f], sums[w])
    score = 0.0
    for f in range(best.size):
        if best[f] > NEVER:
            score += max(min(best[f], cap) if f == 0 else best[f], WORST)
    return score


@numba.njit(cache=True, nogil=True)
def _present(g: int, values: Any, present: Any, missed: Any) -> int:
    """The kinds that group `g` holds values of, and what not holding any of a kind's values says; how many."""
    firsts, kind, last = values[0], values[1], -1
    n = 0
    for v in range(firsts[g], firsts[g + 1]):
        if kind[v] != last:
            last = kind[v]
            present[n] = last
            missed[n] = values[7][v]
            n += 1
    return n


@numba.njit(cache=True, nogil=True)
def _weigh(
    begin: int, end: int, cap: float, bars: Any, values: Any, kinds: Any, held: Any, dense: Any, flags: Any, out: Any
) -> Any:
    """Actors whose odds reach the bar, from group `begin` to before `end`, with their odds by kind.

    Stops before a group that there is no room for: gives that group, and the rows found.
    """
    bar, share, inside_at, inside, founders_at, founder = bars
    is_inside, is_founder, present, missed, top, best = flags
    of_group, actor, of_kind, odds = out
    place, touched, _, bits, sums = dense
    found = 0
    for g in range(begin, end):
        for s in range(inside_at[g], inside_at[g + 1]):
            is_inside[inside[s]] = g + 1
        founders = founder[founders_at[g] : founders_at[g + 1]]
        for s in range(founders.size):
            is_founder[founders[s]] = g + 1
        here = found
        n = _present(g, values, present, missed)
        weak = _too_weak(g, bar[g], cap, values, kinds, n, (present, missed, top, best))
        k = _add_up(g, weak, values, kinds, held, is_inside, founders, dense)
        full = False
        for t in range(k):
            b = touched[t]
            place[b] = -1
            for j in range(n):
                sums[t, present[j]] += missed[j]
            needed = bar[g] * share if is_founder[b] == g + 1 else bar[g]
            if full or _score(bits[t], cap, present[:n], kinds[0], sums[t], best) < needed - SLACK:
                continue
            full = found + n > actor.size
            for j in range(0 if full else n):
                if bits[t] & (1 << present[j]):
                    of_group[found] = g
                    actor[found] = b
                    of_kind[found] = present[j]
                    odds[found] = sums[t, present[j]]
                    found += 1
        if full:
            return g, here
    return end, found


def holding(kinds: Iterable[tuple[NDArray[np.uint32], NDArray[np.float64] | None]]) -> Holding:
    """Who holds the values of every kind, laid out; see `toolkit.ports.Compute.holding`."""
    holders, logs, active_at, least = [np.zeros(0, np.uint32)], [np.ones(0)], [], []
    for holder, active in kinds:
        holders.append(holder)
        active_at.append(-1 if active is None else sum(map(len, logs)))
        least.append(_least(holder, active))
        if active is not None:
            logs.append(_log(active))
    firsts = np.cumsum([part.size for part in holders])
    every = np.concatenate(holders), np.concatenate(logs)
    return Holding(every[0], firsts, every[1], np.array(active_at, np.int64), np.array(least, np.float64))


def odds(holding: Holding, kinds: Sequence[Holders], bars: Bars, *, cap: float) -> pl.DataFrame:
    """Who belongs to which group, with the odds by kind; see `toolkit.ports.Compute.odds`."""
    if not kinds:
        return pl.DataFrame(schema=ODDS)
    assert len(kinds) <= MOST_KINDS, "a bit a kind is all the room there is"
    n = bars.n_actors
    values, rows = _values(holding, kinds, bars)
    numbers = np.array([kind.number for kind in kinds], np.int64)
    families = {name: place for place, name in enumerate(dict.fromkeys(["", *(k.family for k in kinds if k.family)]))}
    about = (
        np.array([families[k.family] for k in kinds], np.int64),
        holding.active_at[numbers],
        holding.least[numbers],
        np.array([kind.again for kind in kinds], np.float64),
    )
    numbered = (
        bars.bar,
        bars.founder_share,
        *_listed(bars.group, bars.inside),
        *_listed(bars.group, bars.founders),
    )
    most = int(np.diff(rows).max(initial=0)) + int(np.diff(numbered[4]).max(initial=0))
    sizes = n, max(min(most, n), 1), len(kinds), len(families)

    def found(begin: int, end: int) -> list[pl.DataFrame]:
        return _found(
            begin, end, cap, bars.group, (numbered, values, about, (holding.holder, holding.log_active)), sizes
        )

    threads = min(pl.thread_pool_size(), MOST_THREADS)
    with ThreadPoolExecutor(threads) as pool:  # each share with sums of its own; the groups' order stays
        cuts = np.searchsorted(rows, np.linspace(0, rows[-1], SHARES * threads + 1)[1:-1])
        cuts = np.concatenate(([0], cuts, [bars.bar.size]))
        parts = pool.map(found, cuts[:-1], cuts[1:])
        return pl.concat([pl.DataFrame(schema=ODDS), *chain.from_iterable(parts)])


def _found(
    begin: int, end: int, cap: float, names: NDArray[np.uint32], arrays: Any, sizes: tuple[int, int, int, int]
) -> list[pl.DataFrame]:
    """Who belongs to the groups from `begin` to before `end`; `sizes`: actors, of one group, kinds, families."""
    n, people, n_kinds, n_families = sizes
    dense = (
        np.full(n, -1, np.int32),
        np.empty(people, np.int64),
        np.empty(people, np.int64),
        np.empty(people, np.int64),
        np.empty((people, n_kinds)),
    )
    flags = (
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.empty(n_kinds, np.int64),
        np.empty(n_kinds),
        np.empty(n_kinds),
        np.empty(n_families),
    )
    room = max(ROOM, people * n_kinds)
    out = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room)
    parts = []
    while begin < end:
        begin, count = _weigh(begin, end, cap, *arrays, dense, flags, out)
        group, actor, kind, score = (column[:count].copy() for column in out)
        columns = {"group": names[group], "actor": actor, "kind": kind, "odds": score}
        parts.append(pl.DataFrame(columns).cast(ODDS))
    return parts


def _values(
    holding: Holding, kinds: Sequence[Holders], bars: Bars
) -> tuple[tuple[NDArray[Any], ...], NDArray[np.int64]]:
    """The values of all kinds by group and kind, rows counted over all kinds; and the rows before each group."""
    which = np.concatenate([np.full(k.group.size, place, np.int64) for place, k in enumerate(kinds)])
    group = np.searchsorted(bars.group, np.concatenate([k.group for k in kinds]))
    order = np.lexsort((which, group))
    low = np.concatenate([k.low + holding.firsts[k.number] for k in kinds])[order]
    high = np.concatenate([k.high + holding.firsts[k.number] for k in kinds])[order]
    hits, homes, chance, missed = (
        np.concatenate([getattr(k, name) for k in kinds]).astype(np.float64)[order]
        for name in ("hits", "homes", "chance", "missed")
    )
    group, timed = group[order], np.array([k.timed for k in kinds], np.bool_)[which[order]]
    says = [_says(hits - own, homes - own, timed) for own in (0.0, 1.0)]
    firsts = np.searchsorted(group, np.arange(bars.group.size + 1))
    rows = np.concatenate(([0], np.cumsum(high - low)))
    return (firsts, which[order], low, high, *says, _log(chance), missed), rows[firsts]


def _least(holder: NDArray[np.uint32], active: NDArray[np.float64] | None) -> float:
    """The logarithm of how much less than the mean a holder acts, at most; who never acts holds nothing, as a rule."""
    if active is None or holder.size == 0:
        return 0.0
    return float(_log(np.asarray(active.min() or active[holder].min())))


def _log(what: NDArray[np.float64]) -> NDArray[np.float64]:
    """Natural logarithms, that of nothing endlessly small: it is kept at RAREST in the end."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(what))


def _says(hits: NDArray[np.float64], homes: NDArray[np.float64], timed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What holding a value says, but for how common it is; who holds it is not one of those who don't."""
    q = (hits + 0.25) / (homes + 0.5)
    return np.log(np.clip(q, 1e-6, 0.95)) - np.where(timed, np.log(1.0 - np.clip(q, 0.0, 0.95)), 0.0)


def _listed(groups: NDArray[np.uint32], pairs: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each group's actors begin, and the actors."""
    known = pl.Series(groups, dtype=pl.UInt32).implode()
    ordered = pairs.filter(pl.col("group").is_in(known)).sort("group", "actor")
    firsts = np.searchsorted(ordered["group"].to_numpy(), groups, "left")
    return np.concatenate((firsts, [ordered.height])).astype(np.int64), ordered["actor"].to_numpy().astype(np.int64)
