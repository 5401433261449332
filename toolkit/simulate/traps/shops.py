"""Shops that do nothing wrong: staff that buys at home, categories put right by support or by a new taxonomy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.attributes import ADDRESS, DEVICE, shop_seen_in
from toolkit.simulate.calendar import daytime
from toolkit.simulate.chance import DAY, HOUR, distinct, one_of
from toolkit.simulate.ledger import NONE
from toolkit.simulate.population import OFFICE
from toolkit.simulate.schemes.switching import change
from toolkit.simulate.settings import START
from toolkit.simulate.traps.crowd import buy, country, moment, open_listing, people
from toolkit.simulate.words import NAMES

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator
    from toolkit.simulate.world import World


def staff_purchase(world: World, rng: Generator) -> None:
    """Three to six employees, whose account and the shop's share an office and a till, buy once or twice a year."""
    nation = country(world, rng)
    listing = open_listing(world, rng, nation, START + 30 * DAY, size=1)
    seller = int(world.shops.seller[listing[0]])
    own = world.shops.of_seller(seller)
    staff = people(world, rng, nation, int(rng.integers(3, 7)), before=START)
    office = world.ledger.addresses.add(1, kind=OFFICE, country=nation)
    till = world.ledger.fresh("device", 1)
    for kind, value in ((ADDRESS, office), (DEVICE, till)):
        shop_seen_in(world, rng, np.array([seller]), kind, value, (START, world.market.end))
    world.people.alt_address[staff], world.people.alt_device[staff] = office, till
    buyer = np.repeat(staff, rng.integers(1, 3, size=len(staff)))
    at = daytime(rng, START + rng.integers(10, world.market.days - 10, size=len(buyer)) * DAY)
    buy(world, buyer, own[rng.integers(0, len(own), size=len(buyer))], at)
    world.trap("staff_purchase", seller=np.array([seller]), buyer=staff)


def support_corrections(world: World, rng: Generator) -> None:
    """Support moves a listing to the category it belongs to; one time in seven it was a mistake and is taken back."""
    nation, at = country(world, rng), moment(world, rng) + int(rng.integers(8 * HOUR, 18 * HOUR))
    listing = int(open_listing(world, rng, nation, at)[0])
    into = _other(world, rng, listing)
    change(world, listing, at, into)
    if rng.random() < 0.15:
        back = at + int(rng.integers(DAY, 12 * DAY))
        change(world, listing, back, int(world.shops.category[listing]), before=into)
    world.trap("support_correction", listing=np.array([listing]))


def campaign_correction(world: World, rng: Generator) -> None:
    """A correction that happens to fall on the eve of a campaign of the new category, and stays."""
    year = world.year
    codes = np.flatnonzero((year.category != NONE) & (year.starts > START + 20 * DAY))
    code = one_of(rng, codes)
    at = int(year.starts[code]) - int(rng.integers(HOUR, 40 * HOUR))
    listing = int(open_listing(world, rng, int(year.country[code]), at, low=0.02, high=0.4)[0])
    change(world, listing, at, int(year.category[code]))
    world.trap("campaign_correction", listing=np.array([listing]))


def taxonomy_migration(world: World, rng: Generator) -> None:
    """Dozens of listings of one category move to another in the same minute, for good."""
    at = moment(world, rng) + 3 * HOUR
    nation = country(world, rng)
    moved = open_listing(world, rng, nation, at, size=60)
    moved = distinct(rng, moved, int(rng.integers(30, 61)))
    into = int(rng.integers(0, len(NAMES)))
    for listing in moved[world.shops.category[moved] != into]:
        change(world, int(listing), at, into)
    world.trap("taxonomy_migration", listing=moved)


def _other(world: World, rng: Generator, listing: int) -> int:
    step = int(rng.integers(1, len(NAMES)))
    return int((world.shops.category[listing] + step) % len(NAMES))
