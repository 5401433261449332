"""Voucher farms: many accounts in few hands claim codes, scattered over shops so that no listing joins them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.simulate.calendar import NEW_USER, OTHER, daytime
from toolkit.simulate.chance import DAY, distinct, hits
from toolkit.simulate.fulfil import CANCELLED, DELIVERED
from toolkit.simulate.places import cut
from toolkit.simulate.schemes.acts import hide, place

if TYPE_CHECKING:
    from toolkit.simulate.chance import Ints
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World

_AT_FLOOR: Final = (0.9, 0.75, 0.6, 0.45)


def scattered(world: World, ring: Ring) -> None:
    """Each account claims three to six times on the ring's days, a fifth of it again after a cancellation."""
    rng, year = ring.rng, world.year
    member = np.repeat(np.arange(len(ring.members)), rng.integers(3, 7, size=len(ring.members)))
    code = _codes(world, ring, member)
    listing = world.demand.in_country(rng, np.full(len(member), ring.country))
    at = daytime(rng, _days(ring)[rng.integers(0, 1 + 2 * ring.rank, size=len(member))])
    at += rng.integers(-DAY * ring.rank, DAY * ring.rank + 1, size=len(member))
    floor = year.voucher_min[code]
    low = cut(floor * rng.uniform(1.0, 1.05 + 0.05 * ring.rank, len(member)), ring.country)
    amount = np.where(hits(rng, _AT_FLOOR[ring.rank], len(member)), low, floor * rng.uniform(1.1, 2.5, len(member)))
    amount = np.maximum(cut(amount, ring.country), floor)
    campaign = year.voucher_campaign[code]
    status = np.where(hits(rng, 0.2, len(member)), CANCELLED, DELIVERED)
    acts = place(world, ring, member, listing, at, voucher=code, campaign=campaign, amount=amount, status=status)
    hide(world, ring, acts)
    world.ledger.truth.orders[ring.number] = acts.order


def _codes(world: World, ring: Ring, member: Ints) -> Ints:
    """Welcome codes for accounts made for the ring; else a few partner codes that others use as well."""
    rng = ring.rng
    welcome, partner = (world.year.of_kind(kind, ring.country) for kind in (NEW_USER, OTHER))
    own = distinct(rng, partner, 1 + ring.rank)
    fresh = world.people.created[ring.members[member]] > ring.start - 60 * DAY
    first = welcome[rng.integers(0, len(welcome), size=len(member))]
    return np.where(fresh & hits(rng, 0.6, len(member)), first, own[rng.integers(0, len(own), size=len(member))])


def _days(ring: Ring) -> Ints:
    """The days that the ring works on: one where it is bare, up to seven."""
    count = 1 + 2 * ring.rank
    return ring.start + DAY + np.sort(ring.rng.integers(0, max(1, ring.span - DAY), size=count))
