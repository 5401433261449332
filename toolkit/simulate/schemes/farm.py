"""Account farms: accounts made in bursts behind the same devices, telephones and connections, hired for ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.simulate.attributes import EMAIL, IP, PHONE, seen_in
from toolkit.simulate.chance import hits, pieces
from toolkit.simulate.schemes.acts import hide, pick_targets, review, ring_orders

if TYPE_CHECKING:
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World


def burst(world: World, ring: Ring) -> None:
    """The accounts rate a few clients' listings at low density, and buy ordinary things to look alive."""
    _joint_contacts(world, ring)
    targets = pick_targets(world, ring, int(ring.rng.integers(4, 8)), int(ring.rng.integers(2, 5)))
    acts = ring_orders(world, ring, targets, density=0.5 * ring.level.density + 0.1)
    review(world, ring, acts, share=0.7)
    hide(world, ring, acts)
    world.ledger.truth.targets[ring.number] = targets


def _joint_contacts(world: World, ring: Ring) -> None:
    """Telephones, connections and mailboxes shared in pieces, by the level's chance."""
    rng = ring.rng
    low, high = ring.level.piece
    for kind, name, chance in ((PHONE, "phone", 0.7), (IP, "ip", 1.0), (EMAIL, "email", 0.25)):
        for piece in pieces(rng, ring.members, low, high):
            takes = piece[hits(rng, min(1.0, ring.level.shared * chance + 0.1), len(piece))]
            seen_in(world, rng, takes, kind, int(world.ledger.fresh(name, 1)[0]), (ring.start, ring.end))
