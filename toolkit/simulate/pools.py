"""What the accounts of a ring share: addresses in real buildings, borrowed cards, devices that strangers use too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.chance import distinct, hits, one_of, pieces
from toolkit.simulate.ledger import FILL

if TYPE_CHECKING:
    from toolkit.simulate.chance import Ints
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World


def share(world: World, ring: Ring) -> None:
    """Give each member, with the level's chance, an address, a card and a device of the ring's pieces."""
    ring.address = _spread(world, ring, "address")
    ring.payment = _spread(world, ring, "payment")
    ring.device = _spread(world, ring, "device")


def _spread(world: World, ring: Ring, name: str) -> Ints:
    """Per member the ring's value of one attribute, or `FILL`."""
    rng = ring.rng
    values = np.full(len(ring.members), FILL, dtype=np.int64)
    low, high = ring.level.piece
    for piece in pieces(rng, np.arange(len(ring.members)), low, high):
        takes = piece[hits(rng, ring.level.shared, len(piece))]
        values[takes] = _value(world, ring, name)
    return values


def _value(world: World, ring: Ring, name: str) -> int:
    """One that already has honest users: somebody's home or card, a device that others log in from."""
    people, rng = world.people, ring.rng
    here = people.of(ring.country)
    owner = one_of(rng, here)
    value = int(world.ledger.fresh("device", 1)[0]) if name == "device" else int(getattr(people, name)[owner])
    second = getattr(people, "alt_" + name)
    guests = distinct(rng, here[second[here] == FILL], int(rng.poisson(ring.level.innocents)))
    second[guests] = value
    return value
