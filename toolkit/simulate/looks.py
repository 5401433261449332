"""Clicks: a sample of ordinary browsing, before orders and without any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.calendar import times
from toolkit.simulate.chance import hits, weighted
from toolkit.simulate.settings import START
from toolkit.simulate.traffic import choose

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator, Ints
    from toolkit.simulate.fulfil import Filled
    from toolkit.simulate.world import World


def ordinary_clicks(world: World, orders: Filled) -> None:
    """Three orders of ten are seen with a session around them; half as many sessions end without an order."""
    rng = world.rng("looks")
    order = np.flatnonzero(hits(rng, 0.3, len(orders["buyer"])))
    at = np.maximum(orders["at"][order] - rng.integers(60, 3_000, size=len(order)), START)
    session = world.ledger.fresh("session", len(order))
    buyer = orders["buyer"][order]
    world.ledger.clicks.add(len(order), buyer=buyer, listing=orders["listing"][order], at=at, session=session)
    _more(world, rng, buyer, at, session)
    size = len(order) // 2
    looker = weighted(rng, world.people.activity, size)
    when = np.maximum(times(rng, world.year.days, size), world.people.created[looker])
    _more(world, rng, looker, when, world.ledger.fresh("session", size))


def _more(world: World, rng: Generator, buyer: Ints, at: Ints, session: Ints) -> None:
    """Other things looked at in the same session."""
    row = np.repeat(np.arange(len(buyer)), rng.poisson(1.4, size=len(buyer)))
    listing = choose(rng, world.demand, world.people, buyer[row])
    later = np.minimum(at[row] + rng.integers(5, 900, size=len(row)), world.market.end - 1)
    world.ledger.clicks.add(len(row), buyer=buyer[row], listing=listing, at=later, session=session[row])
