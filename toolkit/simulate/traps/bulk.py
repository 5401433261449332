"""Many orders from few people: offices, resellers, and parcels that carry several people's orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import daytime
from toolkit.simulate.chance import DAY, HOUR, hits
from toolkit.simulate.population import OFFICE
from toolkit.simulate.settings import START
from toolkit.simulate.traps.crowd import buy, country, moment, open_listing, people, spread

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator
    from toolkit.simulate.world import World


def office_bulk(world: World, rng: Generator) -> None:
    """One office account places fifteen to forty orders at one shop within the hour."""
    nation, start = country(world, rng), moment(world, rng) + int(rng.integers(9 * HOUR, 16 * HOUR))
    listing = open_listing(world, rng, nation, start, low=0.05, high=0.8)
    buyer = np.repeat(people(world, rng, nation, 1, before=start)[:1], int(rng.integers(15, 41)))
    office = world.ledger.addresses.add(1, kind=OFFICE, country=nation)[0]
    buy(world, buyer, int(listing[0]), start + np.sort(rng.integers(0, 3_000, size=len(buyer))), address=int(office))
    world.trap("office_bulk", seller=world.shops.seller[listing], buyer=buyer)


def wholesale(world: World, rng: Generator) -> None:
    """A small reseller orders from one shop all year, several pieces at a time."""
    nation = country(world, rng)
    listing = open_listing(world, rng, nation, START, high=0.8, size=4)
    buyer = np.repeat(people(world, rng, nation, 1, before=START)[:1], int(rng.integers(20, 61)))
    thing = listing[rng.integers(0, len(listing), size=len(buyer))]
    at = daytime(rng, START + rng.integers(2, world.market.days - 2, size=len(buyer)) * DAY)
    amount = world.shops.price[thing] * rng.integers(4, 20, size=len(buyer))
    buy(world, buyer, thing, at, amount=amount)
    world.trap("wholesale", seller=world.shops.seller[listing], buyer=buyer)


def consolidated_parcel(world: World, rng: Generator) -> None:
    """Colleagues or neighbours order from one shop together, and it all comes in one parcel."""
    nation, start = country(world, rng), moment(world, rng)
    listing = open_listing(world, rng, nation, start, size=3)
    world.shops.taken[listing] = False
    buyers = people(world, rng, nation, spread(world, rng, 6, 15), before=start)
    second = world.people.alt_address[buyers]
    place = int(second.max()) if (second >= 0).any() else int(world.people.address[buyers[0]])
    at = daytime(rng, np.full(len(buyers), start))
    parcel = int(world.ledger.fresh("tracking", 1)[0])
    together = np.where(hits(rng, 0.9, len(buyers)), parcel, -1)
    thing = listing[rng.integers(0, len(listing), size=len(buyers))]
    buy(world, buyers, thing, at, address=place, tracking=together)
    world.trap("consolidated_parcel", buyer=buyers)
