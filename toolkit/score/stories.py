"""One story (F7): members give one and the same reason for refunds at several shops.

Claims: the refunds were claimed to order, with the reason that works. Null: binomial over refunds at shops, at twice
the mean of what others give that reason: in the region, in those weeks, for such goods, or at that shop, whichever is
most, so that a strike of carriers, goods that often do not fit, and shops that do not send are expected. Left out: what
was cancelled, since it is paid back whatever is told; the shop where the reason is given most, since a batch may be
bad; a second refund at one shop; and refunds in a burst of one story that the group holds, since members were chosen
by it. Refunds of one household are thinned by how alike those are in the market. The first refund gives the reason,
and every reason that members gave is paid for. Two in five members must have given it. Its p-values are conservative:
twice the rate is allowed. Misses: rings of one shop, and rings that vary their story. Cost: the refunds with a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.config import DAY
from toolkit.contracts.judged import empty
from toolkit.ranges import among
from toolkit.score.binomial import binomial
from toolkit.score.scope import holdings

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

PRIOR: Final = 10.0
"""Refunds of prior weight with which what a shop's buyers say is held near what everybody says."""
LEEWAY: Final = 2.0
"""People alike shop alike, and return alike."""
REACH: Final = 0.4
"""Share of the members that must have told the story, as for all that pays for what a ring does."""
WEEKS: Final = 14 * DAY
MOST: Final = 0.95
"""Chance that is allowed for, at most."""
UNKNOWN: Final = 1 << 31
"""Stands for the category of goods without one."""
AMONG: Final = ("region", "weeks", "goods", "seller")
"""Among whom others are asked for their reasons."""


def judge(scope: Scope) -> pl.DataFrame:
    """One row a candidate of which enough members tell one story, at more shops than one."""
    if not scope.orders.height or not scope.market.has("orders", "refund_reason", "refunded_at", "seller_id"):
        return empty()
    every = _refunds(scope)
    ours = _told(scope, every)
    counted = ours.filter("counts")
    if not counted.height:
        return empty()
    alike = _alike(every)
    weight = 1.0 / (1.0 + (pl.len().over("candidate", "home") - 1.0) * alike)
    rates = pl.max_horizontal([_rate(counted, every, ours, name) for name in AMONG])
    rings = counted.with_columns(weight=weight, rate=rates).group_by("candidate")
    asked = rings.agg(
        n=pl.col("weight").sum().floor() - 1.0,
        share=(pl.col("weight") * pl.col("hit")).sum() / pl.col("weight").sum(),
        refunds=pl.len(),
        same=pl.col("hit").sum(),
        shops=pl.col("seller").filter("hit").n_unique(),
        p0=(LEEWAY * pl.col("rate").mean()).clip(upper_bound=MOST),
        reasons=pl.col("reasons").first(),
    )
    asked = asked.filter((pl.col("n") > 0) & (pl.col("same") > 0)).sort("candidate")
    asked = asked.with_columns(x=((pl.col("n") + 1.0) * pl.col("share") - 1.0).clip(0.0))
    noun = pl.when(pl.col("shops") == 1).then(pl.lit("shop")).otherwise(pl.lit("shops"))
    note = asked.select(pl.format("{} of {} refunds at {} {}", "same", "refunds", "shops", noun)).to_series()
    told = binomial(asked, "refund", "f7_one_story", "refunds")
    return told.with_columns(pl.col("surprise") - asked["reasons"].log10(), observed=asked["share"], note=note)


def rows(scope: Scope, keys: pl.DataFrame) -> pl.DataFrame:
    """key, table, row: the refunds of which members tell the story.

    Args:
        scope: Members and orders.
        keys: key, candidate of what is told.
    """
    ours = _told(scope, _refunds(scope)).filter("hit")
    return ours.join(keys, on="candidate").select("key", "row", table=pl.lit("orders"))


