"""Innocent look-alikes: everything here looks like a ring to some method, and none of it is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.simulate.traps import (
    bulk,
    clubs,
    households,
    listings,
    parcels,
    places,
    promotions,
    returns,
    rushes,
    shops,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.simulate.chance import Generator
    from toolkit.simulate.world import World

_PLANT: Final[dict[str, tuple[Callable[[World, Generator], None], int]]] = {
    "campus_coupon": (households.campus_coupon, 8),
    "viral_listing": (listings.viral, 20),
    "flash_sale": (listings.flash_sale, 12),
    "bundle": (listings.bundle, 6),
    "neutral_insert": (listings.neutral_insert, 6),
    "deal_group": (clubs.deal_group, 12),
    "hobby_club": (clubs.hobby_club, 10),
    "book_club": (clubs.book_club, 4),
    "family": (households.family, 60),
    "sampling": (promotions.sampling, 4),
    "platform_credit": (promotions.platform_credit, 12),
    "partner_code": (promotions.partner_code, 8),
    "office_bulk": (bulk.office_bulk, 20),
    "wholesale": (bulk.wholesale, 20),
    "consolidated_parcel": (bulk.consolidated_parcel, 120),
    "staff_purchase": (shops.staff_purchase, 15),
    "support_correction": (shops.support_corrections, 120),
    "campaign_correction": (shops.campaign_correction, 8),
    "taxonomy_migration": (shops.taxonomy_migration, 3),
    "bad_batch": (returns.bad_batch, 16),
    "counter_refunds": (returns.counter_refunds, 8),
    "size_returns": (returns.size_returns, 10),
    "livestream": (rushes.livestream, 10),
    "digital_sale": (rushes.digital_sale, 6),
    "launch_letter": (rushes.launch_letter, 6),
    "spare_parts": (parcels.spare_parts, 10),
    "shop_samples": (parcels.shop_samples, 8),
    "wrong_weight": (parcels.wrong_weight, 10),
    "hotel": (places.hotel, 10),
    "warehouse": (places.warehouse, 8),
    "pocket_money": (places.pocket_money, 15),
    "christmas_card": (places.christmas_card, 8),
}
"""Look-alike -> what plants one, and how many a market of 200,000 orders has.

Campus codes come first, because they make accounts."""


def plant_traps(world: World) -> None:
    """Plant every kind of look-alike, each with a generator of its own."""
    for kind, (plant, reference) in _PLANT.items():
        rng = world.rng("trap." + kind)
        for _ in range(world.market.some(reference)):
            plant(world, rng)
