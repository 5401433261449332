"""Parcels: far lighter than the goods (S5), and tracking numbers that several strangers' orders share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.contracts.parcels import ENOUGH, for_less, wrong_catalogue_weights
from toolkit.findings.sales import SHARED_PLACES
from toolkit.findings.signal import Signal
from toolkit.ranges import among

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_MAD_TO_SIGMA = 1.4826


def light_parcels(sales: Sales, settings: FindingSettings) -> Signal:
    """Parcels far lighter than the catalogue says, than is usual, and than the listing's others (robust z of logs).

    Left out: goods that weigh next to nothing, samples, orders that share a tracking number with another order to the
    same address (one parcel, weighed once), and listings whose typical parcel is light (a wrong catalogue weight).
    """
    known = _weighed(sales, settings)
    if known.is_empty():
        return Signal("light_parcel", known["row"], known["row"])
    bound = math.log(settings.light_share)
    usual = known.filter(pl.col("ratio") >= bound)["ratio"]  # parcels that may hold the goods, however many do not
    far = 0.0
    if usual.len():
        middle = float(usual.median())  # type: ignore[arg-type]
        far = settings.light_z * _MAD_TO_SIGMA * float((usual - middle).abs().median())  # type: ignore[arg-type]
        bound = min(bound, middle - far)
    light = known.filter((pl.col("ratio") < bound) & ~pl.col("constant"))
    if usual.len():
        light = light.join(_own_floors(known, light, bound, far), on="listing", how="left", maintain_order="left")
        light = light.filter(pl.col("ratio") < pl.col("floor").fill_null(bound))
    return Signal("light_parcel", light["row"], known["row"])


def _own_floors(known: pl.DataFrame, light: pl.DataFrame, bound: float, far: float) -> pl.DataFrame:
    """listing, floor: the log ratio that is as far below the listing's own usual one, of listings with light parcels.

    Where enough of its parcels may hold the goods: a catalogue that is wrong by half puts a listing's parcels around
    the common bound, and chance some below it.
    """
    full = known.filter((pl.col("ratio") >= bound) & pl.col("listing").is_in(light["listing"].unique().implode()))
    usual = full.group_by("listing").agg(n=pl.len(), floor=pl.col("ratio").median() - far)
    return usual.filter(pl.col("n") >= ENOUGH).select("listing", "floor")


def _weighed(sales: Sales, settings: FindingSettings) -> pl.DataFrame:
    """row, listing, ratio (log of parcel over catalogue weight), constant: whether the catalogue weight looks wrong."""
    columns = ("row", "listing", "seller", "parcel_weight_g", "amount")
    orders = sales.orders.select(*columns, "tracking", "address", at="ordered_at")
    if not sales.has("listings", "catalogue_weight_g") or not sales.has("orders", "parcel_weight_g"):
        return orders.clear().with_columns(ratio=pl.lit(0.0), constant=pl.lit(value=False))
    weights = sales.market.table("listings").select("listing", "catalogue_weight_g", "price")
    heavy = weights.filter(pl.col("catalogue_weight_g") >= settings.heavy_enough_g)
    weighed = orders["parcel_weight_g"].is_not_null() & among(orders["listing"], heavy["listing"])
    known = _alone(orders.filter(weighed & ~_samples(sales))).select(*columns, "at")
    known = known.join(heavy, on="listing", maintain_order="left")
    ratio = (pl.col("parcel_weight_g").clip(lower_bound=1.0) / pl.col("catalogue_weight_g")).log()
    single = known.with_columns(for_less(priced=not known["price"].null_count()), ratio=ratio)
    constant = pl.col("listing").is_in(wrong_catalogue_weights(single, settings).implode())
    return single.select("row", "listing", "ratio", constant=constant)


def _alone(parcels: pl.DataFrame) -> pl.DataFrame:
    """Parcels that travel under a number of their own, or each of whose others goes to another address."""
    several = _several(parcels["tracking"])
    shared = parcels.filter(several)
    together = shared.filter(pl.len().over("tracking", "address") > 1)["row"]
    return parcels.filter(~(several & parcels["row"].is_in(together.implode())))


def _samples(sales: Sales) -> pl.Series:
    """Of each order whether a sampling programme paid for it."""
    codes = pl.Series([], dtype=pl.UInt32)
    if sales.has("vouchers", "kind"):
        vouchers = sales.market.table("vouchers")
        codes = vouchers.filter(pl.col("kind").cast(pl.String) == "sampling")["voucher"]
    return sales.orders.select(pl.col("voucher").is_in(codes.implode()).fill_null(value=False))["voucher"]


def reused_tracking(sales: Sales) -> Signal:
    """Orders under a tracking number that orders of other buyers to other addresses carry as well.

    Orders of one buyer or to one address that travel under one number are consolidated shipping, and so are orders to a
    locker, forwarder or office.
    """
    known = sales.orders.select("row", "tracking", "buyer", "address").drop_nulls("tracking")
    if sales.has("addresses", "kind"):
        kinds = sales.market.table("addresses").select("address", kind=pl.col("kind").cast(pl.String))
        hubs = kinds.filter(pl.col("kind").is_in(SHARED_PLACES))["address"]
        known = known.filter(~pl.col("address").is_in(hubs.implode()).fill_null(value=False))
    repeated = known.filter(_several(known["tracking"]))
    apart = (pl.col("buyer").n_unique() > 1) & (
        (pl.col("address").drop_nulls().n_unique() > 1) | (pl.col("address").count() == 0)
    )
    strangers = repeated.group_by("tracking").agg(apart=apart).filter(pl.col("apart")).select("tracking")
    return Signal("tracking_reused", repeated.join(strangers, on="tracking", how="semi")["row"], known["row"])


def _several(numbers: pl.Series) -> pl.Series:
    """Of each tracking number whether it is there more than once; false where there is none."""
    counts = np.bincount(numbers.drop_nulls().to_numpy(), minlength=1)
    return pl.Series(counts > 1).gather(numbers).fill_null(value=False)
