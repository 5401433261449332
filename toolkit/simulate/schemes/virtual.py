"""Virtual orders: a shop pays accounts to order at a campaign's minimum spend, and takes the platform's subsidy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.simulate.calendar import daytime
from toolkit.simulate.chance import DAY, HOUR, distinct, hits
from toolkit.simulate.fulfil import CANCELLED, DELIVERED
from toolkit.simulate.ledger import FILL, NAN, NONE
from toolkit.simulate.places import cut
from toolkit.simulate.schemes.acts import Acts, cells, eligible, hide, place
from toolkit.simulate.schemes.funding import fund

if TYPE_CHECKING:
    from toolkit.simulate.chance import Floats, Ints
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World

_BUNCHED: Final = (0.90, 0.75, 0.60, 0.45)
_INSTANT: Final = (0.90, 0.70, 0.50, 0.30)
_FUNDED: Final = (0.90, 0.70, 0.50, 0.35)


def campaign(world: World, ring: Ring) -> None:
    """In one to four campaigns, members order from one shop at the minimum spend."""
    rng, year = ring.rng, world.year
    chosen = _campaigns(world, ring)
    first = int(year.starts[chosen].min()) - 5 * DAY
    world.people.created[ring.members] = np.minimum(world.people.created[ring.members], first)
    targets = _targets(world, ring, int(chosen[0]))
    member, which = cells(ring, len(chosen), ring.level.density)
    again = hits(rng, 0.2, len(member))
    member, which = np.concatenate([member, member[again]]), np.concatenate([which, which[again]])
    listing = targets[rng.integers(0, len(targets), size=len(member))]
    code = chosen[which]
    length = year.ends[code] - year.starts[code]
    at = daytime(rng, year.starts[code] + (rng.random(len(code)) ** 1.5 * (length - HOUR)).astype(np.int64))
    amount = _amounts(world, ring, code, listing)
    acts = place(world, ring, member, listing, at, amount=amount, voucher=code, campaign=code, **_outcome(ring, at))
    paid = amount - np.minimum(year.max_discount[code], amount * 0.6)
    fund(world, ring, acts, paid, share=_FUNDED[ring.rank], seller=int(world.shops.seller[targets[0]]))
    _close(world, ring, acts, targets)


def _close(world: World, ring: Ring, acts: Acts, targets: Ints) -> None:
    ring.start, ring.end = int(acts.at.min()), int(acts.at.max()) + DAY
    hide(world, ring, acts)
    world.ledger.truth.targets[ring.number] = targets
    world.ledger.truth.orders[ring.number] = acts.order


def _campaigns(world: World, ring: Ring) -> Ints:
    """General campaigns of the country, the nearest to the ring's start."""
    year = world.year
    open_ = (year.country == ring.country) & (year.category == NONE) & (year.starts < world.market.end - 10 * DAY)
    general = np.flatnonzero(open_)
    near = general[np.argsort(np.abs(year.starts[general] - ring.start), kind="stable")]
    return near[: 1 + ring.rank]


def _targets(world: World, ring: Ring, code: int) -> Ints:
    """Listings of one small shop, created before the campaign."""
    shops = world.shops
    old = (shops.country == ring.country) & (shops.created < world.year.starts[code] - DAY)
    quiet = shops.popularity < np.quantile(shops.popularity, 0.9)
    free = eligible(world, ring, old & quiet, old)
    seller = distinct(ring.rng, np.unique(shops.seller[free]), 1)
    chosen = distinct(ring.rng, free[shops.seller[free] == seller], int(ring.rng.integers(2, 6)))
    shops.work_for(chosen)
    return chosen


def _amounts(world: World, ring: Ring, code: Ints, listing: Ints) -> Floats:
    """Just above the minimum spend; at higher levels more and more at some larger amount."""
    rng, size = ring.rng, len(code)
    floor = world.year.min_spend[code]
    bunched = floor * (1 + rng.uniform(0, 0.015 + 0.015 * ring.rank, size))
    loose = np.maximum(floor, world.shops.price[listing]) * rng.uniform(1.0, 1.8, size)
    amount = cut(np.where(hits(rng, _BUNCHED[ring.rank], size), bunched, loose), ring.country)
    return np.maximum(amount, floor)


def _outcome(ring: Ring, at: Ints) -> dict[str, Ints]:
    """Marked as delivered within minutes, or cancelled once the subsidy is booked, or seemingly shipped as usual."""
    rng, size = ring.rng, len(at)
    instant = hits(rng, _INSTANT[ring.rank], size)
    dropped = ~instant & hits(rng, 0.5, size)
    minutes = at + rng.integers(120, 2_400 * (1 + ring.rank), size=size)
    leaves = at + rng.integers(DAY, 4 * DAY, size=size)
    return {
        "status": np.where(dropped, CANCELLED, DELIVERED),
        "delivered_at": np.where(instant, minutes, np.where(dropped, NONE, FILL)),
        "cancelled_at": np.where(dropped, leaves, FILL),
        "refunded_at": np.where(dropped, leaves + rng.integers(HOUR, DAY, size=size), FILL),
        "weight": np.where(instant & hits(rng, 0.7, size), np.round(rng.uniform(5, 30, size)), NAN),
    }
