"""Every kind of token that the data can feed, from the coded tables: one module a view, each with its null."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.link import texts
from toolkit.link.tokens import acts, attributes, births, cards, funding, parcels, refunds, vouchers
from toolkit.link.tokens.attributes import KINDS as ATTRIBUTES
from toolkit.link.tokens.made import starred

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from toolkit.config import LinkSettings
    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market

__all__ = ["ATTRIBUTES", "kinds", "starred"]


def kinds(
    market: Market,
    innocent: pl.DataFrame,
    region: NDArray[np.uint32],
    settings: LinkSettings,
) -> dict[str, TokenKind]:
    """Name -> kind, for every kind that the data can feed.

    Args:
        market: The coded tables.
        innocent: Pairs (buyer, listing) that the platform itself brought together.
        region: Region of each buyer.
        settings: When texts are alike.
    """
    found = [*refunds.stories(market, region), *texts.kinds(market, region, settings)]
    found += [
        kind
        for made in (
            acts.acts(market, innocent),
            attributes.attributes(market),
            funding.funding(market),
            refunds.refunds(market),
            vouchers.vouchers(market),
            cards.cards(market),
            parcels.parcels(market),
            births.births(market),
        )
        for kind in made
    ]
    return {kind.name: kind for kind in found if kind.frame.height}
