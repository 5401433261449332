"""Rules of one line, and how far each of them gets: the audit that keeps the simulator hard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import rankdata

from toolkit.copies import alike, bare, folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.simulate.tables import Marketplace

CUTS = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40)


@dataclass(frozen=True)
class Cut:
    """What a rule gets at one cut: groups raised, of these right, and planted rings of level 1 and above found."""

    groups: int
    right: int
    planted: int
    found: int

    def __add__(self, other: Cut) -> Cut:
        return Cut(
            self.groups + other.groups,
            self.right + other.right,
            self.planted + other.planted,
            self.found + other.found,
        )

    @property
    def precision(self) -> float:
        return self.right / self.groups if self.groups else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.planted


def judge(groups: pl.DataFrame, truth: dict[str, pl.DataFrame]) -> dict[int, Cut]:
    """Raise every group (`g`, `buyer_id`) of at least so many buyers, for each cut."""
    one = groups.select("g", "buyer_id").unique()
    members = truth["members"]
    guilty = members.select("buyer_id").unique().with_columns(guilty=1)
    sizes = one.join(guilty, on="buyer_id", how="left").group_by("g").agg(n=pl.len(), k=pl.col("guilty").sum())
    rings = members.group_by("ring_id").agg(r=pl.len()).join(truth["rings"].filter(pl.col("level") >= 1), on="ring_id")
    shared = one.join(members, on="buyer_id").group_by("g", "ring_id").agg(both=pl.len())
    hits = shared.join(rings, on="ring_id").join(sizes, on="g")
    hits = hits.filter((2 * pl.col("both") >= pl.col("r")) & (2 * pl.col("both") >= pl.col("n")))
    told = {}
    for cut in CUTS:
        raised = sizes.filter(pl.col("n") >= cut)
        right = raised.filter(2 * pl.col("k") >= pl.col("n")).height
        found = hits.filter(pl.col("n") >= cut)["ring_id"].n_unique()
        told[cut] = Cut(raised.height, right, rings.height, found)
    return told


def by(frame: pl.DataFrame, *columns: str | pl.Expr) -> pl.DataFrame:
    """Buyers grouped by the columns, rows without a value left out."""
    keys = [(pl.col(column) if isinstance(column, str) else column).cast(pl.String) for column in columns]
    grouped = frame.select("buyer_id", g=pl.concat_str(keys, separator="|", ignore_nulls=False))
    return grouped.drop_nulls()


def week(column: str) -> pl.Expr:
    return pl.col(column).dt.truncate("1w")


def order_rules(market: Marketplace) -> Iterator[tuple[str, pl.DataFrame]]:
    orders = market.tables["orders"].join(
        market.tables["listings"].select("listing_id", "catalogue_weight_g"), on="listing_id"
    )
    for column in ("listing_id", "seller_id", "campaign_id", "voucher_id", "address_id", "device_id", "payment_id"):
        yield column, by(orders, column)
    for column in ("refund_payment_id", "tracking_id"):
        yield column, by(orders, column)
    yield "listing and week", by(orders, "listing_id", week("ordered_at"))
    yield "seller and campaign", by(orders, "seller_id", "campaign_id")
    yield (
        "refund to another instrument",
        by(orders.filter(pl.col("refund_payment_id") != pl.col("payment_id")), "refund_payment_id"),
    )
    yield "refund reason and day", by(orders, "refund_reason", pl.col("refunded_at").dt.date())
    light = pl.col("parcel_weight_g") < 0.3 * pl.col("catalogue_weight_g")
    yield "light parcels of a seller", by(orders.filter(light), "seller_id")
    quick = pl.col("delivered_at") - pl.col("ordered_at") < pl.duration(hours=4)
    yield "instant deliveries of a seller", by(orders.filter(quick), "seller_id")
    late = pl.col("cancelled_at") - pl.col("ordered_at") > pl.duration(hours=24)
    yield "late cancellations of a seller", by(orders.filter(late), "seller_id")
    often = orders.group_by("buyer_id", "seller_id").len().filter(pl.col("len") >= 3)
    yield "repeat buyers of a seller", by(often, "seller_id")


def other_rules(market: Marketplace) -> Iterator[tuple[str, pl.DataFrame]]:
    tables = market.tables
    reviews = tables["reviews"].join(tables["listings"].select("listing_id", "seller_id"), on="listing_id")
    yield "reviewers of a listing", by(reviews, "listing_id")
    yield "reviewers of a listing in a week", by(reviews, "listing_id", week("reviewed_at"))
    yield "five stars of a listing", by(reviews.filter(pl.col("rating") == 5), "listing_id")
    yield "reviewers of a seller", by(reviews, "seller_id")
    yield "same review", by(reviews, "text")
    yield "same review of a seller", by(reviews, "text", "seller_id")
    written = reviews.drop_nulls("text").with_columns(folded=bare(folded(pl.col("text"))))
    yield "nearly the same review", by(written.with_columns(group=pl.Series(alike(written["folded"], 0.65))), "group")
    long = pl.col("text").str.len_chars() >= 60
    yield "same long review", by(reviews.filter(long), "text")
    yield "same message", by(tables["messages"].with_columns(pl.col("text").str.replace_all(r"\d+", "")), "text")
    cards = tables["redemptions"].join(tables["gift_cards"], on="card_id")
    yield "purchaser of cards", by(cards, "purchaser_id")
    yield "purchaser and face", by(cards, "purchaser_id", "face_value")
    yield "source of transfers", by(tables["transfers"], "source_id")
    shops = tables["sellers"]["seller_id"].implode()
    yield "paid by a seller", by(tables["transfers"].filter(pl.col("source_id").is_in(shops)), "source_id")
    links = tables["account_links"].with_columns(pl.col("attribute_kind", "account_kind").cast(pl.String))
    buyers = links.filter(pl.col("account_kind") == "buyer").rename({"account_id": "buyer_id"})
    for kind in ("phone", "ip", "email", "bank", "device"):
        yield kind, by(buyers.filter(pl.col("attribute_kind") == kind), "attribute_id")
    sellers = links.filter(pl.col("account_kind") == "seller").select(
        "attribute_kind", "attribute_id", shop="account_id"
    )
    yield "attribute of a seller", by(buyers.join(sellers, on=["attribute_kind", "attribute_id"]), "shop")
    yield "looks at a listing", by(tables["clicks"], "listing_id")
    again = tables["clicks"].group_by("buyer_id", "listing_id").len().filter(pl.col("len") >= 4)
    yield "many looks at a listing", by(again, "listing_id")
    yield "week of joining", by(tables["buyers"], week("created_at"))


def rules(market: Marketplace) -> dict[str, pl.DataFrame]:
    """Every rule: its name, and the groups that it makes."""
    return {**dict(order_rules(market)), **dict(other_rules(market))}


def components(market: Marketplace, most: int) -> pl.DataFrame:
    """Components over shared addresses, cards and devices of at most `most` buyers each."""
    orders = market.tables["orders"]
    pairs = [by(orders, pl.lit(name), f"{name}_id").unique() for name in ("address", "payment", "device")]
    shared = pl.concat(pairs).filter(pl.len().over("g").is_between(2, most))
    buyer = shared["buyer_id"].rank("dense").to_numpy().astype(np.int64) - 1
    value = shared["g"].rank("dense").to_numpy().astype(np.int64) + buyer.max()
    size = int(value.max()) + 1
    _, label = connected_components(
        coo_array((np.ones(len(buyer)), (buyer, value)), shape=(size, size)), directed=False
    )
    return shared.select("buyer_id", g=pl.Series(label[buyer])).unique()


def member_auc(market: Marketplace, score: pl.DataFrame) -> float:
    """How well a number per buyer (`buyer_id`, `x`) tells members from others; 0.5 is chance, either way round."""
    guilty = market.truth["members"].select("buyer_id").unique().with_columns(guilty=pl.lit(1))
    table = market.tables["buyers"].join(score, on="buyer_id", how="left").join(guilty, on="buyer_id", how="left")
    ranks = rankdata(table["x"].fill_null(0).to_numpy())
    inside = table["guilty"].is_not_null().to_numpy()
    n, m = int(inside.sum()), int((~inside).sum())
    area = (ranks[inside].sum() - n * (n + 1) / 2) / (n * m)
    return float(max(area, 1 - area))
