"""Ordinary reviews: one delivered order in fourteen, three in ten for enthusiasts; some listings invite them more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.chance import DAY, HOUR, hits, lognormal_days
from toolkit.simulate.fulfil import DELIVERED, RETURNED

if TYPE_CHECKING:
    from toolkit.simulate.fulfil import Filled
    from toolkit.simulate.world import World


def ordinary_reviews(world: World, orders: Filled) -> None:
    """Reviews of orders that nobody was asked or paid to review; also by ring accounts on what they really bought."""
    rng = world.rng("opinions")
    keen = hits(rng, 0.06, world.people.size)
    liked = np.exp(rng.normal(-0.3, 0.8, world.shops.size))
    rate = np.minimum(np.where(keen, 0.3, 0.07)[orders["buyer"]] * liked[orders["listing"]], 0.8)
    open_ = (orders["ordinary"] == 1) & np.isin(orders["status"], [DELIVERED, RETURNED]) & (orders["delivered_at"] >= 0)
    order = np.flatnonzero(open_ & hits(rng, rate, len(open_)))
    at = orders["delivered_at"][order] + lognormal_days(rng, 5, 0.9, len(order)) + 6 * HOUR
    order, at = order[at < world.market.end], at[at < world.market.end]
    mean = world.shops.quality[orders["listing"][order]] - 1.5 * (orders["status"][order] == RETURNED)
    rating = np.clip(np.round(rng.normal(mean, 1.0)), 1, 5).astype(np.int64)
    unlinked = hits(rng, 0.06, len(order))
    world.ledger.reviews.add(
        len(order),
        buyer=orders["buyer"][order],
        listing=orders["listing"][order],
        at=at,
        order=np.where(unlinked, -2, order),
        rating=rating,
    )
    _unverified(world, len(order) // 25)


def drop_impossible(world: World, orders: Filled) -> None:
    """Take back reviews of orders that were cancelled after all, or that arrived later than the review was written."""
    reviews = world.ledger.reviews.arrays()
    arrived = orders["delivered_at"][np.maximum(reviews["order"], 0)]
    world.ledger.reviews.keep((reviews["order"] < 0) | ((arrived >= 0) & (arrived <= reviews["at"])))


def _unverified(world: World, size: int) -> None:
    """Some people review what they bought elsewhere."""
    rng = world.rng("opinions.unverified")
    buyer = rng.integers(0, world.people.size, size=size)
    listing = world.demand.in_country(rng, world.people.country[buyer])
    born = np.maximum(world.people.created[buyer], world.shops.created[listing])
    at = (born + rng.random(size) * (world.market.end - born)).astype(np.int64)
    at = np.maximum(at, world.market.end - world.market.days * DAY)
    world.ledger.reviews.add(size, buyer=buyer, listing=listing, at=at, rating=rng.integers(1, 6, size=size))
