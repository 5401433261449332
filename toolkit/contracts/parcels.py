"""Which listings' light parcels are how they always weigh, and no empty bags: wrong catalogue weights, and parts.

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


_MOSTLY: Final = 0.5
_WEEK: Final = 7 * 86_400
_WEEKS: Final = 4
"""Weeks with parcels that show what is usual."""
_NEARLY_ALL: Final = 0.8
"""Share of the weeks in which the typical parcel is light."""
_CHEAP: Final = 0.5
"""Amount over the listing's price under which an order is for less than the thing: a part, a refill, a sample."""


def wrong_catalogue_weights(parcels: pl.DataFrame, settings: FindingSettings) -> pl.Series:
    """Listings whose light parcels are how they always weigh, and no empty bags.

    Either the typical parcel is light, and has been so for long or to the gram: the catalogue is wrong. Or some are
    light all along, and alike or cheap: the listing sells a part of the thing as well. Made-up orders come within
    weeks, and what fills their bags differs; an empty bag is no typical parcel at all.
    Misses: goods that few bought, and a shop that sent nothing but made-up parcels of one weight, or all year, is
    taken for one with a wrong catalogue.

    Args:
        parcels: listing, seller, at (seconds), parcel_weight_g, catalogue_weight_g, cheap (`for_less`), one row each.
        settings: The bounds, with their reasons.
    """
    known = parcels.drop_nulls(["parcel_weight_g", "catalogue_weight_g"])
    wrong = _wrong(known, settings)
    return pl.concat([wrong, _alongside(known, wrong), _parts(known, settings)]).unique().sort()


def for_less(*, priced: bool = False) -> pl.Expr:
    """Whether an order was for much less than its listing costs: `amount` against `price`, or else the usual amount.

    Args:
        priced: Whether every order has a price: then no usual amount is looked for.
    """
    usual = pl.col("price") if priced else pl.coalesce("price", pl.col("amount").median().over("listing"))
    return (pl.col("amount") < _CHEAP * usual).fill_null(value=False).alias("cheap")


def _wrong(known: pl.DataFrame, settings: FindingSettings) -> pl.Series:
    """Listings whose typical parcel is light."""
    weight = pl.col("parcel_weight_g")
    some = known.filter(weight < settings.light_share * pl.col("catalogue_weight_g"))["listing"].unique()
    known = known.filter(pl.col("listing").is_in(some.implode()))  # no other listing's typical parcel is light
    usual = known.group_by("listing").agg(usual=weight.median(), stated=pl.col("catalogue_weight_g").first())
    light = usual.filter(
        (pl.col("usual") < settings.light_share * pl.col("stated")) & (pl.col("usual") >= settings.packing_g)
    )
    parcels = known.join(light.select("listing"), on="listing")
    shown = parcels.group_by("listing").agg(_SHOWN)
    told = shown.filter((_alike() & (pl.col("n") >= ENOUGH)) | (pl.col("span") > settings.wrong_weight_s))
    return pl.concat([told["listing"], _week_by_week(parcels, settings)]).unique()


def _week_by_week(parcels: pl.DataFrame, settings: FindingSettings) -> pl.Series:
    """Listings that are light in nearly all their weeks, over months; a sale's rush has one vote like any week."""
    usual = pl.col("parcel_weight_g").median() < settings.light_share * pl.col("catalogue_weight_g").first()
    weekly = parcels.group_by("listing", pl.col("at") // _WEEK).agg(light=usual)
    span = (pl.col("at").filter("light").max() - pl.col("at").filter("light").min()) * _WEEK
    shown = weekly.group_by("listing").agg(pl.len(), pl.col("light").mean(), span=span)
    lasting = (pl.col("len") >= _WEEKS) & (pl.col("light") >= _NEARLY_ALL)
    return shown.filter(lasting & (pl.col("span") > settings.wrong_weight_s))["listing"]


def _alongside(known: pl.DataFrame, wrong: pl.Series) -> pl.Series:
    """Listings that too few bought to tell, of shops most of whose other parcels are of wrong entries."""
    is_wrong = pl.col("listing").is_in(wrong.implode())
    sellers = known.filter(is_wrong)["seller"].unique()
    listings = known.filter(pl.col("seller").is_in(sellers.implode()))["listing"].unique()  # of others, none is wrong
    asked = known.select("listing", "seller").filter(pl.col("listing").is_in(listings.implode()))
    asked = asked.with_columns(wrong=is_wrong, n=pl.len().over("listing"))
    told = asked.filter(pl.col("n") >= ENOUGH).group_by("seller").agg(pl.col("wrong").mean())
    careless = told.drop_nulls("seller").filter(pl.col("wrong") >= _MOSTLY)
    few = asked.filter(pl.col("n") < ENOUGH)
    return few.join(careless.select("seller"), on="seller", how="semi")["listing"]


def _parts(known: pl.DataFrame, settings: FindingSettings) -> pl.Series:
    """Listings of which some parcels are light all along, and these alike or cheap."""
    light = known.filter(pl.col("parcel_weight_g") < settings.light_share * pl.col("catalogue_weight_g"))
    shown = light.group_by("listing").agg(*_SHOWN, cheap=pl.col("cheap").mean())
    alike = _alike() & (pl.col("usual") >= settings.packing_g)
    long = (pl.col("n") >= ENOUGH) & (pl.col("span") > settings.wrong_weight_s)
    return shown.filter(long & (alike | (pl.col("cheap") > _CHEAP)))["listing"]


_WEIGHT: Final = pl.col("parcel_weight_g")
_SHOWN: Final = (
    pl.len().alias("n"),
    _WEIGHT.median().alias("usual"),
    (_WEIGHT - _WEIGHT.median()).abs().median().alias("apart"),
    (pl.col("at").quantile(0.9) - pl.col("at").quantile(0.1)).alias("span"),
)
"""Of some parcels: how many, what they usually weigh, how far they lie from it, and over what time."""


def _alike() -> pl.Expr:
    return pl.col("apart") <= _ALIKE * pl.col("usual")
