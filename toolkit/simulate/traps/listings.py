"""Listings that many strangers take at once, for reasons of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import SHOP, daytime
from toolkit.simulate.chance import DAY, HOUR, hits
from toolkit.simulate.ledger import FILL
from toolkit.simulate.traps.crowd import buy, country, moment, open_listing, people, praise, spread

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator
    from toolkit.simulate.world import World


def viral(world: World, rng: Generator) -> None:
    """Two to five hundred orders of one listing within four days; for every second one with delighted reviews."""
    nation, start = country(world, rng), moment(world, rng)
    listing = open_listing(world, rng, nation, start, low=0.1, high=0.6)
    buyers = people(world, rng, nation, spread(world, rng, 200, 500), before=start)
    at = daytime(rng, start + (rng.exponential(1.1, len(buyers)).clip(0, 4) * DAY).astype(np.int64))
    order = buy(world, buyers, int(listing[0]), at)
    told = hits(rng, 0.25 if rng.random() < 0.5 else 0.05, len(buyers))
    world.shops.quality[listing] = 4.85
    praise(world, rng, buyers[told], int(listing[0]), at[told], order[told])
    world.trap("viral_listing", listing=listing, buyer=buyers)


def flash_sale(world: World, rng: Generator) -> None:
    """A livestream: a shop's code, forty minutes, a rush at the minimum spend; some people order two or three times."""
    nation, start = country(world, rng), moment(world, rng)
    start += int(rng.integers(18 * HOUR, 22 * HOUR))
    listing = open_listing(world, rng, nation, start, low=0.05, high=0.5, size=3)
    buyers = people(world, rng, nation, spread(world, rng, 80, 300), before=start)
    buyers = np.concatenate([buyers, buyers[hits(rng, 0.2, len(buyers))], buyers[hits(rng, 0.06, len(buyers))]])
    code = world.year.new_voucher(nation, SHOP, floor=10, most=5, seller=True)
    floor = world.year.voucher_min[code]
    thing = listing[rng.integers(0, len(listing), size=len(buyers))]
    amount = np.where(hits(rng, 0.5, len(buyers)), floor, np.maximum(floor, world.shops.price[thing]))
    at = start + (rng.random(len(buyers)) ** 1.5 * 2_400).astype(np.int64)
    used = np.where(hits(rng, 0.8, len(buyers)), code, FILL)
    buy(world, buyers, thing, at, voucher=used, amount=amount)
    world.trap("flash_sale", listing=listing, seller=world.shops.seller[listing], buyer=buyers)


def bundle(world: World, rng: Generator) -> None:
    """An accessory that people look at and buy together with a popular thing."""
    nation, start = country(world, rng), moment(world, rng, margin=60)
    hot = open_listing(world, rng, nation, start, high=0.03)
    extra = open_listing(world, rng, nation, start, low=0.1, high=0.5)
    buyers = people(world, rng, nation, spread(world, rng, 150, 400), before=start)
    at = daytime(rng, start + rng.integers(0, 150 * DAY, size=len(buyers)))
    at = np.minimum(at, world.market.end - DAY)
    session = world.ledger.fresh("session", len(buyers))
    for listing, delay in ((int(hot[0]), 0), (int(extra[0]), 300)):
        world.ledger.clicks.add(len(buyers), buyer=buyers, listing=listing, at=at - 900 + delay, session=session)
    both = hits(rng, 0.6, len(buyers))
    buy(world, buyers[both], int(hot[0]), at[both])
    buy(world, buyers[both], int(extra[0]), at[both] + 45)
    world.trap("bundle", listing=extra, buyer=buyers)


def neutral_insert(world: World, rng: Generator) -> None:
    """A lawful card in the parcel that thanks and asks for an honest review: more reviews than usual, nothing else."""
    nation, start = country(world, rng), moment(world, rng)
    listing = open_listing(world, rng, nation, start, low=0.05, high=0.3)
    buyers = people(world, rng, nation, spread(world, rng, 60, 160), before=start)
    at = daytime(rng, start + rng.integers(0, 60 * DAY, size=len(buyers)))
    at = np.minimum(at, world.market.end - DAY)
    order = buy(world, buyers, int(listing[0]), at)
    answered = hits(rng, 0.3, len(buyers))
    praise(world, rng, buyers[answered], int(listing[0]), at[answered], order[answered])
    world.trap("neutral_insert", listing=listing, buyer=buyers)
