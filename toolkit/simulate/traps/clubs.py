"""Groups of strangers with one taste: deal forums (at once), hobby clubs (dense), book clubs (both, month by month)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import daytime
from toolkit.simulate.chance import DAY, hits
from toolkit.simulate.settings import START
from toolkit.simulate.traps.crowd import buy, country, moment, open_listing, people, praise, spread

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator
    from toolkit.simulate.world import World


def deal_group(world: World, rng: Generator) -> None:
    """Six to fourteen deals a year; each is taken by one member in five or six within two days."""
    nation = country(world, rng)
    members = people(world, rng, nation, spread(world, rng, 40, 120), before=START)
    for _ in range(int(rng.integers(6, 15))):
        start = moment(world, rng, margin=10)
        deal = open_listing(world, rng, nation, start, low=0.02, high=0.8)
        takers = members[hits(rng, 0.18, len(members))]
        at = daytime(rng, start + (rng.exponential(0.6, len(takers)).clip(0, 2) * DAY).astype(np.int64))
        buy(world, takers, int(deal[0]), at)
        world.shops.taken[deal] = False
    world.trap("deal_group", buyer=members)


def hobby_club(world: World, rng: Generator) -> None:
    """Twenty things of one hobby that most members own sooner or later; every second club reviews nearly everything."""
    nation = country(world, rng)
    members = people(world, rng, nation, spread(world, rng, 15, 40), before=START)
    things = open_listing(world, rng, nation, START, low=0.2, high=1.0, size=20)
    member, thing = np.nonzero(rng.random((len(members), len(things))) < 0.45)
    at = daytime(rng, START + rng.integers(3, world.market.days - 3, size=len(member)) * DAY)
    order = buy(world, members[member], things[thing], at)
    told = hits(rng, 0.8 if rng.random() < 0.5 else 0.3, len(member))
    praise(world, rng, members[member][told], things[thing][told], at[told], order[told])
    world.trap("hobby_club", buyer=members)


def book_club(world: World, rng: Generator) -> None:
    """One thing a month, bought in the same week and reviewed by four of ten: things that others buy as well."""
    nation = country(world, rng)
    members = people(world, rng, nation, spread(world, rng, 12, 25), before=START)
    for month in range(1, world.market.days // 30):
        start = START + month * 30 * DAY
        pick = open_listing(world, rng, nation, start, high=0.15)
        readers = members[hits(rng, 0.6, len(members))]
        at = daytime(rng, start + rng.integers(0, 8, size=len(readers)) * DAY)
        order = buy(world, readers, int(pick[0]), at)
        told = hits(rng, 0.4, len(readers))
        praise(world, rng, readers[told], int(pick[0]), at[told], order[told])
        world.shops.taken[pick] = False
    world.trap("book_club", buyer=members)
