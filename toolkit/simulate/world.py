"""The market while it is being made: what every component reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import Calendar, plan_year
from toolkit.simulate.catalogue import Catalogue, stock
from toolkit.simulate.chance import Generator, stream
from toolkit.simulate.gifts import reseller_count
from toolkit.simulate.ledger import Ledger
from toolkit.simulate.money import counter_count
from toolkit.simulate.population import Population, populate
from toolkit.simulate.traffic import Demand

if TYPE_CHECKING:
    from toolkit.simulate.chance import Ints
    from toolkit.simulate.settings import Market


@dataclass
class World:
    """Everything about one market: what was asked for, who is in it, and what has happened so far."""

    market: Market
    ledger: Ledger
    people: Population
    shops: Catalogue
    year: Calendar
    demand: Demand

    def trap(self, kind: str, **entities: Ints) -> None:
        """Note an innocent look-alike, and keep its shops out of everything that shops do wrong."""
        self.ledger.trap(kind, **entities)
        if "seller" in entities:
            self.shops.innocent.update(np.unique(entities["seller"]).tolist())

    def rng(self, component: str) -> Generator:
        """The generator of a component, by its name."""
        return stream(self.market.seed, component)


def create(market: Market) -> World:
    """A market with its people, shops and calendar, in which nothing has happened yet."""
    ledger = Ledger()
    people = populate(market, ledger, stream(market.seed, "population"))
    shops = stock(market, stream(market.seed, "catalogue"))
    year = plan_year(market, stream(market.seed, "calendar"))
    ledger.fresh("party", reseller_count(market) + counter_count(market) * market.countries)
    return World(market, ledger, people, shops, year, Demand(shops))
