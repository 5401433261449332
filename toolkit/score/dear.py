"""Dear goods at shared addresses (F11): what members have sent to addresses that join them is far dearer than usual.

Claims: the addresses are drops, to which goods are sent that can be sold on. Null: binomial over orders there, those
of one member thinned by how alike one person's are (`alike`), that are among the dearest tenth of their currency, at
twice that tenth or twice the members' own share elsewhere, whichever is more. Addresses count that two households of
the ring or more have things sent to, two of them at least, no shared places; where most members use one, the others
must join one member in five: a couple's wish list, or a firm, is one address. Its p-values are conservative: twice the
rate is allowed. Misses: drops of one address; cheap goods. Cost: the members' orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.judged import empty
from toolkit.ranges import among
from toolkit.score import identity
from toolkit.score.alike import counted
from toolkit.score.binomial import binomial

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

DEAR: Final = 0.1
"""Share of a currency's orders that count as dear."""
LEEWAY: Final = 2.0
"""People alike shop alike: dear orders may be twice as frequent before they say anything."""
PRIOR: Final = 10.0
"""Orders of prior weight with which the members' own share elsewhere is held near the market's."""


def judge(scope: Scope, hub: int) -> pl.DataFrame:
    """One row a candidate whose members share two addresses or more.

    Args:
        scope: Whom to ask about.
        hub: Accounts on one address beyond which it is a shared place.
    """
    if "address" not in scope.linked.tokens or not scope.market.has("orders", "amount", "address_id"):
        return empty()
    drops = identity.shared_addresses(scope, hub)
    if drops.height == 0:
        return empty()
    orders = _orders(scope)
    members = scope.candidates.members.select("candidate", "buyer").join(drops, on="candidate", how="semi")
    theirs = orders.filter(among(orders["buyer"], members["buyer"])).join(members, on="buyer")
    theirs = theirs.join(drops.with_columns(drop=pl.lit(value=True)), on=["candidate", "address"], how="left")
    there = theirs.filter("drop").with_columns(counted=counted(orders))
    off = theirs.filter(pl.col("drop").is_null()).group_by("candidate").agg(m=pl.len(), y=pl.col("end").sum())
    rings = there.group_by("candidate").agg(
        n=pl.col("counted").sum().floor(),
        share=(pl.col("counted") * pl.col("end")).sum() / pl.col("counted").sum(),
        orders=pl.len(),
        dear=pl.col("end").sum(),
        members=pl.col("buyer").n_unique(),
    )
    rings = rings.join(off, on="candidate", how="left").with_columns(pl.col("m", "y").fill_null(0)).sort("candidate")
    own = (pl.col("y") + PRIOR * DEAR) / (pl.col("m") + PRIOR)
    p0 = (LEEWAY * pl.max_horizontal(own, pl.lit(DEAR))).clip(upper_bound=0.95)
    rings = rings.with_columns(p0=p0, x=pl.col("n") * pl.col("share"))
    note = rings.select(pl.format("{} of {} orders of {} members", "dear", "orders", "members"))
    told = binomial(rings, "logistics", "f11_dear_goods", "orders")
    return told.with_columns(observed=rings["share"], note=note.to_series())


def rows(scope: Scope, keys: pl.DataFrame, hub: int) -> pl.DataFrame:
    """key, table, row: the members' dear orders to the addresses that they share.

    Args:
        scope: Members and orders.
        keys: key, candidate of what is told.
        hub: As in `judge`.
    """
    drops = identity.shared_addresses(scope, hub).join(keys, on="candidate")
    members = scope.candidates.members.select("candidate", "buyer")
    members = members.filter(among(members["candidate"], drops["candidate"]))
    orders = _orders(scope).filter("end")
    theirs = orders.filter(among(orders["buyer"], members["buyer"])).join(members, on="buyer")
    sent = theirs.join(drops, on=["candidate", "address"])
    return sent.select("key", "row", table=pl.lit("orders"))


def _orders(scope: Scope) -> pl.DataFrame:
    """buyer, address, row, end: whether an order is among the dearest tenth of its currency; undone ones too."""
    orders = scope.market.table("orders")
    dearest = pl.col("amount").quantile(1.0 - DEAR, "higher")
    if "currency" not in orders.columns:
        return orders.select("buyer", "address", "row", end=pl.col("amount") > dearest).drop_nulls()
    none = scope.market.size("currency")  # stands for orders without one
    currency = pl.col("currency").fill_null(none)
    limits = orders.select("amount", currency).group_by("currency").agg(dearest)
    every = pl.DataFrame({"currency": pl.int_range(none + 1, dtype=pl.UInt32, eager=True)})
    limit = every.join(limits, on="currency", how="left", maintain_order="left")["amount"]
    end = orders["amount"] > limit.gather(orders.select(currency)["currency"])
    return orders.select("buyer", "address", "row", end=end).drop_nulls()
