"""Demand: which listing a buyer takes, and the ordinary orders that fill the market."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import times
from toolkit.simulate.chance import hits, stream, weighted
from toolkit.simulate.words import NAMES

if TYPE_CHECKING:
    from toolkit.simulate.catalogue import Catalogue
    from toolkit.simulate.chance import Floats, Generator, Ints
    from toolkit.simulate.population import Population
    from toolkit.simulate.world import World

_CATEGORIES = len(NAMES)


class Demand:
    """Draws listings by popularity inside a country, or inside a country and category.

    Listings are sorted by country, then category; a draw is one look-up in the running sum of popularity, inside the
    stretch of the country or of the category.
    """

    def __init__(self, shops: Catalogue) -> None:
        group = shops.country * _CATEGORIES + shops.category
        self._order = np.argsort(group, kind="stable")
        self._sum = np.concatenate([[0.0], np.cumsum(shops.popularity[self._order])])
        groups = (int(shops.country.max()) + 1) * _CATEGORIES
        self._edges = np.searchsorted(group[self._order], np.arange(groups + 1))

    def in_country(self, rng: Generator, country: Ints) -> Ints:
        """A listing of each buyer's country."""
        return self._draw(rng, self._edges[country * _CATEGORIES], self._edges[(country + 1) * _CATEGORIES])

    def in_category(self, rng: Generator, country: Ints, category: Ints) -> Ints:
        """A listing of the country and category; of the country where nobody sells that category."""
        group = country * _CATEGORIES + category
        low, high = self._edges[group], self._edges[group + 1]
        empty = low == high
        low = np.where(empty, self._edges[country * _CATEGORIES], low)
        high = np.where(empty, self._edges[(country + 1) * _CATEGORIES], high)
        return self._draw(rng, low, high)

    def _draw(self, rng: Generator, low: Ints, high: Ints) -> Ints:
        floor, ceiling = self._sum[low], self._sum[high]
        point: Floats = floor + rng.random(len(low)) * (ceiling - floor)
        found = np.searchsorted(self._sum, point, side="right") - 1
        return self._order[np.clip(found, low, high - 1)].astype(np.int64)


def choose(rng: Generator, demand: Demand, people: Population, buyers: Ints) -> Ints:
    """What each buyer takes: six times in ten from one of three favourite categories; four in a hundred buy abroad."""
    country = people.country[buyers]
    abroad = hits(rng, 0.04, len(buyers))
    country = np.where(abroad, rng.permutation(country), country)
    favourite = people.favourites[buyers, rng.integers(0, 3, size=len(buyers))] % _CATEGORIES
    liked = demand.in_category(rng, country, favourite)
    any_ = demand.in_country(rng, country)
    return np.where(hits(rng, 0.6, len(buyers)), liked, any_)


def ordinary(world: World, size: int) -> Ints:
    """Add `size` ordinary orders: who by activity, when by season, what by taste and popularity."""
    rng = stream(world.market.seed, "traffic")
    buyers = weighted(rng, world.people.activity, size)
    listing = choose(rng, world.demand, world.people, buyers)
    at = times(rng, world.year.days, size)
    born = np.maximum(world.people.created[buyers], world.shops.created[listing])
    late = (born + rng.random(size) * (world.market.end - born)).astype(np.int64)
    return world.ledger.orders.add(size, buyer=buyers, listing=listing, at=np.where(at < born, late, at), ordinary=1)
