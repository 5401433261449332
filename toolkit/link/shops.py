"""Shops as stars: a shop's orders carry marks beyond the market's and its own goods' rate, or its buyers share with it.

Null for marks: for each listing the larger of the market's rate and its own rate among orders without a subsidy, so
that digital or light goods, which are the same for everybody, make no star; shops differ beyond that (gamma-Poisson),
as what is bought on a whim in a livestream is cancelled more often. Refunds and minimum spends make none either: a bad
batch and a flash sale mark everybody. Misses: shops that virtual orders are spread thinly over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats

from toolkit.contracts.links import SHOP_MARKS, STAR_MEMBERS, STARS
from toolkit.contracts.marks import MARKS
from toolkit.link.in_order import packed
from toolkit.market import LINKED_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.config import LinkSettings
    from toolkit.market import Market

LEAST: Final = 4
"""Buyers that make a star."""
PRIOR: Final = 20.0
"""Orders of prior weight with which a listing's own rate is held near the market's."""
VARIATION: Final = 0.5
"""Coefficient of variation of shops' rates, in ways that no column shows."""
STARRED: Final = ("cancelled_after_subsidy", "light_parcel", "delivered_at_once", "reused_tracking", "paid_by_top_up")
SPEAKS: Final = 2.0
"""-log10 p, corrected for every shop and mark, from which a shop is a star."""


@dataclass(frozen=True)
class Shops:
    """Stars around shops.

    Attributes:
        stars: Schema STARS.
        members: Schema STAR_MEMBERS.
        marks: Schema SHOP_MARKS: every mark that speaks, of every star.
    """

    stars: pl.DataFrame
    members: pl.DataFrame
    marks: pl.DataFrame


NONE: Final = Shops(
    stars=pl.DataFrame(schema=STARS), members=pl.DataFrame(schema=STAR_MEMBERS), marks=pl.DataFrame(schema=SHOP_MARKS)
)
"""No shop stands out."""


def shops(market: Market, marks: pl.DataFrame, settings: LinkSettings, first: int) -> Shops:
    """Stars and their members, numbered from `first`."""
    marked = _marked(marks, first)
    linked = _linked(market, settings, first + marked.stars.height)
    return Shops(
        stars=pl.concat([marked.stars, linked.stars]),
        members=pl.concat([marked.members, linked.members]),
        marks=pl.concat([marked.marks, linked.marks]),
    )


