"""Parcels lighter than the catalogue says that hold what was ordered: spare parts, samples, and wrong entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import SAMPLING, daytime
from toolkit.simulate.chance import DAY, distinct, hits
from toolkit.simulate.ledger import NAN
from toolkit.simulate.places import cut
from toolkit.simulate.settings import START
from toolkit.simulate.traps.crowd import buy, country, moment, open_listing, people, praise, spread

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator
    from toolkit.simulate.world import World


def spare_parts(world: World, rng: Generator) -> None:
    """Orders of all year for a listing's spare part: a seventh of the price, a tenth of the weight."""
    nation = country(world, rng)
    listing = open_listing(world, rng, nation, START + 5 * DAY, low=0.05, high=0.5)
    buyers = people(world, rng, nation, spread(world, rng, 25, 80), before=START)
    at = daytime(rng, START + rng.integers(6, world.market.days - 12, size=len(buyers)) * DAY)
    amount = cut(world.shops.price[np.full(len(buyers), listing[0])] / 7, nation)
    grams = np.round(world.shops.weight[listing[0]] * 0.1 * np.exp(rng.normal(0, 0.06, len(buyers)))) + 12
    buy(world, buyers, int(listing[0]), at, amount=amount, weight=grams)
    world.trap("spare_parts", listing=listing, seller=world.shops.seller[listing], buyer=buyers)


def shop_samples(world: World, rng: Generator) -> None:
    """A shop gives sachets of a thing away for a fortnight, with a voucher that says so; every third taker reviews."""
    nation, start = country(world, rng), moment(world, rng)
    listing = int(open_listing(world, rng, nation, start, low=0.1, high=0.8)[0])
    buyers = people(world, rng, nation, spread(world, rng, 25, 90), before=start)
    code = world.year.new_voucher(nation, SAMPLING, floor=0, most=80, seller=True)
    at = daytime(rng, start + rng.integers(0, 14, size=len(buyers)) * DAY)
    price = world.shops.price[np.full(len(buyers), listing)]
    grams = np.round(rng.uniform(6, 25, len(buyers)))
    order = buy(world, buyers, listing, at, voucher=code, amount=price, discount=price, weight=grams)
    told = hits(rng, 0.33, len(buyers))
    praise(world, rng, buyers[told], listing, at[told], order[told])
    one = np.array([listing])
    world.trap("shop_samples", listing=one, seller=world.shops.seller[one], buyer=buyers)


def wrong_weight(world: World, rng: Generator) -> None:
    """A shop whose catalogue gives the weight of the box of ten for some things, right for the others."""
    nation = country(world, rng)
    first = open_listing(world, rng, nation, START + 5 * DAY, high=0.5)
    seller = world.shops.seller[first]
    own = world.shops.of_seller(int(seller[0]))
    wrong = np.union1d(first, distinct(rng, own, max(1, len(own) // 2)))
    world.shops.stated[wrong] = np.round(world.shops.weight[wrong] * rng.uniform(3.5, 12, len(wrong)))
    buyers = people(world, rng, nation, spread(world, rng, 20, 60), before=START)
    at = daytime(rng, START + rng.integers(6, world.market.days - 12, size=len(buyers)) * DAY)
    buy(world, buyers, wrong[rng.integers(0, len(wrong), size=len(buyers))], at, weight=NAN)
    world.trap("wrong_weight", seller=seller)
