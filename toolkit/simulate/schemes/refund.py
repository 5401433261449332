"""Refund rings: returns of things from many shops, with one story, paid out to instruments of the ring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.simulate.calendar import daytime
from toolkit.simulate.chance import DAY, HOUR, distinct, hits, lognormal_days, one_of
from toolkit.simulate.fulfil import RETURNED
from toolkit.simulate.ledger import FILL
from toolkit.simulate.schemes.acts import hide, place
from toolkit.simulate.words import REASONS

if TYPE_CHECKING:
    from toolkit.simulate.chance import Ints
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World

_STORIES: Final = np.array([REASONS.index(name) for name in ("empty_parcel", "not_as_described", "counterfeit")])
_TOLD: Final = (0.95, 0.85, 0.70, 0.55)
_PAID_TO_RING: Final = (0.90, 0.75, 0.55, 0.40)


def scattered(world: World, ring: Ring) -> None:
    """Each account has two to five orders returned, many of them on the days when the ring's agent files."""
    rng = ring.rng
    member = np.repeat(np.arange(len(ring.members)), rng.integers(2, 6, size=len(ring.members)))
    listing = _dear_things(world, ring, len(member))
    filed = _filing_days(ring)[rng.integers(0, 1 + 2 * ring.rank, size=len(member))]
    back = filed + rng.integers(0, 10 * HOUR, size=len(member)) + rng.integers(0, 1 + ring.rank, len(member)) * DAY
    at = daytime(rng, back - lognormal_days(rng, 10, 0.25, len(member)) - 5 * DAY)
    story = np.where(hits(rng, _TOLD[ring.rank], len(member)), one_of(rng, _STORIES), FILL)
    own = hits(rng, _PAID_TO_RING[ring.rank], len(member))
    pot = _pots(world, ring)[rng.integers(0, 1 + ring.rank, size=len(member))]
    acts = place(
        world,
        ring,
        member,
        listing,
        at,
        status=RETURNED,
        delivered_at=np.minimum(at + 4 * DAY, back - DAY),
        refunded_at=back,
        refund_reason=story,
        refund_payment=np.where(own, pot, FILL),
    )
    hide(world, ring, acts)
    world.ledger.truth.orders[ring.number] = acts.order


def _dear_things(world: World, ring: Ring, size: int) -> Ints:
    """The dearer of two things each, that existed before the ring began."""
    two = world.demand.in_country(ring.rng, np.full(2 * size, ring.country)).reshape(2, size)
    first = np.where(world.shops.price[two[0]] > world.shops.price[two[1]], two[0], two[1])
    old = np.flatnonzero((world.shops.country == ring.country) & (world.shops.created < ring.start - 20 * DAY))
    fallback = old[ring.rng.integers(0, len(old), size=size)]
    return np.where(world.shops.created[first] < ring.start - 20 * DAY, first, fallback)


def _filing_days(ring: Ring) -> Ints:
    count = 1 + 2 * ring.rank
    day = np.sort(ring.rng.integers(0, max(1, ring.span // DAY), size=count))
    return (ring.start // DAY + day) * DAY + 9 * HOUR


def _pots(world: World, ring: Ring) -> Ints:
    """Instruments that refunds go to: cards of people in the country, who use them too."""
    people = world.people
    owners = distinct(ring.rng, people.of(ring.country), 1 + ring.rank)
    return people.payment[owners]