def _refunds(scope: Scope) -> pl.DataFrame:
    """row, buyer, home, seller, ordered_at, reason of refunds, and those among whom others are asked (`AMONG`)."""
    back = scope.market.sent_back().drop_nulls(["refund_reason", "seller"])
    told = back.select("row", "buyer", "seller", "listing", "ordered_at", "refunded_at", reason="refund_reason")
    home, region = (pl.Series(codes)[told["buyer"]] for codes in (scope.linked.household, scope.linked.region))
    told = told.with_columns(home=home, region=region)
    weeks = pl.col("region").cast(pl.UInt64) * (1 << 32) + (pl.col("ordered_at") // WEEKS).cast(pl.UInt64)
    told = told.with_columns(weeks=weeks)
    if not scope.market.has("listings", "category_id"):
        return told.with_columns(goods=pl.lit(0, pl.UInt32))
    goods = scope.market.table("listings").select("listing", goods="category").unique("listing")
    told = told.join(goods, on="listing", how="left", maintain_order="left")
    return told.with_columns(pl.col("goods").fill_null(UNKNOWN))


def _told(scope: Scope, every: pl.DataFrame) -> pl.DataFrame:
    """candidate, and the columns of refunds, of members while the ring acts, where enough of them tell one story.

    With `story` (the reason that most give beside the shop where most do), whether a refund tells it (`hit`), whether
    it counts, and how many `reasons` there are.
    """
    members = scope.candidates.members.select("candidate", "buyer")
    at = pl.col("ordered_at")
    spans = scope.orders.group_by("candidate").agg(start=at.min(), end=at.max())
    ours = every.filter(among(every["buyer"], members["buyer"])).join(members, on="buyer").join(spans, on="candidate")
    ours = ours.filter(at.is_between("start", "end")).sort("candidate", "ordered_at", "row")
    once = pl.struct("candidate", "home", "seller").is_first_distinct()
    ours = ours.join(_joined(scope), on=["candidate", "row"], how="left", maintain_order="left")
    ours = ours.with_columns(counts=once & pl.col("joined").is_null())
    shops = ours.filter("counts").group_by("candidate", "reason", "seller").len("here")
    shops = shops.sort("candidate", "reason", "here", "seller")
    stories = shops.group_by("candidate", "reason", maintain_order=True).agg(
        beside=pl.col("here").sum() - pl.col("here").last(), most=pl.col("seller").last()
    )
    story = (
        stories.sort("candidate", "beside", "reason")
        .group_by("candidate", maintain_order=True)
        .agg(pl.col("most").last(), story=pl.col("reason").last(), reasons=pl.len())
    )
    ours = ours.join(story, on="candidate").with_columns(hit=pl.col("reason") == pl.col("story"))
    ours = ours.with_columns(pl.col("counts") & (pl.col("seller") != pl.col("most")))
    told = ours.filter("hit").group_by("candidate").agg(tellers=pl.col("buyer").n_unique())
    sizes = members.group_by("candidate").agg(size=pl.len())
    enough = told.join(sizes, on="candidate").filter(pl.col("tellers") >= REACH * pl.col("size"))
    return ours.join(enough.select("candidate"), on="candidate", how="semi", maintain_order="left")


def _joined(scope: Scope) -> pl.DataFrame:
    """candidate, row, joined: refunds of members in a burst of one story that the candidate holds."""
    kind = scope.linked.tokens.get("refund_story")
    held = scope.candidates.values.filter(pl.col("kind") == "refund_story")
    if kind is None or not held.height:
        return pl.DataFrame(schema={"candidate": pl.UInt32, "row": pl.UInt32, "joined": pl.Boolean})
    hits = holdings(scope, kind, held.select("candidate", "token", "start", "end"))
    return hits.select("candidate", "row").unique().with_columns(joined=pl.lit(value=True))


def _rate(counted: pl.DataFrame, every: pl.DataFrame, ours: pl.DataFrame, name: str) -> pl.Series:
    """Of each refund that counts, how often others there give the story as their reason, held near the market's."""
    whole, same = every.group_by(name).len("m"), every.group_by(name, story="reason").len("y")
    own = ours.group_by("candidate", name).agg(own=pl.len(), own_same=pl.col("hit").sum())
    market = every.group_by(story="reason").agg(market=pl.len() / every.height)
    cells = counted.select("candidate", name, "story").join(whole, on=name, how="left", maintain_order="left")
    cells = cells.join(same, on=[name, "story"], how="left", maintain_order="left")
    cells = cells.join(own, on=["candidate", name], how="left", maintain_order="left")
    cells = cells.join(market, on="story", how="left", maintain_order="left").fill_null(0)
    others = (pl.col("y") - pl.col("own_same") + PRIOR * pl.col("market")) / (pl.col("m") - pl.col("own") + PRIOR)
    return cells.select(others.alias(name)).to_series()


def _alike(every: pl.DataFrame) -> float:
    """Correlation of the reasons of two refunds of one household: 0 to 1."""
    each = every.group_by("home", "reason").len("c").with_columns(m=pl.col("c").sum().over("home"))
    each = each.filter(pl.col("m") > 1)
    by_chance = float((every["reason"].value_counts(normalize=True)["proportion"] ** 2).sum())
    if not each.height or by_chance >= 1.0:
        return 1.0
    c, m = pl.col("c").cast(pl.Float64), pl.col("m")
    same = float(each.select((c * (c - 1.0) / (m - 1.0)).sum() / c.sum()).item())
    return min(1.0, max(0.0, (same - by_chance) / (1.0 - by_chance)))
