"""Shops and their listings: category, price, weight, and a popularity that few have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.simulate.chance import DAY, hits, weighted
from toolkit.simulate.places import COUNTRIES, money
from toolkit.simulate.population import lognormal_age
from toolkit.simulate.settings import START, Market
from toolkit.simulate.words import NAMES

if TYPE_CHECKING:
    from toolkit.simulate.chance import Bools, Floats, Generator, Ints

_EXPONENT: Final = 0.9
_SHIFT: Final = 6.0
"""Zipf-Mandelbrot: weight of rank r is (r + shift) ** -exponent; the tail falls more steeply (Brynjolfsson 2010)."""


@dataclass
class Catalogue:
    """All listings and shops.

    Args:
        seller: Shop of each listing.
        country: Country of each listing, the shop's.
        category: Category of each listing as the market starts.
        price: Price in the currency of the country.
        weight: True weight in grams.
        stated: Weight in the catalogue; one listing in thirty has it wrong.
        created: Second each listing appeared.
        popularity: Relative demand.
        quality: Mean rating that honest buyers give.
        seller_country, seller_created: The shops.
        taken: Whether a listing is already used by a ring or a look-alike.
        innocent, guilty: Shops of look-alikes, and shops that pay for something.
    """

    seller: Ints
    country: Ints
    category: Ints
    price: Floats
    weight: Floats
    stated: Floats
    created: Ints
    popularity: Floats
    quality: Floats
    seller_country: Ints
    seller_created: Ints
    taken: Bools
    innocent: set[int]
    guilty: set[int]
    _ranked: dict[int, Ints] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many listings there are."""
        return len(self.seller)

    def ranked(self, country: int) -> Ints:
        """Listings of a country, the most popular first."""
        if country not in self._ranked:
            here = np.flatnonzero(self.country == country)
            self._ranked[country] = here[np.argsort(-self.popularity[here], kind="stable")]
        return self._ranked[country]

    def free(self) -> Bools:
        """Per listing: neither it nor its shop is part of a ring or a look-alike, so that no shop is both."""
        return ~self.taken & ~np.isin(self.seller, sorted(self.innocent))

    def work_for(self, listings: Ints) -> None:
        """Mark listings, and their shops, as worked for by a ring."""
        self.taken[listings] = True
        self.guilty.update(self.seller[listings].tolist())

    def of_seller(self, seller: int) -> Ints:
        """Listings of one shop."""
        return np.flatnonzero(self.seller == seller)


def stock(market: Market, rng: Generator) -> Catalogue:
    """Draw all shops and listings."""
    shares = np.array([country.share for country in COUNTRIES[: market.countries]])
    shops, size = market.sellers, market.listings
    home = np.concatenate([np.arange(market.countries), weighted(rng, shares, shops - market.countries)])
    sizes = np.exp(0.7 * rng.standard_normal(shops))
    seller = np.concatenate([np.arange(shops), weighted(rng, sizes, size - shops)])
    country = home[seller]
    weight = np.asarray(np.round(np.exp(rng.normal(np.log(260), 0.9, size))) + 12, dtype=np.float64)
    shop_created = START - lognormal_age(rng, shops)
    return Catalogue(
        seller=seller,
        country=country,
        category=_categories(seller, shops, rng),
        price=money(np.exp(rng.normal(np.log(21), 0.75, size)) + 2, country),
        weight=weight,
        stated=np.where(hits(rng, 1 / 30, size), np.round(weight * np.exp(rng.normal(0.8, 0.9, size))), weight),
        created=_created(market, seller, shop_created, rng),
        popularity=_popularity(size, rng),
        quality=np.clip(rng.normal(4.25, 0.35, size), 2.2, 4.9),
        seller_country=home,
        seller_created=shop_created,
        taken=np.zeros(size, dtype=np.bool_),
        innocent=set(),
        guilty=set(),
    )


def _categories(seller: Ints, shops: int, rng: Generator) -> Ints:
    """A shop keeps to one category for most of its listings."""
    main = rng.integers(0, len(NAMES), size=shops)
    return np.where(hits(rng, 0.7, len(seller)), main[seller], rng.integers(0, len(NAMES), size=len(seller)))


def _popularity(size: int, rng: Generator) -> Floats:
    rank = rng.permutation(size) + 1.0
    tail = np.where(rank > size / 4, (size / 4 / rank) ** 0.5, 1.0)
    return np.asarray((rank + _SHIFT) ** -_EXPONENT * tail, dtype=np.float64)


def _created(market: Market, seller: Ints, shop_created: Ints, rng: Generator) -> Ints:
    """One listing in five is new; none is older than its shop."""
    new = START + (rng.random(len(seller)) * market.days * DAY * 0.8).astype(np.int64)
    old = START - lognormal_age(rng, len(seller)) // 2
    return np.where(hits(rng, 0.2, len(seller)), new, np.maximum(old, shop_created[seller] + 3_600))
