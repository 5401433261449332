"""Rushes that look paid for: livestreams on the platform's code, sales of download codes, launches told by letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import SHOP, daytime
from toolkit.simulate.chance import DAY, HOUR, distinct, hits, one_of
from toolkit.simulate.fulfil import CANCELLED, RETURNED, counter_shops
from toolkit.simulate.ledger import FILL, NONE
from toolkit.simulate.places import cut
from toolkit.simulate.settings import START
from toolkit.simulate.traps.crowd import buy, country, moment, open_listing, people, praise, spread

if TYPE_CHECKING:
    from toolkit.simulate.chance import Floats, Generator, Ints
    from toolkit.simulate.world import World


def livestream(world: World, rng: Generator) -> None:
    """A host sells for half an hour within a campaign, on the platform's code; many buy on a whim and send it back."""
    nation = country(world, rng)
    code, start = _session(world, rng, nation)
    listing = open_listing(world, rng, nation, start, low=0.05, high=0.6)
    buyers = people(world, rng, nation, spread(world, rng, 60, 240), before=start)
    size = len(buyers)
    status = np.where(hits(rng, 0.09, size), CANCELLED, np.where(hits(rng, 0.12, size), RETURNED, FILL))
    at = start + (rng.random(size) ** 1.4 * 1_800).astype(np.int64)
    amount = _at_floor(world, rng, code, int(listing[0]), size)
    buy(world, buyers, int(listing[0]), at, voucher=code, campaign=code, amount=amount, status=status, ordinary=0)
    world.trap("livestream", listing=listing, seller=world.shops.seller[listing], buyer=buyers)


def digital_sale(world: World, rng: Generator) -> None:
    """A shop that sells codes, which arrive within minutes, has a campaign day: subsidised, cheap, done at once."""
    shops = world.shops
    open_ = counter_shops(world)[shops.seller] & shops.free() & (shops.created < START)
    if not open_.any():
        return
    free = np.flatnonzero(open_)
    listing = int(distinct(rng, free, 1, shops.popularity[free])[0])
    shops.taken[listing] = True
    nation = int(shops.country[listing])
    code, start = _session(world, rng, nation)
    buyers = people(world, rng, nation, spread(world, rng, 40, 140), before=start)
    size = len(buyers)
    at = start + rng.integers(0, 2 * HOUR, size=size)
    amount = _at_floor(world, rng, code, listing, size)
    sent = at + rng.integers(20, 900, size=size)
    columns: dict[str, Ints | Floats | float] = {"delivered_at": sent, "weight": -1.0, "tracking": NONE}
    buy(world, buyers, listing, at, voucher=code, campaign=code, amount=amount, **columns)
    world.trap("digital_sale", listing=np.array([listing]), seller=shops.seller[[listing]], buyer=buyers)


def launch_letter(world: World, rng: Generator) -> None:
    """A shop writes to its subscribers about each new thing: a third buy within days, for less, and many review."""
    nation, start = country(world, rng), moment(world, rng, margin=60)
    first = open_listing(world, rng, nation, start, low=0.1, high=0.8)
    own = world.shops.of_seller(int(world.shops.seller[first[0]]))
    things = distinct(rng, own[world.shops.created[own] < start], 4)
    members = people(world, rng, nation, spread(world, rng, 40, 110), before=start)
    code = world.year.new_voucher(nation, SHOP, floor=5, most=4, seller=True)
    for number, listing in enumerate(things):
        takers = members[hits(rng, 0.33, len(members))]
        at = start + number * 12 * DAY + (rng.exponential(0.9, len(takers)).clip(0, 3) * DAY).astype(np.int64)
        amount = np.maximum(world.shops.price[np.full(len(takers), listing)], world.year.voucher_min[code])
        order = buy(world, takers, int(listing), daytime(rng, at), voucher=code, amount=amount)
        told = hits(rng, 0.3, len(takers))
        praise(world, rng, takers[told], int(listing), at[told], order[told])
    world.trap("launch_letter", listing=things, seller=world.shops.seller[first], buyer=members)


def _session(world: World, rng: Generator, nation: int) -> tuple[int, int]:
    """A campaign of a country, and a second within one of its evenings."""
    year = world.year
    code = one_of(rng, np.flatnonzero((year.category == NONE) & (year.country == nation)))
    days = max(int(year.ends[code] - year.starts[code]) // DAY, 1)
    return code, int(year.starts[code]) + int(rng.integers(days)) * DAY + int(rng.integers(18 * HOUR, 22 * HOUR))


def _at_floor(world: World, rng: Generator, code: int, listing: int, size: int) -> Floats:
    """Six in ten fill up to the minimum spend and no further."""
    floor, price = world.year.min_spend[code], world.shops.price[listing]
    nation = int(world.year.country[code])
    low = np.maximum(floor, cut(floor * rng.uniform(1.0, 1.04, size), nation))
    dear = np.maximum(floor, cut(price * rng.integers(1, 4, size), nation))
    return np.asarray(np.where(hits(rng, 0.6, size), low, dear), dtype=np.float64)
