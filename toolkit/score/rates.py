"""Marks on orders (F7): the ring's orders carry a mark far more often than the same shops' other orders do.

Claims: subsidised, refunded, too light, delivered at once, funded just before: each mark is common somewhere, so
the comparison is with other buyers of the same listings in the same weeks, held near the market's rate. Misses:
listings whose every order is of the ring, at a rate that the market has too. Its p-values are conservative: twice the
neighbours' rate is allowed, and asking in two ways is paid for. Cost: the orders of the listings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.contracts.judged import empty
from toolkit.contracts.marks import MARKS
from toolkit.score.binomial import binomial
from toolkit.score.neighbours import base
from toolkit.score.scope import numbered

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

PRIOR: Final = 10.0
"""Orders of prior weight with which a shop's rate is held near the market's."""
LEEWAY: Final = 2.0
"""A group may carry a mark twice as often as its neighbours before it says anything."""
OF_TWO: Final = ("far_below_price",)
"""Marks that count where they are on two listings at least: one listing's price may be wrong for everybody."""
REACH: Final = 0.4
"""Share of the members that such a mark must reach, as for all that pays for what a ring does."""
TWO: Final = 2
"""Such listings, and members with the mark on each, at least."""


def judge(scope: Scope) -> pl.DataFrame:
    """One row a candidate and mark that the data can show."""
    orders = scope.linked.marks
    marks = [name for name in MARKS if name in orders.columns]
    if scope.orders.height == 0 or orders.height == 0 or not marks:
        return empty()
    ours = scope.orders.select("candidate", "row").join(orders, on="row")
    shops = _shops(orders, ours, marks)
    others = base(scope, orders)
    keys = others.select("candidate", "listing").with_row_index("others")
    beside = ours.join(keys, on=["candidate", "listing"], how="left")
    keys = shops.select("candidate", "seller").with_row_index("shop")
    beside = beside.join(keys, on=["candidate", "seller"], how="left", nulls_equal=True)
    beside = beside.with_columns(member=numbered(pl.col("buyer"))).sort("member")  # sorted once, grouped for each mark
    parts = [
        _judged(_with_rates(beside, others, shops, name), name, family, rate)
        for name, family in MARKS.items()
        if name in marks and (rate := _rate(orders[name])) > 0
    ]
    parts.append(_habit(scope, orders))
    return pl.concat(parts)


def _with_rates(beside: pl.DataFrame, others: pl.DataFrame, shops: pl.DataFrame, name: str) -> pl.DataFrame:
    """The ring's orders with one mark and what neighbours and shops show of it; that of all marks would be large."""
    told = [others[f"{letter}_{name}"].gather(beside["others"]) for letter in "my"]
    told += [shops[f"{letter}_{name}"].gather(beside["shop"]) for letter in "nxab"]
    return beside.select("candidate", "listing", "buyer", "member", name).with_columns(told)


def _habit(scope: Scope, orders: pl.DataFrame) -> pl.DataFrame:
    """Refunds of members beyond the first of each, which may have made it a member, against twice the market's."""
    if "refunded" not in orders.columns:
        return empty()
    placed = np.bincount(orders["buyer"].to_numpy())
    asked = orders.filter("refunded")["buyer"].value_counts(name="r")
    each = asked.select("buyer", o=pl.Series(placed).gather(asked["buyer"]) - 1, r=pl.col("r").cast(pl.Int64) - 1)
    beyond = each.join(scope.candidates.members.select("candidate", "buyer"), on="buyer")
    rate = pl.lit(min(0.95, LEEWAY * _rate(orders["refunded"])))
    rings = beyond.group_by("candidate").agg(n=pl.col("o").sum(), x=pl.col("r").sum()).with_columns(p0=rate)
    return binomial(rings.filter(pl.col("n") > 0).sort("candidate"), "refund", "f7_refund_habit", "further orders")


def _rate(mark: pl.Series) -> float:
    """Share of the market's orders that carry the mark, of those that can tell."""
    known = mark.drop_nulls()
    return int(known.sum()) / len(known) if len(known) else 0.0


def _shops(orders: pl.DataFrame, ours: pl.DataFrame, marks: list[str]) -> pl.DataFrame:
    """candidate, seller, and of each mark what the orders of the shop show (n, x), and those of the ring (a, b)."""
    those = [pl.col(name).count().cast(pl.Int64).alias(f"a_{name}") for name in marks]
    those += [pl.col(name).sum().cast(pl.Int64).alias(f"b_{name}") for name in marks]
    taken = ours.group_by("candidate", "seller").agg(those)
    most = int(orders["seller"].max() or 0) + 1  # type: ignore[arg-type]
    seller = orders["seller"].fill_null(most)  # orders without a seller are one shop's
    whole = pl.Series(np.bincount(seller.to_numpy(), minlength=most + 1))
    shop = taken["seller"].fill_null(most)
    for name in marks:
        unknown, there = (
            pl.Series(np.bincount(seller.filter(rows).to_numpy(), minlength=most + 1))
            for rows in (orders[name].is_null(), orders[name])
        )
        n, x = (whole - unknown).gather(shop), there.gather(shop)
        taken = taken.with_columns(n.alias(f"n_{name}"), x.alias(f"x_{name}"))
    return taken


