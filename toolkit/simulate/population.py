"""Buyers: where they live, how much they buy, and what they innocently share.

Households share an address and often a card or a device; many live in buildings without unit numbers; lockers,
forwarders, dormitories, offices, cafes and carriers put strangers behind one address, card, device or IP. Without these
every shared attribute would be a confession.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.contracts.tables import ADDRESS_KINDS, INSTRUMENT_KINDS
from toolkit.simulate.chance import DAY, distinct, hits, weighted
from toolkit.simulate.ledger import FILL, Ledger
from toolkit.simulate.places import COUNTRIES
from toolkit.simulate.settings import START, Market

if TYPE_CHECKING:
    from toolkit.simulate.chance import Bools, Floats, Generator, Ints

HOME, LOCKER, FORWARDER, DORMITORY, OFFICE = (ADDRESS_KINDS.index(kind) for kind in ADDRESS_KINDS[:5])
CARD, WALLET, BANK, PREPAID, CORPORATE = (INSTRUMENT_KINDS.index(kind) for kind in INSTRUMENT_KINDS[:5])

_HOUSEHOLD_SIZES: Final = (0.28, 0.35, 0.15, 0.13, 0.09)
"""Shares of households with 1, 2, 3, 4 and 5 members (US census 2022 to 2024 for the first two)."""


@dataclass
class Population:
    """All buyers, one entry each. `FILL` in an `alt_` array means that the buyer has no second one.

    Args:
        country: Position in the countries.
        created: Second the account was made.
        activity: Relative number of orders.
        household: Number of the household.
        favourites: Three favourite categories.
        alt_address, alt_payment, alt_device: Second address, instrument or device, mostly shared with strangers.
        busy: Whether a buyer is already taken by a ring.
    """

    country: Ints
    created: Ints
    activity: Floats
    household: Ints
    favourites: Ints
    address: Ints
    payment: Ints
    device: Ints
    alt_address: Ints
    alt_payment: Ints
    alt_device: Ints
    busy: Bools
    _of: dict[int, Ints] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many buyers there are."""
        return len(self.country)

    def of(self, country: int) -> Ints:
        """The buyers of one country."""
        if country not in self._of:
            self._of[country] = np.flatnonzero(self.country == country)
        return self._of[country]


def populate(market: Market, ledger: Ledger, rng: Generator) -> Population:
    """Draw all buyers, their homes and what they share."""
    size = market.buyers
    household = _households(size, rng)
    country = _countries(market, household, rng)
    address = _homes(household, country, ledger, rng)
    payment, device = _own(household, country, ledger, rng)
    none = np.full(size, FILL, dtype=np.int64)
    people = Population(
        country=country,
        created=_created(market, size, rng),
        activity=np.exp(rng.standard_normal(size)),
        household=household,
        favourites=rng.integers(0, 1 << 30, size=(size, 3)),
        address=address,
        payment=payment,
        device=device,
        alt_address=none.copy(),
        alt_payment=none.copy(),
        alt_device=none.copy(),
        busy=np.zeros(size, dtype=np.bool_),
    )
    _hubs(market, people, ledger, rng)
    return people


def _households(size: int, rng: Generator) -> Ints:
    sizes = 1 + weighted(rng, np.array(_HOUSEHOLD_SIZES), size)
    household = np.repeat(np.arange(size, dtype=np.int64), sizes)[:size]
    return household[rng.permutation(size)]


def _countries(market: Market, household: Ints, rng: Generator) -> Ints:
    shares = np.array([country.share for country in COUNTRIES[: market.countries]])
    return weighted(rng, shares, int(household.max()) + 1)[household]


def _created(market: Market, size: int, rng: Generator) -> Ints:
    """Half of the accounts are years old; one in six joins while the market runs."""
    age = lognormal_age(rng, size)
    joins = hits(rng, 0.16, size)
    during = START + (rng.random(size) * market.days * DAY * 0.92).astype(np.int64)
    return np.where(joins, during, START - age)


def lognormal_age(rng: Generator, size: int) -> Ints:
    """Ages of established accounts, in seconds; median 2.2 years."""
    return (np.exp(rng.normal(np.log(800), 0.9, size)) * DAY).astype(np.int64)


def _homes(household: Ints, country: Ints, ledger: Ledger, rng: Generator) -> Ints:
    """One address a household; one household in four lives in a building whose flats carry no number."""
    count = int(household.max()) + 1
    where = np.zeros(count, dtype=np.int64)
    where[household] = country
    home = ledger.addresses.add(count, kind=HOME, country=where)
    for nation in np.unique(where):
        flats = distinct(rng, np.flatnonzero(where == nation), int((where == nation).sum() * 0.25))
        building = np.repeat(np.arange(len(flats)), rng.integers(2, 16, size=len(flats)))[: len(flats)]
        home[flats] = home[flats[building]]
    return home[household]


def _own(household: Ints, country: Ints, ledger: Ledger, rng: Generator) -> tuple[Ints, Ints]:
    """A card and a device each; one household in three shares a card, three in ten a device."""
    size = len(household)
    count = int(household.max()) + 1
    kind = np.array([CARD, WALLET, BANK])[weighted(rng, np.array([0.7, 0.2, 0.1]), size)]
    payment = ledger.payments.add(size, kind=kind, country=country)
    device = ledger.fresh("device", size)
    head = np.zeros(count, dtype=np.int64)
    head[household] = np.arange(size)
    shares_card, shares_device = hits(rng, 0.35, count)[household], hits(rng, 0.30, count)[household]
    return np.where(shares_card, payment[head[household]], payment), np.where(
        shares_device, device[head[household]], device
    )


def _hubs(market: Market, people: Population, ledger: Ledger, rng: Generator) -> None:
    """Things that strangers share: each hub takes its users from one country."""
    for kind, count, low, high in (
        (LOCKER, 40, 30, 200),
        (FORWARDER, 15, 80, 400),
        (DORMITORY, 25, 20, 150),
        (OFFICE, 60, 8, 60),
    ):
        for users, nation in _crowds(people, market.some(count), low, high, rng):
            hub = ledger.addresses.add(1, kind=kind, country=nation)
            people.alt_address[users] = hub
            ledger.trap(ADDRESS_KINDS[kind], buyer=users)
    for users, nation in _crowds(people, market.some(60), 5, 60, rng):
        people.alt_payment[users] = ledger.payments.add(1, kind=CORPORATE, country=nation)
        ledger.trap("company_card", buyer=users)
    for place, count, most in (("cafe", 120, 60), ("kiosk", 700, 11)):
        for users, _ in _crowds(people, market.some(count), 3, most, rng):
            people.alt_device[users] = ledger.fresh("device", 1)
            ledger.trap(place, buyer=users)
    for users, nation in _crowds(people, market.some(1_100), 2, 9, rng):
        people.alt_payment[users] = ledger.payments.add(1, kind=CARD, country=nation)


def _crowds(people: Population, count: int, low: int, high: int, rng: Generator) -> list[tuple[Ints, int]]:
    """Groups of strangers from one country, sizes skewed to the small end."""
    ranked = [people.of(nation) for nation in range(int(people.country.max()) + 1)]
    weights = np.array([len(buyers) for buyers in ranked], dtype=np.float64)
    nations = weighted(rng, weights, count)
    sizes = np.exp(rng.uniform(np.log(low), np.log(high), count)).astype(np.int64)
    return [
        (distinct(rng, ranked[nation], min(int(size), max(len(ranked[nation]) // 12, 2))), int(nation))
        for nation, size in zip(nations, sizes, strict=True)
    ]
