"""What one shop sold in one campaign, where that is more than its share of other trade says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.findings.cells import Cells, numbered
from toolkit.findings.tails import benjamini_hochberg, mixed_tail

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_OFTEN: Final = 2.0
"""How many times its share of other trade a shop may honestly have of a campaign: two of the assumed variations."""


def rushes(sales: Sales, settings: FindingSettings) -> Cells:
    """Cells of a shop and a campaign with more subsidised orders than the shop's share of unsubsidised ones says.

    Beta-binomial over the campaign's orders, as shops differ. A rush is one reason and no more: livestreams, flash
    sales and shops that a campaign puts on show have it too.
    """
    paid = (pl.col("subsidy") > 0).fill_null(value=False)
    keys = ["campaign", "currency"]
    orders = sales.orders.lazy()
    claims = orders.filter(paid).drop_nulls(["campaign", "seller"]).select("row", "seller", *keys).collect()
    plain = sales.sold(sales.orders.select(~paid).to_series()).drop_nulls("seller")
    volume = plain.group_by("currency").agg(volume=pl.col("sold").sum())
    counts = (
        claims.group_by("seller", *keys)
        .agg(n=pl.len())
        .join(claims.group_by(keys).agg(claimed=pl.len()), on=keys, nulls_equal=True)
        .join(plain, on=["seller", "currency"], how="left", nulls_equal=True)
        .join(volume, on="currency", how="left", nulls_equal=True)
        .sort("seller", *keys)
    )
    share = ((pl.col("sold").fill_null(0) + 1) / (pl.col("volume").fill_null(0) + 2)).clip(upper_bound=0.95)
    known = counts.with_columns(share=share)
    p = mixed_tail(known["n"], known["claimed"], known["share"], spread=0.0, variation=settings.least_variation)
    odds = pl.col("share") / (1 - pl.col("share"))
    tested = known.with_columns(
        q_value=pl.Series(benjamini_hochberg(p), dtype=pl.Float64),
        expected=(pl.col("claimed") - pl.col("n")) * odds * _OFTEN,
    )
    kept = tested.filter((pl.col("q_value") < settings.q_value) & (pl.col("n") >= settings.fewest_orders))
    sizes = kept.group_by("seller", "campaign").agg(pl.col("n").sum(), pl.col("expected").sum())
    return numbered(("campaign_rush",), claims.join(sizes, on=["seller", "campaign"]), ["seller", "campaign"])
