"""Category switches for a campaign, and shops in one hand: abuse by shops that leaves no ring of buyers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.attributes import ADDRESS, BANK, DEVICE, shop_seen_in
from toolkit.simulate.calendar import daytime
from toolkit.simulate.chance import DAY, HOUR, distinct, hits
from toolkit.simulate.ledger import NONE

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator, Ints
    from toolkit.simulate.world import World


def plant_switches(world: World) -> None:
    """Listings that move into a campaign's category just before it starts, sell subsidised, and move back."""
    rng, market = world.rng("switching"), world.market
    wanted = max(2, min(market.some(24), market.rings))
    codes = np.flatnonzero((world.year.category != NONE) & (world.year.ends < market.end - 15 * DAY))
    for code in distinct(rng, codes, wanted):
        _switch(world, rng, int(code))


def _switch(world: World, rng: Generator, code: int) -> None:
    shops, year = world.shops, world.year
    starts, ends, into = int(year.starts[code]), int(year.ends[code]), int(year.category[code])
    fits = (shops.country == year.country[code]) & (shops.category != into) & (shops.created < starts - 20 * DAY)
    fits &= shops.price > 0.5 * year.min_spend[code]
    free = np.flatnonzero(fits & shops.free())
    if not len(free):
        return
    listing = int(distinct(rng, free, 1)[0])
    shops.work_for(np.array([listing]))
    away = starts - int(rng.integers(HOUR, 44 * HOUR))
    back = ends + int(rng.integers(HOUR, 40 * HOUR))
    change(world, listing, away, into)
    change(world, listing, back, int(shops.category[listing]), before=into)
    _buyers(world, rng, listing, code)
    world.ledger.truth.switches.append((listing, away, back, code))


def _buyers(world: World, rng: Generator, listing: int, code: int) -> None:
    """Ten to sixty people buy with the subsidy that the listing should not have."""
    year, people = world.year, world.people
    starts, ends = int(year.starts[code]), int(year.ends[code])
    here = people.of(int(year.country[code]))
    here = here[people.created[here] < starts]
    buyer = distinct(rng, here, int(rng.integers(10, 61)), people.activity[here])
    at = daytime(rng, starts + (rng.random(len(buyer)) * (ends - starts - 1)).astype(np.int64))
    code_used = np.where(hits(rng, 0.85, len(buyer)), code, NONE)
    amount = np.maximum(world.shops.price[listing], year.min_spend[code])
    world.ledger.orders.add(
        len(buyer),
        buyer=buyer,
        listing=listing,
        at=at,
        voucher=code_used,
        campaign=code_used,
        amount=amount,
        ordinary=1,
    )


def change(world: World, listing: int, at: int, after: int, *, before: int | None = None) -> None:
    """Note a move of a listing to another category."""
    old = int(world.shops.category[listing]) if before is None else before
    world.ledger.changes.add(1, listing=listing, at=at, before=old, after=after)


def plant_linked_shops(world: World) -> None:
    """Pairs of shops that share a bank account, and mostly a device and a warehouse too: one closes, the next opens."""
    rng, market = world.rng("linked_shops"), world.market
    pairs = max(1, min(market.some(8), market.rings))
    apart = np.setdiff1d(np.arange(market.sellers), sorted(world.shops.innocent))
    pairs = min(pairs, len(apart) // 2)
    shops = rng.permutation(apart)[: 2 * pairs].reshape(-1, 2)
    for pair in shops:
        for kind, name, chance in ((BANK, "bank", 1.0), (DEVICE, "device", 0.7)):
            if hits(rng, chance, 1)[0]:
                _both(world, pair, kind, int(world.ledger.fresh(name, 1)[0]))
        if hits(rng, 0.6, 1)[0]:
            _both(world, pair, ADDRESS, int(world.ledger.addresses.add(1, kind=4)[0]))
        world.shops.guilty.update(pair.tolist())
        world.ledger.truth.linked.append((int(pair.min()), int(pair.max())))


def _both(world: World, pair: Ints, kind: int, value: int) -> None:
    rng, year = world.rng(f"linked_shops.{value}"), (world.market.end - world.market.days * DAY, world.market.end)
    shop_seen_in(world, rng, pair.astype(np.int64), kind, value, year)
