"""Money that a shop sends to accounts just before they order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.chance import HOUR, hits
from toolkit.simulate.gifts import party, shop_party
from toolkit.simulate.money import counters
from toolkit.simulate.places import cut

if TYPE_CHECKING:
    from toolkit.simulate.chance import Floats, Ints
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.schemes.acts import Acts
    from toolkit.simulate.world import World


def fund(world: World, ring: Ring, acts: Acts, amount: Floats, *, share: float, seller: int) -> None:
    """Transfers before a share of the orders, of their amount; careful rings round up, wait longer and use agents."""
    rng = ring.rng
    paid = hits(rng, share, len(acts.order))
    size = int(paid.sum())
    before = rng.integers(300, 2 * HOUR * (1 + 3 * ring.rank), size=size)
    exact = amount[paid]
    rounded = cut(exact * rng.uniform(1.0, 1.12, size), ring.country)
    world.ledger.transfers.add(
        size,
        buyer=ring.members[acts.member[paid]],
        at=np.maximum(acts.at[paid] - before, world.market.end - world.market.days * 86_400),
        amount=np.where(hits(rng, 0.25 * ring.rank, size), rounded, cut(exact, ring.country)),
        country=ring.country,
        source=_sources(world, ring, size, seller),
    )


def _sources(world: World, ring: Ring, size: int, seller: int) -> Ints:
    """The shop itself where the ring is bare; then agents of its own, then cash counters that serve anybody."""
    rng = ring.rng
    agents = party(world, world.ledger.fresh("party", 1 + ring.rank))
    agent = agents[rng.integers(0, len(agents), size=size)]
    open_ = counters(world, ring.country)
    counter = open_[rng.integers(0, len(open_), size=size)]
    hidden = np.where(hits(rng, 0.2 * max(0, ring.rank - 1), size), counter, agent)
    return np.where(hits(rng, 0.4 * ring.rank, size), hidden, shop_party(world, seller))
