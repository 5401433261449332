"""Self-purchase: a shop's own people order from it, over accounts that share something with the shop's account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.simulate.attributes import BANK, DEVICE, PHONE, seen_in, shop_seen_in
from toolkit.simulate.chance import DAY, distinct, hits
from toolkit.simulate.schemes.acts import Acts, hide, moments, pick_targets, place, review
from toolkit.simulate.schemes.funding import fund

if TYPE_CHECKING:
    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World


def linked_shop(world: World, ring: Ring) -> None:
    """Eight to twelve accounts, two to five orders each, at one shop."""
    rng = ring.rng
    targets = pick_targets(world, ring, int(rng.integers(2, 5)), 1)
    seller = int(world.shops.seller[targets[0]])
    targets = targets[world.shops.seller[targets] == seller]
    _paths(world, ring, seller)
    member = np.repeat(np.arange(len(ring.members)), rng.integers(2, 6, size=len(ring.members)))
    which = rng.integers(0, len(targets), size=len(member))
    acts = place(world, ring, member, targets[which], moments(ring, which))
    review(world, ring, acts, share=0.6)
    price = world.shops.price[acts.listing]
    fund(world, ring, acts, price, share=0.5 - 0.1 * ring.rank, seller=seller)
    hide(world, ring, acts)
    world.ledger.truth.targets[ring.number] = targets
    world.ledger.truth.orders[ring.number] = acts.order
    _shop_device(world, ring, seller, acts)


def _paths(world: World, ring: Ring, seller: int) -> None:
    """Bank accounts and telephones that the shop and some members were both seen with."""
    rng = ring.rng
    shop = np.array([seller])
    for kind, name, chance in ((BANK, "bank", 0.5), (PHONE, "phone", 0.6)):
        both = int(world.ledger.fresh(name, 1)[0])
        users = ring.members[hits(rng, ring.level.shared * chance + 0.1, len(ring.members))]
        shop_seen_in(world, rng, shop, kind, both, (ring.start - 100 * DAY, ring.end))
        seen_in(world, rng, users, kind, both, (ring.start, ring.end))


def _shop_device(world: World, ring: Ring, seller: int, acts: Acts) -> None:
    """The shop's account was seen on one or two of the devices that the members order from."""
    used = np.unique(ring.device[ring.device >= 0])
    seen = distinct(ring.rng, used, 2)
    window = (int(acts.at.min()) - 30 * DAY, ring.end)
    shop_seen_in(world, ring.rng, np.full(len(seen), seller), DEVICE, seen, window)
