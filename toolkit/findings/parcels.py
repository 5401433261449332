"""Parcels: far lighter than the goods (S5), and tracking numbers that several strangers' orders share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.parcels import ENOUGH, for_less, wrong_catalogue_weights
from toolkit.findings.signal import Signal

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
    if usual.len():
        middle = float(usual.median())  # type: ignore[arg-type]
        spread = _MAD_TO_SIGMA * float((usual - middle).abs().median())  # type: ignore[arg-type]
        bound = min(bound, middle - settings.light_z * spread)
        known = known.with_columns(floor=_own_floor(bound, settings.light_z * spread))
    else:
        known = known.with_columns(floor=pl.lit(bound))
    light = known.filter((pl.col("ratio") < pl.min_horizontal(pl.lit(bound), "floor")) & ~pl.col("constant"))
    return Signal("light_parcel", light["row"], known["row"])


def _own_floor(bound: float, far: float) -> pl.Expr:
    """The log ratio that is as far below the listing's own usual one, where enough of its parcels may hold the goods.

    A catalogue that is wrong by half puts a listing's parcels around the common bound, and chance some below it.
    """
    full = pl.col("ratio").filter(pl.col("ratio") >= bound)
    return pl.when(full.len().over("listing") >= ENOUGH).then(full.median().over("listing") - far).otherwise(bound)


def _weighed(sales: Sales, settings: FindingSettings) -> pl.DataFrame:
    """row, ratio (log of parcel over catalogue weight), constant: whether the catalogue weight looks wrong."""
    columns = ("row", "listing", "seller", "voucher", "tracking", "address", "parcel_weight_g", "amount")
    orders = sales.orders.select(*columns, at="ordered_at")
    if not sales.has("listings", "catalogue_weight_g") or not sales.has("orders", "parcel_weight_g"):
        return orders.clear().with_columns(ratio=pl.lit(0.0), constant=pl.lit(value=False))
    weights = sales.market.table("listings").select("listing", "catalogue_weight_g", "price")
    heavy = weights.filter(pl.col("catalogue_weight_g") >= settings.heavy_enough_g)
    known = _without_samples(orders, sales).join(heavy, on="listing").filter(pl.col("parcel_weight_g").is_not_null())
    together = known.filter(pl.col("tracking").is_not_null()).filter(pl.len().over("tracking", "address") > 1)
    ratio = (pl.col("parcel_weight_g").clip(lower_bound=1.0) / pl.col("catalogue_weight_g")).log()
    single = known.join(together.select("row"), on="row", how="anti").with_columns(for_less(), ratio=ratio)
    return single.with_columns(constant=pl.col("listing").is_in(wrong_catalogue_weights(single, settings).implode()))


def _without_samples(orders: pl.DataFrame, sales: Sales) -> pl.DataFrame:
    if not sales.has("vouchers", "kind"):
        return orders
    vouchers = sales.market.table("vouchers")
    samples = vouchers.filter(pl.col("kind").cast(pl.String) == "sampling").select("voucher")
    return orders.join(samples, on="voucher", how="anti")


def reused_tracking(sales: Sales) -> Signal:
    """Orders under a tracking number that orders of other buyers to other addresses carry as well.

    Orders of one buyer or to one address that travel under one number are consolidated shipping, and so are orders to a
    locker, forwarder or office.
    """
    known = sales.orders.select("row", "tracking", "buyer", "address").drop_nulls("tracking")
    if sales.has("addresses", "kind"):
        kinds = sales.market.table("addresses").select("address", kind=pl.col("kind").cast(pl.String))
        hubs = kinds.filter(pl.col("kind").is_in(["locker", "forwarder", "office", "dormitory"])).select("address")
        known = known.join(hubs, on="address", how="anti")
    repeated = known.filter(pl.col("tracking").is_duplicated())
    apart = (pl.col("buyer").n_unique() > 1) & (
        (pl.col("address").drop_nulls().n_unique() > 1) | (pl.col("address").count() == 0)
    )
    strangers = repeated.group_by("tracking").agg(apart=apart).filter(pl.col("apart")).select("tracking")
    return Signal("tracking_reused", repeated.join(strangers, on="tracking", how="semi")["row"], known["row"])
