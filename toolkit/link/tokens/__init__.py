"""Every kind of token that the data can feed, from the coded tables: one module a view, each with its null."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from toolkit.link import texts
from toolkit.link.tokens import acts, attributes, births, cards, funding, parcels, refunds, vouchers
from toolkit.link.tokens.attributes import KINDS as ATTRIBUTES
from toolkit.link.tokens.made import starred
from toolkit.parallel import at_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    paid: pl.DataFrame,
) -> dict[str, TokenKind]:
    """Name -> kind, for every kind that the data can feed.

    Args:
        market: The coded tables.
        innocent: Pairs (buyer, listing) that the platform itself brought together.
        region: Region of each buyer.
        settings: When texts are alike.
        paid: What was topped up for an order (`marks.topped_up`).
    """
    makers: list[Callable[[], Iterator[TokenKind]]] = [
        lambda: refunds.stories(market, region),
        *(partial(texts.kinds, market, region, settings, [source]) for source in texts.SOURCES),
        lambda: acts.acts(market, innocent),
        lambda: attributes.attributes(market),
        lambda: funding.funding(paid),
        lambda: refunds.refunds(market),
        lambda: vouchers.vouchers(market),
        lambda: cards.cards(market),
        lambda: parcels.parcels(market),
        lambda: births.births(market),
    ]
    found = [kind for made in at_once(lambda maker: list(maker()), makers) for kind in made]
    return {kind.name: kind for kind in found if kind.frame.height}
