"""Paid reviews of which no payment is seen: refunds off the platform, and agencies that serve several shops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.simulate.schemes.acts import hide, pick_targets, review, ring_orders

if TYPE_CHECKING:
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World


def off_platform(world: World, ring: Ring) -> None:
    """Members buy, review almost always, and are paid back where the platform does not look."""
    targets = pick_targets(world, ring, int(ring.rng.integers(3, 12)), int(ring.rng.integers(1, 4)))
    acts = ring_orders(world, ring, targets)
    review(world, ring, acts, share=0.95 - 0.03 * ring.rank)
    hide(world, ring, acts)
    world.ledger.truth.targets[ring.number] = targets


def agency(world: World, ring: Ring) -> None:
    """An agency's accounts go from shop to shop; one review in five has no order."""
    targets = pick_targets(world, ring, int(ring.rng.integers(5, 12)), int(ring.rng.integers(3, 7)))
    acts = ring_orders(world, ring, targets)
    review(world, ring, acts, share=0.9, linked=0.8)
    hide(world, ring, acts)
    world.ledger.truth.targets[ring.number] = targets
