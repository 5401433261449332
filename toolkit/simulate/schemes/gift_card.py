"""Gift cards as pay for reviews: a ring that works for a shop, and customers who answer an insert in the parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.chance import DAY, distinct, hits, lognormal_days, weighted
from toolkit.simulate.gifts import RETAIL, UNKNOWN, party, resellers
from toolkit.simulate.ledger import NAN, NONE
from toolkit.simulate.places import COUNTRIES
from toolkit.simulate.schemes.acts import (
    eligible,
    hide,
    moments,
    open_listings,
    pick_targets,
    place,
    review,
    ring_orders,
)

if TYPE_CHECKING:
    from toolkit.simulate.chance import Floats, Ints
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World


def paid_review(world: World, ring: Ring) -> None:
    """Members buy and review a shop's listings, and are paid in gift cards."""
    rng = ring.rng
    targets = pick_targets(world, ring, int(rng.integers(3, 8)), int(rng.integers(1, 3)))
    acts = ring_orders(world, ring, targets)
    done, at = review(world, ring, acts, share=0.95)
    pay(world, ring, ring.members[done.member], at)
    hide(world, ring, acts)
    world.ledger.truth.targets[ring.number] = targets


def insert(world: World, ring: Ring) -> None:
    """Unrelated customers of one listing answer a card in the parcel: they review, and redeem the promise."""
    target = _lively_target(world, ring)
    listing = np.full(len(ring.members), target)
    acts = place(world, ring, np.arange(len(ring.members)), listing, moments(ring, listing * 0))
    done, at = review(world, ring, acts, share=1.0, keen=0.85)
    pay(world, ring, ring.members[done.member], at)
    _bystanders(world, ring, target)
    world.ledger.truth.targets[ring.number] = np.array([target])


def _lively_target(world: World, ring: Ring) -> int:
    """A listing that sells well enough to have such customers."""
    shops = world.shops
    free = eligible(world, ring, open_listings(world, ring, 10))
    ranked = free[np.argsort(-shops.popularity[free], kind="stable")]
    target = int(distinct(ring.rng, ranked[: max(3, len(ranked) // 5)], 1)[0])
    shops.work_for(np.array([target]))
    return target


def _bystanders(world: World, ring: Ring, target: int) -> None:
    """Twice as many customers got the same insert and did nothing."""
    rng, people = ring.rng, world.people
    others = people.created < ring.start
    others[ring.members] = False
    here = people.of(ring.country)
    here = here[others[here]]
    buyer = distinct(rng, here, 2 * len(ring.members), people.activity[here])
    at = moments(ring, np.zeros(len(buyer), dtype=np.int64))
    world.ledger.orders.add(len(buyer), buyer=buyer, listing=target, at=at, ordinary=1)


def pay(world: World, ring: Ring, buyers: Ints, reviewed: Ints) -> None:
    """Gift cards for reviews: the level says how late, in how many faces, and how many are paid unseen."""
    rng, level = ring.rng, ring.level
    paid = ~hits(rng, level.unpaid, len(buyers))
    buyers, reviewed = buyers[paid], reviewed[paid]
    size = len(buyers)
    at = (
        reviewed
        + np.minimum(rng.exponential(level.lag, size), 44).astype(np.int64) * DAY
        + rng.integers(3_600, DAY, size=size)
    )
    card = world.ledger.cards.add(
        size,
        face=_faces(ring, size),
        country=ring.country,
        source=np.where(hits(rng, 0.1 * ring.rank, size), UNKNOWN, RETAIL),
        purchaser=_purchasers(world, ring, size),
        issued=reviewed - lognormal_days(rng, 6, 0.8, size),
    )
    seen = at < world.market.end
    world.ledger.redemptions.add(int(seen.sum()), card=card[seen], buyer=buyers[seen], at=at[seen], amount=NAN)


def _faces(ring: Ring, size: int) -> Floats:
    """The ring's faces: the price paid back and something on top, so mid-sized ones."""
    usual = np.array(COUNTRIES[ring.country].faces[:8])
    chosen = distinct(ring.rng, np.arange(8), ring.level.faces, np.array([3.0, 2, 0.7, 1, 1.5, 1.5, 0.5, 1.5]))
    return usual[chosen[weighted(ring.rng, 1.0 / (1 + np.arange(len(chosen))), size)]].astype(np.float64)


def _purchasers(world: World, ring: Ring, size: int) -> Ints:
    """Bare rings buy from one or two hands; careful ones at counters that sell to everybody."""
    rng = ring.rng
    hands = party(world, world.ledger.fresh("party", 1 + ring.rank))
    counters = resellers(world)
    own = hands[rng.integers(0, len(hands), size=size)]
    counter = counters[rng.integers(0, len(counters), size=size)]
    hidden = hits(rng, 0.25 * ring.rank, size)
    known = np.where(hidden, counter, own)
    return np.where(hits(rng, 0.1 + 0.15 * ring.rank, size), NONE, known)
