"""Brushing: orders to raise a shop's sales, sent as almost empty parcels, several under one tracking number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.simulate.chance import distinct, hits, weighted
from toolkit.simulate.fulfil import CANCELLED, DELIVERED, RETURNED
from toolkit.simulate.ledger import FILL, NAN
from toolkit.simulate.schemes.acts import (
    cells,
    eligible,
    hide,
    moments,
    open_listings,
    pick_targets,
    place,
    review,
)

if TYPE_CHECKING:
    from toolkit.simulate.chance import Floats, Ints
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World

_EMPTY: Final = (0.95, 0.85, 0.70, 0.50)
_REUSED: Final = (0.80, 0.60, 0.40, 0.25)


def empty_parcels(world: World, ring: Ring) -> None:
    """Members order a shop's listings, some twice; parcels weigh next to nothing and share tracking numbers."""
    rng = ring.rng
    targets = pick_targets(world, ring, int(rng.integers(3, 9)), 1)
    member, target = cells(ring, len(targets), ring.level.density)
    again = hits(rng, 0.25, len(member))
    member, target = np.concatenate([member, member[again]]), np.concatenate([target, target[again]])
    at = moments(ring, target)
    listing = targets[target]
    acts = place(
        world, ring, member, listing, at, weight=_weights(world, ring, listing), tracking=_tracking(world, ring, at)
    )
    review(world, ring, acts, share=0.45)
    hide(world, ring, acts)
    world.ledger.truth.targets[ring.number] = targets
    world.ledger.truth.orders[ring.number] = acts.order


def competitor(world: World, ring: Ring) -> None:
    """A competitor brushes somebody else's shop: cheap orders, most cancelled or sent back, and bad reviews.

    The accounts are a ring; the shop is its victim, and nothing may be held against it.
    """
    rng = ring.rng
    targets = _of_victim(world, ring, int(rng.integers(2, 6)))
    member, target = cells(ring, len(targets), ring.level.density)
    status = np.array([DELIVERED, CANCELLED, RETURNED])[weighted(rng, np.array([0.4, 0.35, 0.25]), len(member))]
    acts = place(world, ring, member, targets[target], moments(ring, target), status=status)
    review(world, ring, acts.where(status == DELIVERED), share=0.8, keen=0.85, stars=1)
    hide(world, ring, acts)
    world.ledger.truth.targets[ring.number] = targets
    world.ledger.truth.orders[ring.number] = acts.order
    world.trap("victim_shop", seller=np.unique(world.shops.seller[targets]))


def _of_victim(world: World, ring: Ring, count: int) -> Ints:
    """Listings of one shop that pays for nothing itself, now or later; nobody else works for it."""
    shops = world.shops
    clean = ~np.isin(shops.seller, sorted(shops.guilty)) & open_listings(world, ring, 5)
    quiet = clean & (shops.popularity < np.quantile(shops.popularity, 0.85))
    free = eligible(world, ring, quiet, clean)
    sellers, sizes = np.unique(shops.seller[free], return_counts=True)
    large = sellers[sizes >= min(count, 3)] if (sizes >= min(count, 3)).any() else sellers
    victim = distinct(ring.rng, large, 1)
    targets = distinct(ring.rng, free[np.isin(shops.seller[free], victim)], count)
    shops.taken[targets] = True
    return targets


def _weights(world: World, ring: Ring, listing: Ints) -> Floats:
    """Grams of an empty bag; at higher levels some stuffing, and the rest real goods."""
    rng, size = ring.rng, len(listing)
    bag = np.round(rng.uniform(5, 22, size) * (1 + ring.rank))
    stuffed = np.round(world.shops.weight[listing] * rng.uniform(0.05, 0.1 + 0.12 * ring.rank, size))
    light = np.where(hits(rng, 0.3 * ring.rank, size), np.maximum(bag, stuffed), bag)
    return np.where(hits(rng, _EMPTY[ring.rank], size), light, NAN)


def _tracking(world: World, ring: Ring, at: Ints) -> Ints:
    """Orders of the same days share numbers, two to four at a time."""
    rng, size = ring.rng, len(at)
    by_time = np.argsort(at, kind="stable")
    number = np.empty(size, dtype=np.int64)
    number[by_time] = np.repeat(np.arange(size), rng.integers(2, 5, size=size))[:size]
    first = world.ledger.fresh("tracking", size)[0] if size else 0
    return np.where(hits(rng, _REUSED[ring.rank], size), first + number, FILL)
