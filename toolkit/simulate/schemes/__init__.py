"""One module a scheme; each plants what its rings leave in the tables, and notes the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.simulate.schemes import brushing, coattail, farm, gift_card, own_shop, refund, review, virtual, voucher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from toolkit.simulate.plan import Ring
    from toolkit.simulate.world import World

_PLANT: Final[dict[str, Callable[[World, Ring], None]]] = {
    "paid_review": gift_card.paid_review,
    "insert": gift_card.insert,
    "off_platform": review.off_platform,
    "agency": review.agency,
    "empty_parcels": brushing.empty_parcels,
    "competitor": brushing.competitor,
    "campaign": virtual.campaign,
    "codes": voucher.scattered,
    "returns": refund.scattered,
    "burst": farm.burst,
    "hot_item": coattail.hot_item,
    "linked_shop": own_shop.linked_shop,
}


def plant_rings(world: World, rings: Iterable[Ring]) -> None:
    """Plant every ring by its variant."""
    for ring in rings:
        world.ledger.truth.rings.append((ring.number, ring.scheme, ring.rank, ring.variant))
        world.ledger.truth.members[ring.number] = ring.members
        _PLANT[ring.variant](world, ring)