def _shop_rate(name: str, rate: float) -> pl.Expr:
    """How often the shop's orders of other buyers carry the mark, held near the market's rate.

    What a shop sells may all be digital, or light: where nobody else bought the ring's listing, its neighbours tell.
    """
    n, x, a, b = (pl.col(f"{letter}_{name}") for letter in "nxab")
    return (x - b + PRIOR * rate) / (n - a + PRIOR)


def _judged(beside: pl.DataFrame, name: str, family: str, rate: float) -> pl.DataFrame:
    """Members with the mark, against the rates of the listings that they ordered, each held near the market's.

    Asked twice, and paid for: how many members show it at all, given how many orders each placed; and how many orders
    show it, a member counting by the share of its orders (which spreads less than one order a member would).
    """
    known = _known(beside, name)
    prior = pl.max_horizontal(_shop_rate(name, rate).fill_null(rate), pl.lit(rate))
    p = LEEWAY * (pl.col(f"y_{name}").fill_null(0) + PRIOR * prior) / (pl.col(f"m_{name}").fill_null(0) + PRIOR)
    known = known.select(name, "member", p=p.clip(upper_bound=0.95))
    per_buyer = known.group_by("member", maintain_order=True).agg(
        any=pl.col(name).any().cast(pl.Float64),
        share=pl.col(name).mean(),
        share_p=pl.col("p").mean(),
        orders=pl.len().cast(pl.Int64),
    )
    first = (per_buyer["orders"].cum_sum() - per_buyer["orders"]).to_numpy()  # a product a group takes Polars ten times
    none = np.multiply.reduceat(1.0 - known["p"].to_numpy(), first)
    per_buyer = per_buyer.with_columns(
        any_p=pl.Series(1.0 - none), candidate=(pl.col("member") // (1 << 32)).cast(pl.UInt32)
    )
    asked = [
        binomial(_ring(per_buyer, x), family, f"f7_{name}", trials)
        for x, trials in (("any", "members"), ("share", "members, each by the share of its orders,"))
    ]
    ways = pl.concat([frame.with_columns(way=pl.lit(way)) for way, frame in enumerate(asked)])
    # Of two that say the same, the plainer one; the last bits of a sum are of the order in which it was added up.
    said = ways.with_columns(said=pl.col("surprise").round_sig_figs(9))
    best = said.sort("candidate", "said", "way", descending=[False, False, True])
    best = best.unique("candidate", keep="last", maintain_order=True).drop("way", "said")
    return best.with_columns(pl.col("surprise") - np.log10(len(asked)))


def _known(ours: pl.DataFrame, name: str) -> pl.DataFrame:
    """The ring's orders that can tell; of what may happen to listings, only what is the ring's own is there.

    Whoever sees one price that is wrong may tell everybody: of two such listings, the same accounts came to both. A
    sale that is public is one to which others come, as many as members. And a few at a clearance sale are not what a
    ring does: two members in five must have come.
    """
    known = ours.filter(pl.col(name).is_not_null())
    if name not in OF_TWO:
        return known
    keys = ["candidate", "listing"]
    there = known.filter(name).group_by(keys).agg(n=pl.col("buyer").n_unique(), y=pl.col(f"y_{name}").first())
    own = there.filter((pl.col("n") >= TWO) & (pl.col("n") > pl.col("y").fill_null(0)))
    own = own.filter(pl.len().over("candidate") >= TWO).select(*keys, own=pl.lit(value=True))
    known = known.join(own, on=keys, how="left", maintain_order="left")
    known = known.with_columns(pl.col(name) & pl.col("own").fill_null(value=False))
    came = pl.col("buyer").filter(name).n_unique() >= REACH * pl.col("buyer").n_unique()
    return known.with_columns(pl.col(name) & came.over("candidate"))


def _ring(per_buyer: pl.DataFrame, column: str) -> pl.DataFrame:
    """candidate, n, x, p0 of one way of counting."""
    ring = per_buyer.group_by("candidate").agg(n=pl.len(), x=pl.col(column).sum(), p0=pl.col(f"{column}_p").mean())
    return ring.sort("candidate")
