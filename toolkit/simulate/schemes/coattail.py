"""Coattail: accounts look at, and buy, a hot item and a shop's target together, so that the target is recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.chance import HOUR, distinct, hits
from toolkit.simulate.schemes.acts import Acts, hide, moments, pick_targets, place, ring_orders

if TYPE_CHECKING:
    from toolkit.simulate.chance import Ints
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World


def hot_item(world: World, ring: Ring) -> None:
    """Sessions that join the hot item to the targets, many looks at the targets, and some orders of both."""
    rng = ring.rng
    targets = pick_targets(world, ring, int(rng.integers(2, 5)), 1)
    hot = _hot(world, ring)
    acts = ring_orders(world, ring, targets, density=0.6 * ring.level.density)
    both = hits(rng, 0.45, len(acts.order))
    listing = np.full(int(both.sum()), hot)
    place(world, ring, acts.member[both], listing, acts.at[both] + rng.integers(60, HOUR, size=int(both.sum())))
    _sessions(world, ring, targets, hot)
    hide(world, ring, acts)
    _sort_of_browse(world, ring, acts)
    world.ledger.truth.targets[ring.number] = targets


def _hot(world: World, ring: Ring) -> int:
    """One of the country's best sellers."""
    shops = world.shops
    here = np.flatnonzero((shops.country == ring.country) & (shops.created < ring.start))
    ranked = here[np.argsort(-shops.popularity[here], kind="stable")]
    return int(distinct(ring.rng, ranked[: max(3, len(ranked) // 40)], 1)[0])


def _sessions(world: World, ring: Ring, targets: Ints, hot: int) -> None:
    """Two to five sessions a member: the hot item once, then a target, often again and again."""
    rng, level = ring.rng, ring.level
    member = np.repeat(np.arange(len(ring.members)), rng.integers(2, 6, size=len(ring.members)))
    first = np.diff(member, prepend=-1) > 0
    member = member[first | hits(rng, min(1.0, level.density + 0.15), len(member))]
    which = rng.integers(0, len(targets), size=len(member))
    at = moments(ring, which)
    session = world.ledger.fresh("session", len(member))
    looks = 1 + rng.poisson(2.5 - 0.5 * ring.rank, size=len(member))
    row = np.repeat(np.arange(len(member)), looks)
    buyer = ring.members[member]
    world.ledger.clicks.add(len(member), buyer=buyer, listing=hot, at=at, session=session)
    later = at[row] + rng.integers(20, 1_500, size=len(row))
    world.ledger.clicks.add(len(row), buyer=buyer[row], listing=targets[which[row]], at=later, session=session[row])


def _sort_of_browse(world: World, ring: Ring, acts: Acts) -> None:
    """Sessions without target, as camouflage."""
    rng = ring.rng
    size = int(len(acts.order) * (1 + ring.level.camouflage))
    member = rng.integers(0, len(ring.members), size=size)
    listing = world.demand.in_country(rng, np.full(size, ring.country))
    at = rng.integers(ring.start, ring.end, size=size)
    session = world.ledger.fresh("session", size)
    world.ledger.clicks.add(size, buyer=ring.members[member], listing=listing, at=at, session=session)
