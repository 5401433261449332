"""What rings of most schemes do: pick targets, order members x targets, hide among popular things, review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import daytime
from toolkit.simulate.chance import DAY, HOUR, distinct, hits, lognormal_days
from toolkit.simulate.fulfil import DELIVERED
from toolkit.simulate.ledger import FILL

if TYPE_CHECKING:
    from toolkit.simulate.chance import Bools, Floats, Ints
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World

_PAID_TONE = 3


@dataclass(frozen=True)
class Acts:
    """Ring orders by row number: the member's position, the listing, when it was placed and when it arrives."""

    order: Ints
    member: Ints
    listing: Ints
    at: Ints
    arrives: Ints

    def where(self, chosen: Bools) -> Acts:
        """Only some of them."""
        return Acts(*(getattr(self, column)[chosen] for column in self.__dataclass_fields__))


def pick_targets(world: World, ring: Ring, count: int, shops: int) -> Ints:
    """Listings of a few shops that sell little; now and then one that an earlier ring of the country worked for."""
    catalogue, rng = world.shops, ring.rng
    open_ = open_listings(world, ring, 5)
    quiet = open_ & (catalogue.popularity < np.quantile(catalogue.popularity, 0.85))
    free = eligible(world, ring, quiet, open_)
    sellers = distinct(rng, _large_enough(catalogue.seller[free], min(3, count // shops)), shops)
    chosen = distinct(rng, free[np.isin(catalogue.seller[free], sellers)], count)
    if len(chosen) < min(count, 3):
        chosen = np.unique(np.concatenate([chosen, distinct(rng, free, count - len(chosen))]))
    shared = _shared_target(world, ring)
    world.shops.work_for(chosen)
    return np.unique(np.concatenate([chosen, shared]))


def open_listings(world: World, ring: Ring, days: int) -> Bools:
    """The country's listings that were there so many days before the ring began."""
    there: Bools = (world.shops.country == ring.country) & (world.shops.created < ring.start - days * DAY)
    return there


def eligible(world: World, ring: Ring, *wanted: Bools) -> Ints:
    """Free listings of the first wish that any fulfils.

    A small market may have none left in the country: then its younger ones, what another ring works for, or at last
    any of the country.
    """
    shops = world.shops
    here = shops.country == ring.country
    innocent = np.isin(shops.seller, sorted(shops.innocent))
    choices = (*(wish & shops.free() for wish in wanted), here & shops.free(), here & ~innocent, here)
    return next(np.flatnonzero(choice) for choice in choices if choice.any())


def _large_enough(sellers: Ints, listings: int) -> Ints:
    """Shops with so many listings to work for, or all where none has."""
    shops, sizes = np.unique(sellers, return_counts=True)
    return shops[sizes >= listings] if (sizes >= listings).any() else shops


def _shared_target(world: World, ring: Ring) -> Ints:
    """One that an earlier ring worked for; none of a victim's, which pays for nothing."""
    shops = world.shops
    earlier = [
        targets
        for number, targets in world.ledger.truth.targets.items()
        if number != ring.number and len(targets) and shops.country[targets[0]] == ring.country
        if not shops.innocent.intersection(shops.seller[targets].tolist())
    ]
    if not earlier or not hits(ring.rng, 0.12, 1)[0]:
        return np.empty(0, dtype=np.int64)
    return distinct(ring.rng, earlier[-1], 1)


def moments(ring: Ring, target: Ints) -> Ints:
    """Seconds of ring actions: each target has its days inside the ring's window, fewer at low levels."""
    rng = ring.rng
    days = max(ring.span // DAY, 1)
    wide = max(2, int(days * (0.3 + 0.15 * ring.rank)))
    first = rng.integers(0, max(1, days - wide + 1), size=int(target.max(initial=0)) + 1)
    day = first[target] + rng.integers(0, wide, size=len(target))
    return daytime(rng, ring.start + day * DAY)


def ring_orders(
    world: World, ring: Ring, targets: Ints, *, density: float | None = None, **columns: Ints | Floats | float
) -> Acts:
    """Each member orders each target with the level's density; ring attributes are used in six orders of seven."""
    member, target = cells(ring, len(targets), ring.level.density if density is None else density)
    return place(world, ring, member, targets[target], moments(ring, target), **columns)


def cells(ring: Ring, columns: int, density: float) -> tuple[Ints, Ints]:
    """The filled cells of members x columns: a share of all, and at least one a member: who does nothing is none."""
    filled = ring.rng.random((len(ring.members), columns)) < density
    idle = np.flatnonzero(~filled.any(axis=1))
    filled[idle, ring.rng.integers(0, columns, size=len(idle))] = True
    member, column = np.nonzero(filled)
    return member.astype(np.int64), column.astype(np.int64)


def place(world: World, ring: Ring, member: Ints, listing: Ints, at: Ints, **columns: Ints | Floats | float) -> Acts:
    """Orders by members, with what they take from the ring; all times move on where an account is too young."""
    born = np.maximum(world.people.created[ring.members[member]], world.shops.created[listing]) + 60
    late = np.maximum(born - at, 0)
    for name in ("delivered_at", "cancelled_at", "refunded_at"):
        if name in columns:
            columns[name] = np.where(np.asarray(columns[name]) >= 0, columns[name] + late, columns[name])
    at = at + late
    values: dict[str, Ints | Floats | float] = {"status": DELIVERED, **attributes(ring, member), **columns}
    posted = at + lognormal_days(ring.rng, 3.6, 0.45, len(at)) + 4 * HOUR
    given = np.broadcast_to(np.asarray(values.get("delivered_at", FILL), dtype=np.int64), at.shape)
    arrives = np.where(given == FILL, posted, given)
    values["delivered_at"] = np.where(np.asarray(values["status"]) == DELIVERED, arrives, given)
    order = world.ledger.orders.add(len(member), buyer=ring.members[member], listing=listing, at=at, **values)
    return Acts(order, member, listing, at, arrives)


def attributes(ring: Ring, member: Ints) -> dict[str, Ints]:
    """Per order the ring's card, address and device of its member, or `FILL` for the member's own."""
    values = {}
    for name in ("payment", "address", "device"):
        pool = getattr(ring, name)
        used = hits(ring.rng, 0.86, len(member))
        values[name] = np.where(used, pool[member], FILL) if len(pool) else np.full(len(member), FILL)
    return values


def hide(world: World, ring: Ring, acts: Acts) -> None:
    """Camouflage: ordinary-looking orders of popular things, before, during and after.

    What the accounts buy for themselves anyway hides them just as well, and counts.
    """
    rng = ring.rng
    size = max(0, int(len(acts.order) * ring.level.camouflage - _own_orders(world, ring)))
    member = rng.integers(0, len(ring.members), size=size)
    two = world.demand.in_country(rng, np.full((2, size), ring.country).ravel()).reshape(2, size)
    popular = np.where(world.shops.popularity[two[0]] > world.shops.popularity[two[1]], two[0], two[1])
    first, last = ring.start - 40 * DAY, min(ring.end + 30 * DAY, world.market.end - DAY)
    at = daytime(rng, rng.integers(first, last, size=size))
    buyer = ring.members[member]
    at = np.maximum(at, np.maximum(world.people.created[buyer], world.shops.created[popular]) + 60)
    values = {name: np.where(hits(rng, 0.4, size), pool, FILL) for name, pool in attributes(ring, member).items()}
    world.ledger.orders.add(size, buyer=buyer, listing=popular, at=at, ordinary=1, **values)


def _own_orders(world: World, ring: Ring) -> float:
    """Ordinary orders that the members will place by their activity."""
    activity = world.people.activity
    return float(activity[ring.members].sum() / activity.sum() * world.market.orders)


def review(
    world: World, ring: Ring, acts: Acts, *, share: float, keen: float = 0.9, linked: float = 1.0, stars: int = 5
) -> tuple[Acts, Ints]:
    """Reviews of ring orders after delivery; gives the reviewed orders and the seconds of their reviews."""
    rng = ring.rng
    done = acts.where(hits(rng, share, len(acts.order)))
    size = len(done.order)
    at = done.arrives + lognormal_days(rng, 1.5 + ring.rank, 0.6, size) + HOUR
    other = rng.integers(3, 6, size=size) if stars == 5 else rng.integers(1, 4, size=size)
    rating = np.where(hits(rng, keen - 0.05 * ring.rank, size), stars, other)
    order = np.where(hits(rng, linked, size), done.order, -2)
    seen = at < world.market.end
    tone = np.where((stars == 5) & hits(rng, 0.8 - 0.2 * ring.rank, size), _PAID_TONE, FILL)
    world.ledger.reviews.add(
        int(seen.sum()),
        buyer=ring.members[done.member][seen],
        listing=done.listing[seen],
        at=at[seen],
        order=order[seen],
        rating=rating[seen],
        tone=tone[seen],
        script=np.where((tone == _PAID_TONE) & (ring.rank < 3), ring.number, FILL)[seen],
    )
    return done.where(seen), at[seen]
