"""The region of each buyer: the currency that it orders in most often.

Claims nothing by itself. People buy where they live, so that two buyers of one country share listings, couriers and
vouchers more often than two of the whole market do; every expected count is taken within the region. Cost: one
grouping of the orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.link.in_order import packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.market import Market


def regions(market: Market) -> NDArray[np.uint32]:
    """A region number for each buyer; 0 for all where orders name no currency."""
    region = np.zeros(market.size("buyer"), np.uint32)
    if not market.has("orders", "currency"):
        return region
    used = market.table("orders").select("buyer", "currency").drop_nulls()
    used = used.group_by(packed("buyer", "currency").alias("both")).agg(pl.all().first(), n=pl.len())
    most = used.sort("buyer", "n", "currency").unique("buyer", keep="last", maintain_order=True)
    region[most["buyer"].to_numpy()] = most["currency"].to_numpy() + 1
    return region


def of_listings(acts: list[pl.DataFrame], region: NDArray[np.uint32], n: int) -> NDArray[np.int64]:
    """The region that most of each listing's buyers live in; 0 for a listing without any.

    Args:
        acts: Frames of buyer and listing.
        region: Of each buyer.
        n: Listings that there are.
    """
    placed = np.zeros(n, np.int64)
    if not acts:
        return placed
    every = pl.concat([frame.select("buyer", "listing") for frame in acts])
    lived = every.select("listing", region=pl.Series(region[every["buyer"].to_numpy()]))
    counts = lived.group_by(packed("listing", "region").alias("both")).agg(pl.all().first(), n=pl.len())
    counts = counts.sort("listing", "n", "region")
    most = counts.unique("listing", keep="last", maintain_order=True)
    placed[most["listing"].to_numpy()] = most["region"].to_numpy()
    return placed
