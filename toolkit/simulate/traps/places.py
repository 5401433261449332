"""What a place or a purse gives people in common: a hotel, a warehouse, money for the children, cards at Christmas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.contracts.tables import ADDRESS_KINDS
from toolkit.simulate.attributes import ADDRESS, IP, seen_in, shop_seen_in
from toolkit.simulate.calendar import daytime
from toolkit.simulate.chance import DAY, HOUR, distinct, hits, one_of
from toolkit.simulate.gifts import RETAIL
from toolkit.simulate.ledger import FILL
from toolkit.simulate.places import COUNTRIES
from toolkit.simulate.population import OFFICE
from toolkit.simulate.settings import START
from toolkit.simulate.traps.crowd import buy, country, moment, open_listing, people, praise, spread

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator, Ints
    from toolkit.simulate.world import World

_UNKNOWN = ADDRESS_KINDS.index("unknown")


def hotel(world: World, rng: Generator) -> None:
    """Guests of a whole year have one or two things sent to their hotel, which no table calls one."""
    nation = country(world, rng)
    guests = people(world, rng, nation, spread(world, rng, 20, 70), before=START)
    house = int(world.ledger.addresses.add(1, kind=_UNKNOWN, country=nation)[0])
    stay = START + rng.integers(5, world.market.days - 12, size=len(guests)) * DAY
    who = np.repeat(np.arange(len(guests)), rng.integers(1, 3, size=len(guests)))
    at = daytime(rng, stay[who] + rng.integers(0, 5, size=len(who)) * DAY)
    listing = world.demand.in_country(rng, np.full(len(who), nation))
    buy(world, guests[who], listing, at, address=house)
    world.trap("hotel", buyer=guests)


def warehouse(world: World, rng: Generator) -> None:
    """Several shops and the people who pack for them: one address and one line; some buy from a shop next door."""
    nation = country(world, rng)
    first = open_listing(world, rng, nation, START + 20 * DAY, size=4)
    world.shops.taken[first] = False
    sellers = np.unique(world.shops.seller[first])
    workers = people(world, rng, nation, spread(world, rng, 10, 30), before=START)
    kind = OFFICE if rng.random() < 0.5 else _UNKNOWN
    hall = int(world.ledger.addresses.add(1, kind=kind, country=nation)[0])
    line = int(world.ledger.fresh("ip", 1)[0])
    year = (START, world.market.end)
    for what, value in ((ADDRESS, hall), (IP, line)):
        shop_seen_in(world, rng, sellers, what, value, year)
    seen_in(world, rng, workers, IP, line, year)
    free = workers[world.people.alt_address[workers] == FILL]
    world.people.alt_address[free] = hall
    some = distinct(rng, workers, len(workers) // 2)
    buyer = np.repeat(some, rng.integers(1, 3, size=len(some)))
    at = daytime(rng, START + rng.integers(25, world.market.days - 10, size=len(buyer)) * DAY)
    buy(world, buyer, first[rng.integers(0, len(first), size=len(buyer))], at, address=hall)
    world.trap("warehouse", seller=sellers, buyer=workers)


def pocket_money(world: World, rng: Generator) -> None:
    """Before school starts a parent sends each child exactly what its things cost; they all buy at one shop."""
    sizes = np.bincount(world.people.household)
    home = one_of(rng, np.flatnonzero(sizes >= sizes.max() - 1))
    members = np.flatnonzero(world.people.household == home)
    nation, start = int(world.people.country[members[0]]), moment(world, rng)
    first = open_listing(world, rng, nation, start)
    own = world.shops.of_seller(int(world.shops.seller[first[0]]))
    own = own[world.shops.created[own] < start - DAY]
    children = np.repeat(members[1:], 2)
    thing = own[rng.integers(0, len(own), size=len(children))]
    at = start + rng.integers(0, 3 * DAY, size=len(children))
    at = np.maximum(at, world.people.created[children] + DAY)
    price = world.shops.price[thing]
    buy(world, children, thing, at, amount=price, voucher=-2, discount=0.0)
    before = at - rng.integers(600, 3 * HOUR, size=len(children))
    world.ledger.transfers.add(
        len(children), buyer=children, at=before, amount=price, country=nation, source=int(members[0])
    )
    world.trap("pocket_money", seller=world.shops.seller[first], buyer=members)


def christmas_card(world: World, rng: Generator) -> None:
    """A thing of December: some buyers review it, and spend the card of the commonest face they got for Christmas."""
    nation = country(world, rng)
    start = world.market.end - 45 * DAY
    listing = int(open_listing(world, rng, nation, start, low=0.02, high=0.3)[0])
    buyers = people(world, rng, nation, spread(world, rng, 60, 160), before=start)
    at = daytime(rng, start + rng.integers(0, 30, size=len(buyers)) * DAY)
    order = buy(world, buyers, listing, at)
    told = hits(rng, 0.2, len(buyers))
    praise(world, rng, buyers[told], listing, at[told], order[told])
    lucky = buyers[hits(rng, 0.12, len(buyers))]
    _cards(world, lucky, nation, world.market.end - rng.integers(60, 12 * DAY, size=len(lucky)))
    world.trap("christmas_card", listing=np.array([listing]), buyer=buyers)


def _cards(world: World, buyers: Ints, nation: int, at: Ints) -> None:
    face = float(COUNTRIES[nation].faces[0])
    card = world.ledger.cards.add(len(buyers), face=face, country=nation, source=RETAIL, issued=at - 9 * DAY)
    world.ledger.redemptions.add(len(buyers), card=card, buyer=buyers, at=at)
