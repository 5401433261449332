"""Returns that look arranged: a bad batch with one story, clothes that fall small, and refunds paid out at counters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import daytime
from toolkit.simulate.chance import DAY, hits, lognormal_days
from toolkit.simulate.fulfil import RETURNED
from toolkit.simulate.ledger import FILL
from toolkit.simulate.traps.crowd import buy, country, moment, open_listing, people, spread
from toolkit.simulate.words import APPAREL, REASONS

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator
    from toolkit.simulate.world import World


def bad_batch(world: World, rng: Generator) -> None:
    """Fifteen to fifty buyers of one listing return it for one reason: in two weeks, or on the day of a recall."""
    nation, start = country(world, rng), moment(world, rng, margin=40)
    listing = open_listing(world, rng, nation, start, low=0.05, high=0.5)
    buyers = people(world, rng, nation, spread(world, rng, 15, 50), before=start)
    at = daytime(rng, start - rng.integers(0, 10, size=len(buyers)) * DAY)
    at = np.maximum(at, world.shops.created[listing[0]] + 60)
    days = 1 if rng.random() < 0.5 else 14
    back = start + 8 * DAY + rng.integers(0, days * DAY, size=len(buyers))
    reason = int(rng.integers(2, len(REASONS)))
    told = np.where(hits(rng, 0.85, len(buyers)), reason, FILL)
    buy(
        world,
        buyers,
        int(listing[0]),
        at,
        status=RETURNED,
        delivered_at=at + 4 * DAY,
        refunded_at=back,
        refund_reason=told,
        ordinary=0,
    )
    world.trap("bad_batch", listing=listing, buyer=buyers)


def size_returns(world: World, rng: Generator) -> None:
    """Clothes that fall small: many order two sizes at once, and every third order comes back, all season."""
    nation, start = country(world, rng), moment(world, rng, margin=70)
    listing = open_listing(world, rng, nation, start, low=0.02, high=0.4)
    world.shops.category[listing] = min(APPAREL)
    people_ = people(world, rng, nation, spread(world, rng, 40, 120), before=start)
    buyers = np.concatenate([people_, people_[hits(rng, 0.3, len(people_))]])
    at = daytime(rng, start + rng.integers(0, 50, size=len(buyers)) * DAY)
    back = hits(rng, 0.35, len(buyers))
    arrives = at + lognormal_days(rng, 4, 0.3, len(buyers))
    paid_back = np.minimum(arrives + lognormal_days(rng, 8, 0.4, len(buyers)), world.market.end - 60)
    told = np.where(back & hits(rng, 0.8, len(buyers)), REASONS.index("size_or_fit"), FILL)
    status = np.where(back, RETURNED, FILL)
    refunded = np.where(back, paid_back, FILL)
    buy(
        world,
        buyers,
        int(listing[0]),
        at,
        status=status,
        delivered_at=arrives,
        refunded_at=refunded,
        refund_reason=told,
        ordinary=0,
    )
    world.trap("size_returns", listing=listing, buyer=people_)


def counter_refunds(world: World, rng: Generator) -> None:
    """People without cards of one town have their refunds paid out at one counter, all year and for all reasons."""
    nation, start = country(world, rng), moment(world, rng, margin=60)
    counter = int(world.ledger.payments.add(1, kind=1, country=nation)[0])
    people_ = people(world, rng, nation, spread(world, rng, 12, 45), before=start - 60 * DAY)
    buyers = np.repeat(people_, rng.integers(1, 4, size=len(people_)))
    listing = world.demand.in_country(rng, np.full(len(buyers), nation))
    at = daytime(rng, start - 55 * DAY + rng.integers(0, 110, size=len(buyers)) * DAY)
    at = np.minimum(np.maximum(at, world.shops.created[listing] + 60), world.market.end - 30 * DAY)
    late = np.maximum(world.shops.created[listing] + 60 - at, 0)
    arrives = at + late + lognormal_days(rng, 4, 0.3, len(buyers))
    back = arrives + lognormal_days(rng, 7, 0.4, len(buyers))
    buy(
        world,
        buyers,
        listing,
        at + late,
        status=RETURNED,
        delivered_at=arrives,
        refunded_at=back,
        refund_payment=counter,
        ordinary=0,
    )
    world.trap("counter_refunds", buyer=people_)
