"""Innocent people and what they buy: the two things that every look-alike needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.chance import DAY, distinct, weighted

if TYPE_CHECKING:
    from toolkit.simulate.chance import Floats, Generator, Ints
    from toolkit.simulate.world import World


def country(world: World, rng: Generator) -> int:
    """A country, by its number of buyers."""
    return int(world.people.country[rng.integers(world.people.size)])


def people(world: World, rng: Generator, nation: int, size: int, *, before: int) -> Ints:
    """At most `size` active buyers of a country with accounts older than `before`; none of them in a ring."""
    here = world.people.of(nation)
    here = here[(world.people.created[here] < before) & ~world.people.busy[here]]
    return distinct(rng, here, min(size, max(3, len(here) // 6)), np.sqrt(world.people.activity[here]))


def spread(world: World, rng: Generator, low: int, high: int) -> int:
    """A number between two bounds, smaller in a small market: crowds are part of a population."""
    shrink = min(1.0, max(0.25, world.market.scale**0.5))
    return max(3, int(rng.integers(low, high + 1) * shrink + 0.5))


def open_listing(
    world: World, rng: Generator, nation: int, when: int, *, low: float = 0.0, high: float = 1.0, size: int = 1
) -> Ints:
    """Listings of a country that exist, that no ring works for, of popularity ranks between two shares of all.

    A small market may have none left in the country: then its other ones, which `buy` waits for where they are younger.
    """
    shops = world.shops
    every = shops.ranked(nation)
    there = shops.created[every] < when - DAY
    choices = (there & ~shops.taken[every], there, np.ones(len(every), dtype=np.bool_))
    ranked = next(every[choice] for choice in choices if choice.any())
    chosen = distinct(rng, ranked[int(low * len(ranked)) : max(int(high * len(ranked)), size + 1)], size)
    shops.taken[chosen] = True
    return chosen


def moment(world: World, rng: Generator, *, margin: int = 30) -> int:
    """A second in the market, at least `margin` days from its ends; days with much demand come more often."""
    days = world.year.days[margin : world.market.days - margin]
    first = world.market.end - world.market.days * DAY
    return first + (margin + int(weighted(rng, days, 1)[0])) * DAY


def buy(world: World, buyers: Ints, listing: Ints | int, at: Ints, **columns: Ints | Floats | float) -> Ints:
    """Ordinary orders; all times move on where the account or the listing is too young."""
    born = np.maximum(world.people.created[buyers], world.shops.created[listing]) + 60
    late = np.maximum(born - at, 0)
    for name in ("delivered_at", "refunded_at"):
        if name in columns:
            columns[name] = columns[name] + late
    values: dict[str, Ints | Floats | float] = {"ordinary": 1, **columns}
    return world.ledger.orders.add(len(buyers), buyer=buyers, listing=listing, at=at + late, **values)


def praise(world: World, rng: Generator, buyers: Ints, listing: Ints | int, at: Ints, order: Ints) -> None:
    """Honest reviews, some days after `at`."""
    later = at + rng.integers(5 * DAY, 25 * DAY, size=len(buyers))
    seen = later < world.market.end
    where = np.broadcast_to(np.asarray(listing), (len(buyers),))
    mean = world.shops.quality[where]
    rating = np.clip(np.round(rng.normal(mean, 0.9)), 1, 5).astype(np.int64)
    world.ledger.reviews.add(
        int(seen.sum()), buyer=buyers[seen], listing=where[seen], at=later[seen], order=order[seen], rating=rating[seen]
    )
