"""The region of each buyer: the currency that it orders in most often.

Claims nothing by itself. People buy where they live, so that two buyers of one country share listings, couriers and
vouchers more often than two of the whole market do; every expected count is taken within the region. Cost: one
grouping of the orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.market import Market


def regions(market: Market) -> NDArray[np.uint32]:
    """A region number for each buyer; 0 for all where orders name no currency."""
    region = np.zeros(market.size("buyer"), np.uint32)
    if not market.has("orders", "currency"):
        return region
    used = market.table("orders").group_by("buyer", "currency").agg(n=pl.len()).drop_nulls()
    most = used.sort("buyer", "n", "currency").unique("buyer", keep="last", maintain_order=True)
    region[most["buyer"].to_numpy()] = most["currency"].to_numpy() + 1
    return region
