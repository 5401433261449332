"""Promotions of the platform and its partners: samples, credit after a purchase, codes of a coupon site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import OTHER, SAMPLING, daytime
from toolkit.simulate.chance import DAY, distinct, hits
from toolkit.simulate.gifts import PLATFORM, party
from toolkit.simulate.places import COUNTRIES, cut
from toolkit.simulate.settings import START
from toolkit.simulate.traps.crowd import buy, country, moment, open_listing, people, praise, spread

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator
    from toolkit.simulate.world import World


def sampling(world: World, rng: Generator) -> None:
    """A standing panel gets samples of one listing after another for a review; the voucher says that it is a sample."""
    nation = country(world, rng)
    panel = people(world, rng, nation, spread(world, rng, 60, 140), before=START)
    code = world.year.new_voucher(nation, SAMPLING, floor=0, most=80)
    things = []
    for _ in range(int(rng.integers(3, 9))):
        start = moment(world, rng, margin=20)
        listing = int(open_listing(world, rng, nation, start, low=0.2, high=1.0)[0])
        testers = distinct(rng, panel, int(len(panel) * rng.uniform(0.25, 0.6)))
        at = daytime(rng, start + rng.integers(0, 7, size=len(testers)) * DAY)
        price = world.shops.price[np.full(len(testers), listing)]
        order = buy(world, testers, listing, at, voucher=code, amount=price, discount=price, subsidy=price, ordinary=0)
        told = hits(rng, 0.95, len(testers))
        praise(world, rng, testers[told], listing, at[told], order[told])
        things.append(listing)
    world.trap("sampling", buyer=panel, listing=np.array(things))


def platform_credit(world: World, rng: Generator) -> None:
    """Everybody who buys one thing in two weeks gets the same credit from the platform, as a gift card; many review."""
    nation, start = country(world, rng), moment(world, rng)
    listing = int(open_listing(world, rng, nation, start, low=0.02, high=0.3)[0])
    buyers = people(world, rng, nation, spread(world, rng, 60, 160), before=start)
    at = daytime(rng, start + rng.integers(0, 15, size=len(buyers)) * DAY)
    order = buy(world, buyers, listing, at)
    told = hits(rng, 0.2, len(buyers))
    praise(world, rng, buyers[told], listing, at[told], order[told])
    face = float(COUNTRIES[nation].faces[int(rng.integers(3, 6))])
    given = at + rng.integers(10 * DAY, 45 * DAY, size=len(buyers))
    used = (given < world.market.end) & hits(rng, 0.8, len(buyers))
    card = world.ledger.cards.add(
        int(used.sum()),
        face=face,
        country=nation,
        source=PLATFORM,
        batch=world.ledger.fresh("batch", 1),
        issued=given[used] - DAY,
        purchaser=party(world, world.ledger.fresh("party", 1)),
    )
    world.ledger.redemptions.add(int(used.sum()), card=card, buyer=buyers[used], at=given[used])
    world.trap("platform_credit", listing=np.array([listing]), buyer=buyers)


def partner_code(world: World, rng: Generator) -> None:
    """A coupon site publishes a code in the morning; within three days hundreds of strangers used it at the minimum."""
    nation, start = country(world, rng), moment(world, rng)
    buyers = people(world, rng, nation, spread(world, rng, 60, 200), before=start)
    code = world.year.new_voucher(nation, OTHER, floor=9, most=6)
    floor = world.year.voucher_min[code]
    listing = world.demand.in_country(rng, np.full(len(buyers), nation))
    low = cut(floor * rng.uniform(1.0, 1.1, len(buyers)), nation)
    amount = np.maximum(floor, np.where(hits(rng, 0.6, len(buyers)), low, world.shops.price[listing]))
    at = daytime(rng, start + (rng.exponential(0.8, len(buyers)).clip(0, 3) * DAY).astype(np.int64))
    buy(world, buyers, listing, at, voucher=code, amount=amount)
    world.trap("partner_code", buyer=buyers)
