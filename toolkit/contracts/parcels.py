"""Which listings' catalogue weight looks wrong: their light parcels are how they always weigh, and no empty bags.

Both the marks of rings and the findings about shops compare a parcel with its catalogue weight, so both ask here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings

ENOUGH: Final = 5
"""Parcels of a listing that show how heavy it is."""
_ALIKE: Final = 0.2
"""Median deviation, over the median, of parcels that hold the same thing; bags filled at random differ by a third."""


def wrong_catalogue_weights(parcels: pl.DataFrame, settings: FindingSettings) -> pl.Series:
    """Listings whose typical parcel is light, and has been so for long or to the gram: the catalogue is wrong.

    Made-up orders come within weeks, and what fills their bags differs; an empty bag is no typical parcel at all.
    Misses: goods that few bought, and a shop that sent nothing but made-up parcels of one weight, or all year, is
    taken for one with a wrong catalogue.

    Args:
        parcels: listing, at (seconds), parcel_weight_g, catalogue_weight_g, one row a parcel.
        settings: The bounds, with their reasons.
    """
    known = parcels.drop_nulls(["parcel_weight_g", "catalogue_weight_g"])
    weight = pl.col("parcel_weight_g")
    usual = known.group_by("listing").agg(usual=weight.median(), stated=pl.col("catalogue_weight_g").first())
    light = usual.filter(
        (pl.col("usual") < settings.light_share * pl.col("stated")) & (pl.col("usual") >= settings.packing_g)
    )
    looked = known.join(light, on="listing").group_by("listing", "usual")
    shown = looked.agg(
        n=pl.len(),
        apart=(weight - weight.median()).abs().median(),
        span=pl.col("at").quantile(0.9) - pl.col("at").quantile(0.1),
    )
    agree = (pl.col("apart") <= _ALIKE * pl.col("usual")) & (pl.col("n") >= ENOUGH)
    return shown.filter(agree | (pl.col("span") > settings.wrong_weight_s))["listing"]
