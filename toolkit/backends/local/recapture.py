"""Who of those who show on a group's things is a member: a mixture fitted one group after another.

Members show on thing i with chance q_i, apart from each other; bystanders come about as often as at other times, hardly
any to two things. So the numbers that show on one, two, three things tell how many of those on one are members, as do
animals that are caught again (Chao 1987). Both shares are fitted by expectation and maximisation (Dempster, Laird and
Rubin 1977). A group's numbers lie beside each other, so that its rounds stay in the processor's nearest memory.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.ports import Crowds

TASTE: Final = 10.0
"""How much likelier than by chance a bystander comes to two of a group's things: who buys one buys its like."""
VARIES: Final = 1.0
"""Standard deviation of the logarithm of how often people come to one thing in one window and in another: sales and
seasons make it e times as often, as a rule. A crowd that is larger still is believed, since counts outweigh it."""
RARE: Final = 0.1
"""Bystanders, at least, that a thing brings into a window, though it brought none at other times."""
UNKNOWN: Final = 0.5
"""Bystanders of a thing of one day, at least: half an act of prior weight."""
NEWTON: Final = 3
"""Steps of Newton's method in each round, which go on from those of the round before."""
ROUNDS: Final = 60
"""Of expectation and maximisation, at most: on a dev market twice as many decide about none of 32,478 accounts
otherwise; twenty fewer do about 144."""
SETTLED: Final = 1e-6
"""Change of any account's posterior in one round, at which the rounds end."""
FIRST: Final = (0.05, 0.9)
"""Posteriors to begin with: of accounts that are no members yet, and of those that are. Who shows once must earn it."""
LEAST: Final = 1e-4
MOST: Final = 0.95
"""Chance, at least and at most, that a member shows on a thing."""
SIZED: Final = 20
"""Steps by which a group's size is found in each round."""


@numba.njit(cache=True, nogil=True)
def _sized(seen: float, on: Any, q: Any) -> float:
    """Members of a group, those on none of its things included; `q` takes the chance to show on each thing.

    The size n solves n = seen / (1 - prod(1 - on_i / n)), by iteration from below.
    """
    size = seen
    for step in range(SIZED + 1):
        none = 0.0
        for i in range(on.size):
            q[i] = min(max(on[i] / max(size, 1e-9), LEAST), MOST)
            none += np.log1p(-q[i])
        if step < SIZED:
            size = seen / max(1.0 - np.exp(none), 1e-3)
    return size


@numba.njit(cache=True, nogil=True)
def _came(left_over: Any, own: Any, known: Any, log_rate: Any) -> None:
    """Set `log_rate` to the logarithm of the bystanders of each thing, given what the members leave over.

    Where its own rate is known, it lies VARIES about that, so the likeliest count r solves
    r + ln(r / own) / VARIES^2 = what is left over: Newton's method on ln r, from the round before on. It is never under
    the thing's own rate.
    """
    pull = 1.0 / VARIES**2
    for i in range(own.size):
        if not known:
            log_rate[i] = np.log(max(left_over[i], own[i], UNKNOWN))
            continue
        now = log_rate[i]
        for _ in range(NEWTON):
            rate = np.exp(now)
            step = (left_over[i] - rate - pull * (now - np.log(own[i]))) / (rate + pull)
            now += min(max(step, -1.0), 1.0)
        log_rate[i] = max(now, np.log(own[i]))


@numba.njit(cache=True, nogil=True)
def _fit(thing: Any, account: Any, own: Any, member: Any, known: Any, population: float, chance: Any) -> None:
    """Set `chance` to the posterior of each account of one group; hits name things and accounts by their places."""
    things, accounts = own.size, member.size
    many, came = np.zeros(accounts), np.zeros(things)
    for h in range(thing.size):
        many[account[h]] += 1.0
        came[thing[h]] += 1.0
    for i in range(things):
        came[i] = np.log(came[i])
    for a in range(accounts):
        chance[a] = FIRST[1] if member[a] else FIRST[0]
    on, off, q, shows = np.empty(things), np.empty(things), np.empty(things), np.empty(things)
    shown, bystander = np.empty(accounts), np.empty(accounts)
    taste = np.log(population / TASTE)
    for _ in range(ROUNDS):
        on[:] = 0.0
        off[:] = 0.0
        for h in range(thing.size):
            on[thing[h]] += chance[account[h]]
            off[thing[h]] += 1.0 - chance[account[h]]
        size = _sized(chance.sum(), on, q)
        none = 0.0
        for i in range(things):
            none += np.log1p(-q[i])
            shows[i] = np.log(q[i] / (1.0 - q[i]))
        _came(off, own, known, came)
        shown[:] = 0.0
        bystander[:] = 0.0
        for h in range(thing.size):
            shown[account[h]] += shows[thing[h]]
            bystander[account[h]] += came[thing[h]]
        prior, change = np.log(max(size, 1e-9)) + none, 0.0
        for a in range(accounts):
            against = bystander[a] - (many[a] - 1.0) * taste - prior - shown[a]
            now = 1.0 / (1.0 + np.exp(min(max(against, -50.0), 50.0)))
            change = max(change, abs(now - chance[a]))
            chance[a] = now
        if change < SETTLED:
            break


@numba.njit(cache=True, nogil=True)
def _all(begin: int, end: int, starts: Any, arrays: Any, known: Any, population: Any, chance: Any) -> None:
    """Fit the groups from `begin` to before `end`."""
    things, accounts, hits = starts
    thing, account, own, member = arrays
    for g in range(begin, end):
        t, a = slice(things[g], things[g + 1]), slice(accounts[g], accounts[g + 1])
        h = slice(hits[g], hits[g + 1])
        _fit(thing[h] - things[g], account[h] - accounts[g], own[t], member[a], known, population[g], chance[a])


def recaptured(crowds: Crowds) -> NDArray[np.float64]:
    """Chance that each account is a member of its group; see `toolkit.ports.Compute.recaptured`."""
    chance = np.empty(crowds.member.size)
    starts = tuple(np.asarray(s, np.int64) for s in (crowds.things, crowds.accounts, crowds.hits))
    arrays = crowds.thing, crowds.account, np.maximum(crowds.own, RARE), crowds.member
    groups, threads = crowds.population.size, pl.thread_pool_size()
    wanted = np.linspace(0, starts[2][-1], 4 * threads + 1)[1:-1]
    cuts = np.concatenate(([0], np.searchsorted(starts[2], wanted), [groups]))

    def fitted(begin: int, end: int) -> None:
        _all(begin, end, starts, arrays, crowds.known, crowds.population, chance)

    with ThreadPoolExecutor(threads) as pool:  # a group's accounts are its own
        list(pool.map(fitted, cuts[:-1], cuts[1:]))
    return chance
