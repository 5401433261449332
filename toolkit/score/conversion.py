"""Conversion (F6): members review the ring's targets far more often than they, or others, review what they order.

Claims: reviews were what the orders were for. Misses: rings that also review all else they buy; such members look
like enthusiasts, and are taken for enthusiasts. Cost: the members' orders and reviews.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.judged import empty
from toolkit.score.binomial import binomial

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

ENTHUSIASM: Final = 2.0
"""Enthusiasts review twice as much as others: allowed for."""
PRIOR: Final = 5.0
"""Orders of prior weight with which a member's own rate off target is held near the market's."""


def judge(scope: Scope) -> pl.DataFrame:
    """Reviews per order on target, against twice the market's rate or the members' own rate elsewhere."""
    market = scope.market
    if not (market.has("orders") and market.has("reviews")) or scope.targets.height == 0:
        return empty()
    reviews = market.table("reviews").select("buyer", "listing", reviewed=pl.lit(value=True)).unique()
    orders = market.table("orders").select("buyer", "listing").unique()
    rate = reviews.join(orders, on=["buyer", "listing"], how="semi").height / max(orders.height, 1)
    theirs = orders.join(scope.candidates.members.select("candidate", "buyer"), on="buyer")
    theirs = theirs.join(reviews, on=["buyer", "listing"], how="left")
    theirs = theirs.join(
        scope.targets.select("candidate", "listing", target=pl.lit(value=True)), on=["candidate", "listing"], how="left"
    )
    on, done = pl.col("target").fill_null(value=False), pl.col("reviewed").fill_null(value=False)
    rings = theirs.group_by("candidate").agg(
        n=on.sum(), x=(on & done).sum(), off=(~on).sum(), off_done=(~on & done).sum()
    )
    own = (pl.col("off_done") + PRIOR * rate) / (pl.col("off") + PRIOR)
    judged = rings.filter(pl.col("n") > 0).with_columns(p0=pl.max_horizontal(own, pl.lit(min(0.95, ENTHUSIASM * rate))))
    return binomial(judged, "conversion", "f6_review_conversion", "orders on target")
