"""People who live together: families that buy alike, and students with a campus code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import OTHER, daytime
from toolkit.simulate.chance import DAY, hits, one_of
from toolkit.simulate.ledger import FILL
from toolkit.simulate.population import DORMITORY
from toolkit.simulate.traps.crowd import buy, country, moment, open_listing, people, praise, spread

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator
    from toolkit.simulate.world import World


def family(world: World, rng: Generator) -> None:
    """Four or five accounts behind one card, buying the same things in the same days and reviewing some."""
    sizes = np.bincount(world.people.household)
    home = one_of(rng, np.flatnonzero(sizes >= sizes.max() - 1))
    members = np.flatnonzero(world.people.household == home)
    start = moment(world, rng)
    nation = int(world.people.country[members[0]])
    things = open_listing(world, rng, nation, start - 30 * DAY, size=int(rng.integers(2, 6)))
    world.shops.taken[things] = False
    member, thing = np.nonzero(rng.random((len(members), len(things))) < 0.7)
    at = daytime(rng, start + rng.integers(0, 12, size=len(member)) * DAY)
    order = buy(world, members[member], things[thing], at, payment=int(world.people.payment[members[0]]))
    told = hits(rng, 0.25, len(member))
    praise(world, rng, members[member][told], things[thing][told], at[told], order[told])
    world.trap("family", buyer=members)


def campus_coupon(world: World, rng: Generator) -> None:
    """First week of term: new accounts from one dormitory, all with the same code, all over the catalogue."""
    nation, start = country(world, rng), moment(world, rng, margin=40)
    students = people(world, rng, nation, spread(world, rng, 30, 90), before=start)
    fresh = students[hits(rng, 0.6, len(students)) & (world.people.alt_address[students] == FILL)]
    world.people.created[fresh] = np.maximum(world.people.created[fresh], start - rng.integers(0, 6 * DAY, len(fresh)))
    hall = int(world.ledger.addresses.add(1, kind=DORMITORY, country=nation)[0])
    world.people.alt_address[students] = hall
    code = world.year.new_voucher(nation, OTHER, floor=8, most=5)
    buyers = np.concatenate([students, students[hits(rng, 0.4, len(students))]])
    at = daytime(rng, start + rng.integers(0, 6, size=len(buyers)) * DAY)
    listing = world.demand.in_country(rng, np.full(len(buyers), nation))
    amount = np.maximum(world.shops.price[listing], world.year.voucher_min[code])
    buy(world, buyers, listing, at, voucher=code, address=hall, amount=amount)
    world.trap("campus_coupon", buyer=students)
