"""Ordinary transfers to buyers: top-ups, family, expenses paid back, cash counters, and shops that make good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.simulate.calendar import times
from toolkit.simulate.chance import DAY, distinct, hits, weighted
from toolkit.simulate.gifts import party, reseller_count, shop_party
from toolkit.simulate.places import money
from toolkit.simulate.settings import START

if TYPE_CHECKING:
    from toolkit.simulate.chance import Floats, Generator, Ints
    from toolkit.simulate.fulfil import Filled
    from toolkit.simulate.settings import Market
    from toolkit.simulate.world import World

_ROUND: Final = np.array([5.0, 10, 20, 30, 50, 100])


def counter_count(market: Market) -> int:
    """Cash counters of each country that take money for anybody's wallet."""
    return market.some(12, 3)


def counters(world: World, country: int) -> Ints:
    """The cash counters of a country; they follow the gift-card resellers among the outside parties."""
    per = counter_count(world.market)
    first = reseller_count(world.market) + country * per
    return party(world, np.arange(first, first + per, dtype=np.int64))


def ordinary_transfers(world: World, orders: Filled) -> None:
    """Everything that nobody arranged for an order."""
    rng = world.rng("money")
    people = world.people
    size = people.size // 3
    buyer = weighted(rng, people.activity, size)
    at = _alive(world, buyer, times(rng, world.year.days, size))
    world.ledger.transfers.add(
        size,
        buyer=buyer,
        at=at,
        amount=_amounts(rng, people.country[buyer]),
        country=people.country[buyer],
        source=_sources(world, rng, buyer),
    )
    _firms(world, rng)
    _top_up_and_buy(world, orders, rng)
    _make_good(world, orders, rng)
    _affiliates(world, orders, rng)


def _alive(world: World, buyer: Ints, at: Ints) -> Ints:
    joined = world.people.created[buyer]
    return np.where(at < joined, (joined + world.market.end) // 2, at)


def _amounts(rng: Generator, country: Ints) -> Floats:
    return money(_ROUND[rng.integers(0, len(_ROUND), size=len(country))], country)


def _sources(world: World, rng: Generator, buyer: Ints) -> Ints:
    """The buyer's own bank mostly, then cash counters, then somebody of the household or a friend."""
    per = counter_count(world.market)
    first = party(world, np.array([reseller_count(world.market)]))[0]
    counter = first + world.people.country[buyer] * per + weighted(rng, 1.0 / (1 + np.arange(per)), len(buyer))
    friend = rng.permutation(buyer)
    kind = weighted(rng, np.array([0.5, 0.3, 0.2]), len(buyer))
    return np.choose(kind, [buyer, counter, friend])


def _firms(world: World, rng: Generator) -> None:
    """Firms pay expenses back to their people, month by month, some of it the price of something just bought."""
    for _ in range(world.market.some(30)):
        nation = int(world.people.country[rng.integers(world.people.size)])
        pool = world.people.of(nation)
        staff = distinct(rng, pool[world.people.created[pool] < START], int(rng.integers(8, 40)))
        firm = party(world, world.ledger.fresh("party", 1))
        months = int(rng.integers(2, 6))
        day = START + distinct(rng, np.arange(20, world.market.days - 10), months) * DAY
        buyer, at = np.repeat(staff, months), np.tile(day, len(staff))
        paid = hits(rng, 0.6, len(buyer))
        at = at[paid] + rng.integers(8 * 3_600, 16 * 3_600, size=int(paid.sum()))
        amount = money(np.exp(rng.normal(3.2, 0.6, len(at))), nation)
        world.ledger.transfers.add(len(at), buyer=buyer[paid], at=at, amount=amount, country=nation, source=firm)
        world.trap("firm_expenses", buyer=staff)


def _top_up_and_buy(world: World, orders: Filled, rng: Generator) -> None:
    """Some people top up exactly what an order will cost, minutes before they place it."""
    plain = np.flatnonzero((orders["ordinary"] == 1) & hits(rng, 0.012, len(orders["ordinary"])))
    due = np.maximum(orders["amount"][plain] - orders["discount"][plain], 0.01)
    at = np.maximum(orders["at"][plain] - rng.integers(60, 3 * 3_600, size=len(plain)), START)
    country = orders["country"][plain]
    source = _sources(world, rng, orders["buyer"][plain])
    world.ledger.transfers.add(
        len(plain), buyer=orders["buyer"][plain], at=at, amount=due, country=country, source=source
    )


def _make_good(world: World, orders: Filled, rng: Generator) -> None:
    """Shops that send money after a complaint: after the order, and less than its price."""
    done = np.flatnonzero((orders["ordinary"] == 1) & (orders["delivered_at"] > 0))
    shops = distinct(rng, _honest(world, np.unique(orders["seller"][done])), world.market.some(12))
    of_shop = orders["seller"][done]
    for seller in shops:
        order = distinct(rng, done[of_shop == seller], int(rng.integers(5, 25)))
        at = orders["delivered_at"][order] + rng.integers(DAY, 9 * DAY, size=len(order))
        order, at = order[at < world.market.end], at[at < world.market.end]
        country = int(world.shops.seller_country[seller])
        amount = np.maximum(money(np.full(len(order), 4.0), country), 0.01)
        world.ledger.transfers.add(
            len(order),
            buyer=orders["buyer"][order],
            at=at,
            amount=amount,
            country=country,
            source=shop_party(world, int(seller)),
        )
        world.trap("shop_compensation", seller=np.array([seller]))


def _honest(world: World, sellers: Ints) -> Ints:
    """Shops that pay for nothing they should not."""
    return np.setdiff1d(sellers, sorted(world.shops.guilty)).astype(np.int64)


def _affiliates(world: World, orders: Filled, rng: Generator) -> None:
    """Shops pay commission to people who recommend them, month by month; some of these buy there as well."""
    plain = np.flatnonzero(orders["ordinary"] == 1)
    plain = plain[np.argsort(orders["seller"][plain], kind="stable")]
    of_shop = orders["seller"][plain]
    for seller in distinct(rng, _honest(world, np.arange(world.market.sellers, dtype=np.int64)), world.market.some(25)):
        nation = int(world.shops.seller_country[seller])
        first, last = np.searchsorted(of_shop, [seller, seller + 1])
        customers = np.unique(orders["buyer"][plain[first:last]])
        own = distinct(rng, customers, int(rng.integers(2, 12)))
        people = np.union1d(own, distinct(rng, world.people.of(nation), int(rng.integers(3, 25))))
        buyer = np.repeat(people, rng.integers(1, 6, size=len(people)))
        at = _alive(world, buyer, times(rng, world.year.days, len(buyer)))
        amount = money(np.exp(rng.normal(2.6, 0.7, len(buyer))), nation)
        source = shop_party(world, int(seller))
        world.ledger.transfers.add(len(buyer), buyer=buyer, at=at, amount=amount, country=nation, source=source)
        world.trap("affiliate_commission", seller=np.array([seller]))
