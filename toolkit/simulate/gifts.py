"""Ordinary gift cards: who buys them, from where they come, and when they are redeemed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.contracts.tables import CARD_SOURCES
from toolkit.simulate.chance import DAY, distinct, hits, lognormal_days, weighted
from toolkit.simulate.ledger import NAN, NONE
from toolkit.simulate.places import COUNTRIES, FACE_SHARES
from toolkit.simulate.settings import START

if TYPE_CHECKING:
    from toolkit.simulate.chance import Floats, Generator, Ints
    from toolkit.simulate.settings import Market
    from toolkit.simulate.world import World

RETAIL, EMPLOYER, PLATFORM, SELLER, UNKNOWN = range(len(CARD_SOURCES))

_PER_YEAR: Final = 0.45


def faces(rng: Generator, country: Ints) -> Floats:
    """A usual face for each country."""
    table = np.array([place.faces for place in COUNTRIES])
    return table[country, weighted(rng, np.array(FACE_SHARES), len(country))].astype(np.float64)


def season(days: int) -> Floats:
    """Redemptions by day: level through the year, four times as many from 20 December on."""
    weights = np.ones(days)
    weights[max(0, days - 45) : max(0, days - 12)] = 1.6
    weights[max(0, days - 12) :] = 4.0
    return weights


def ordinary_cards(world: World) -> None:
    """Cards that were given, won or bought for oneself, and the ones never redeemed."""
    rng = world.rng("gifts")
    people = world.people
    size = int(people.size * _PER_YEAR * world.market.days / 365)
    buyer = weighted(rng, np.sqrt(people.activity), size)
    at = START + weighted(rng, season(world.market.days), size) * DAY + rng.integers(0, DAY, size=size)
    joined = people.created[buyer]
    at = np.where(at < joined, joined + (rng.random(size) * (world.market.end - joined)).astype(np.int64), at)
    source = np.array([RETAIL, PLATFORM, UNKNOWN])[weighted(rng, np.array([0.74, 0.12, 0.14]), size)]
    face = faces(rng, people.country[buyer])
    card = world.ledger.cards.add(
        size,
        face=face,
        country=people.country[buyer],
        source=source,
        purchaser=_purchasers(world, buyer, source, rng),
        issued=at - lognormal_days(rng, 12, 1.0, size),
        payment=np.where(source == RETAIL, NONE, NONE),
    )
    kept = hits(rng, 0.93, size)
    world.ledger.redemptions.add(int(kept.sum()), card=card[kept], buyer=buyer[kept], at=at[kept], amount=face[kept])
    _employers(world, rng)


def _purchasers(world: World, buyer: Ints, source: Ints, rng: Generator) -> Ints:
    """Half are unknown; the others come from family and friends, or from resellers that supply hundreds."""
    size = len(buyer)
    friend = rng.permutation(buyer)
    counters = resellers(world)
    reseller = counters[weighted(rng, 1.0 / (1 + np.arange(len(counters))), size)]
    known = np.where(hits(rng, 0.45, size), reseller, friend)
    return np.where((source == RETAIL) & hits(rng, 0.5, size), known, NONE)


def reseller_count(market: Market) -> int:
    """How many parties sell gift cards to anybody."""
    return market.some(120, 8)


def resellers(world: World) -> Ints:
    """Parties that sell gift cards to anybody: the first outside parties of every market."""
    return party(world, np.arange(reseller_count(world.market), dtype=np.int64))


def party(world: World, numbers: Ints) -> Ints:
    """Outside parties in the space that purchasers and sources share: buyers first, then shops, then others."""
    return numbers + world.people.size + len(world.shops.seller_country)


def shop_party(world: World, seller: int) -> int:
    """The number of a shop in the space that purchasers and sources share."""
    return world.people.size + seller


def _employers(world: World, rng: Generator) -> None:
    """Year's end, bonus day: one face for everybody, in one batch."""
    for _ in range(world.market.some(25)):
        nation = int(world.people.country[rng.integers(world.people.size)])
        staff = distinct(rng, world.people.of(nation), int(rng.integers(15, 80)))
        day = START + int(weighted(rng, season(world.market.days - 10), 1)[0]) * DAY
        staff = staff[world.people.created[staff] < day]
        at = day + rng.integers(0, 6 * DAY, size=len(staff)) + lognormal_days(rng, 2, 1.2, len(staff))
        face = float(faces(rng, np.array([nation]))[0])
        firm = party(world, world.ledger.fresh("party", 1))
        batch = world.ledger.fresh("batch", 1)
        card = world.ledger.cards.add(
            len(staff), face=face, country=nation, source=EMPLOYER, purchaser=firm, batch=batch, issued=day
        )
        used = at < world.market.end
        world.ledger.redemptions.add(int(used.sum()), card=card[used], buyer=staff[used], at=at[used], amount=NAN)
        world.trap("employer_batch", buyer=staff)