def _typed(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    missing = [pl.lit(None).alias(c) for c in schema.names() if c not in frame.columns]
    return frame.with_columns(missing).select(schema.names()).cast(schema)


def _marked(marks: pl.DataFrame, first: int) -> Shops:
    """Shops whose orders carry marks; the members are the buyers of the orders that carry one."""
    there = [mark for mark in STARRED if mark in marks.columns]
    if not there or marks["seller"].null_count() == marks.height:
        return NONE
    tested = _tested(marks, there)
    speaking = tested.filter((pl.col("k") >= LEAST) & (pl.col("surprise") - np.log10(tested.height) >= SPEAKS))
    numbers = speaking.select("seller").unique().sort("seller").with_row_index("star", offset=first)
    speaking = speaking.join(numbers, on="seller").with_columns(surprise=pl.col("surprise") - np.log10(tested.height))
    hits = pl.concat(
        [marks.filter(mark).select("row", "buyer", "seller", "ordered_at", mark=pl.lit(mark)) for mark in there]
    )
    members = hits.join(speaking.select("star", "seller", "mark"), on=["seller", "mark"])
    best = speaking.sort("star", "surprise", "mark").unique("star", keep="last", maintain_order=True)
    described = best.with_columns(view=pl.lit("shop_marks"), observed=pl.col("k"), q_value=10.0 ** -pl.col("surprise"))
    return Shops(
        stars=_typed(described, STARS),
        members=_typed(
            members.select("star", "buyer", "row", at="ordered_at", table=pl.lit("orders")).unique(), STAR_MEMBERS
        ),
        marks=_typed(speaking.rename({"k": "observed"}), SHOP_MARKS),
    )


def _tested(marks: pl.DataFrame, there: Sequence[str]) -> pl.DataFrame:
    """seller, mark, family, k, expected, surprise of every shop that has orders which can show a mark."""
    plain = _unsubsidised(marks)
    goods = (
        marks.drop_nulls("seller")
        .group_by(packed("seller", "listing").alias("goods"))
        .agg(
            pl.col("seller").first(),
            *(pl.col(mark).count().alias(f"{mark}:n") for mark in there),
            *(pl.col(mark).sum().alias(f"{mark}:x") for mark in there),
            *((pl.col(mark).is_not_null() & plain).sum().alias(f"{mark}:plain_n") for mark in there),
            *((pl.col(mark) & plain).sum().alias(f"{mark}:plain_x") for mark in there),
        )
    )
    return pl.concat([_of_mark(marks, goods.sort("goods"), mark) for mark in there])


def _of_mark(marks: pl.DataFrame, goods: pl.DataFrame, mark: str) -> pl.DataFrame:
    """The shops tested for one mark; `goods` are counts by shop and listing."""
    counts = {name: pl.col(f"{mark}:{name}") for name in ("n", "x", "plain_n", "plain_x")}
    goods = goods.select("seller", **counts).filter(pl.col("n") > 0)
    rate = int(goods["x"].sum()) / max(int(goods["n"].sum()), 1)
    own = (pl.col("plain_x") + PRIOR * rate) / (pl.col("plain_n") + PRIOR)
    expected = goods.select("seller", expected=pl.col("n") * pl.max_horizontal(own, pl.lit(rate)))
    hits = marks.filter(mark).drop_nulls("seller").group_by("seller").agg(k=pl.col("buyer").n_unique())
    tested = (
        expected.group_by("seller").agg(pl.col("expected").sum()).join(hits, on="seller", how="left").sort("seller")
    )
    tested = tested.with_columns(pl.col("k").fill_null(0))
    shape, mean = VARIATION**-2, np.maximum(tested["expected"].to_numpy(), 1e-9)
    tail = -stats.nbinom.logsf(tested["k"].to_numpy() - 1.0, shape, shape / (shape + mean)) / np.log(10)
    named = tested.with_columns(mark=pl.lit(mark), family=pl.lit(MARKS[mark]), surprise=pl.Series(tail))
    return named.select("seller", "mark", "family", "k", "expected", "surprise")


def _unsubsidised(marks: pl.DataFrame) -> pl.Expr:
    return ~pl.col("subsidised") if "subsidised" in marks.columns else pl.lit(value=False)


def _linked(market: Market, settings: LinkSettings, first: int) -> Shops:
    """Shops of which several buyers share a rare attribute with the shop itself (S8)."""
    if not market.has("orders", "seller_id"):
        return NONE
    pairs = _shared(market, settings.hub)
    orders = market.table("orders").select("seller", "buyer", "row", at="ordered_at")
    orders = orders.filter(pl.col("seller").is_in(pairs["seller"].unique().implode()))
    bought = orders.join(pairs, on=["seller", "buyer"], how="semi")
    found = bought.group_by("seller").agg(k=pl.col("buyer").n_unique()).filter(pl.col("k") >= LEAST)
    sold = orders.join(found, on="seller", how="semi").group_by("seller").agg(n=pl.col("buyer").n_unique())
    found = found.join(sold, on="seller").join(pairs.group_by("seller").agg(linked=pl.len()), on="seller")
    if found.height == 0:
        return NONE
    found = found.sort("seller").with_row_index("star", offset=first)
    expected = found["linked"].to_numpy() * found["n"].to_numpy() / max(market.size("buyer"), 1)
    tail = -stats.poisson.logsf(found["k"].to_numpy() - 1.0, np.maximum(expected, 1e-9)) / np.log(10)
    owed = np.log10(max(pairs["seller"].n_unique(), 1))
    described = found.with_columns(
        view=pl.lit("shop_link"),
        family=pl.lit("identity"),
        mark=pl.lit("shares_with_shop"),
        observed=pl.col("k"),
        expected=pl.Series(expected),
        surprise=pl.Series(tail - owed),
    )
    members = found.select("star", "seller").join(bought, on="seller")
    return Shops(
        stars=_typed(described, STARS),
        members=_typed(members.with_columns(table=pl.lit("orders")), STAR_MEMBERS),
        marks=_typed(described, SHOP_MARKS),
    )


def _shared(market: Market, hub: int) -> pl.DataFrame:
    """seller, buyer: who was seen with one thing that no more than `hub` accounts were seen with."""
    parts = [pl.DataFrame(schema={"seller": pl.UInt32, "buyer": pl.UInt32})]
    for kind in LINKED_KINDS:
        ours = market.held("seller", kind).rename({"account": "seller"})
        theirs = market.held("buyer", kind).rename({"account": "buyer"}).join(ours, on="value", how="semi")
        holders = pl.concat([ours["value"], theirs["value"]]).value_counts(name="holders")
        rare = holders.filter(pl.col("holders") <= hub)
        both = ours.join(rare, on="value", how="semi").join(theirs, on="value")
        parts.append(both.select("seller", "buyer"))
    return pl.concat(parts).unique()
