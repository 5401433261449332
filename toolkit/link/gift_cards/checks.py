"""What else speaks for or against a star: the time before (F1b), who issued the cards (F1c), lags (F1d), season."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.link.gift_cards.events import EMPLOYER, ISSUERS, by_group
from toolkit.link.gift_cards.expect import expectations
from toolkit.link.gift_cards.stars import hits
from toolkit.link.gift_cards.windows import DAY

if TYPE_CHECKING:
    from toolkit.contracts.gift_card_settings import GiftCardSettings
    from toolkit.link.gift_cards.events import Events
    from toolkit.link.gift_cards.expect import Hazard
    from toolkit.link.gift_cards.windows import Windows

_LN10 = float(np.log(10.0))
_GIFT_DAYS = 14.0  # days that the middle half of an employer's cards are redeemed in
_HABIT = 3  # cards before the reviews, or of bystanders, that are more than a coincidence
_ONE_HAND = 4.0  # -log10 p of an issuer that a platform's promotion would not have


def placebo(
    stars: pl.DataFrame,
    faces: pl.DataFrame,
    found: pl.DataFrame,
    windows: Windows,
    events: Events,
    hazard: Hazard,
    settings: GiftCardSettings,
) -> pl.DataFrame:
    """star, k_pre, expected_pre, placebo_surprise: the same count before the reviews (F1b).

    Given both counts, the later one is binomial with the share that it was expected to have; season and the edges of
    the data are in that share. Cards that a star explains are left out: members of a ring that work through several
    listings have cards before all reviews but the first.
    """
    before = windows.before.join(stars.select("anchor").unique(), on="anchor", how="semi", maintain_order="left")
    told = found.join(faces, on=["anchor", "group"], how="semi").select("event").unique()
    earlier = hits(before, events, closed="left").join(told, on="event", how="anti")
    seen = earlier.join(faces, on=["anchor", "group"]).group_by("star").agg(k_pre=pl.col("actor").n_unique())
    cells = faces.select("anchor", "group", k=pl.lit(0, dtype=pl.Int64)).unique().sort("anchor", "group")
    chance = expectations(cells, before, hazard, settings).select("anchor", "group", "expected")
    sums = faces.join(chance, on=["anchor", "group"]).group_by("star").agg(expected_pre=pl.col("expected").sum())
    out = stars.select("star", "k", "expected").join(sums, on="star", how="left", maintain_order="left")
    out = out.join(seen, on="star", how="left", maintain_order="left")
    out = out.with_columns(pl.col("k_pre").fill_null(0).cast(pl.Int64))
    return out.with_columns(placebo_surprise=_later(out)).drop("k", "expected")


def _later(counts: pl.DataFrame) -> pl.Series:
    from scipy import stats

    after, before = counts["k"].to_numpy(), counts["k_pre"].to_numpy()
    expected, earlier = counts["expected"].to_numpy(), counts["expected_pre"].to_numpy()
    share = expected / np.maximum(expected + earlier, 1e-12)
    return pl.Series(np.asarray(stats.binom.logsf(after - 1, after + before, share)) / -_LN10)


def issuers(stars: pl.DataFrame, cards: pl.DataFrame, events: Events) -> pl.DataFrame:
    """The most surprising issuer of each star (F1c), with the numbers behind it.

    Of the star's k cards x come from one purchaser, batch or purchase payment that issued n of the N cards of that
    group: P(Hypergeom(N, n, k) >= x), times the number of issuers among the cards. Where the star's own cards are a
    quarter of all cards of a face, all faces of the currency are the base: a face of its own would hide its issuer.

    Returns:
        star, issuer_kind, issuer (code), issuer_x, issuer_cards (n), issuer_base (N), issuer_surprise.
    """
    every = by_group(events.rows)
    sizes = every.group_by("group").agg(issuer_base=pl.len().cast(pl.Int64))
    pools = events.groups.filter(pl.col("face").is_null()).select("currency", "stratum", pool="group")
    drawn = cards.group_by("star").agg(drawn=pl.len().cast(pl.Int64))
    base = stars.select("star", "group", "currency", "stratum").join(drawn, on="star").join(sizes, on="group")
    base = base.join(pools, on=["currency", "stratum"])
    wide = pl.col("issuer_base") < 4 * pl.col("drawn")
    base = base.select("star", "drawn", group=pl.when(wide).then("pool").otherwise("group")).join(sizes, on="group")
    found = pl.concat([_by_kind(kind, cards, every, base) for kind in ISSUERS])
    order = ["star", "issuer_surprise", "issuer_kind", "issuer"]
    best = found.sort(order, descending=[False, True, False, False]).unique("star", keep="first", maintain_order=True)
    return stars.select("star").join(best, on="star", how="left", maintain_order="left")


def _by_kind(kind: str, cards: pl.DataFrame, every: pl.DataFrame, base: pl.DataFrame) -> pl.DataFrame:
    from scipy import stats

    held = cards.drop_nulls(kind).group_by("star", kind).agg(issuer_x=pl.len().cast(pl.Int64))
    known = every.join(held.select(kind).unique(), on=kind, how="semi")
    issued = known.group_by("group", kind).agg(issuer_cards=pl.len().cast(pl.Int64))
    table = held.join(base, on="star").join(issued, on=["group", kind])
    x, total, issuer, drawn = (table[name].to_numpy() for name in ("issuer_x", "issuer_base", "issuer_cards", "drawn"))
    tail = np.asarray(stats.hypergeom.logsf(x - 1, total, issuer, drawn)) / -_LN10
    tried = pl.len().over("star").log10()
    return table.with_columns(surprise=pl.Series(tail, dtype=pl.Float64)).select(
        "star",
        pl.lit(kind).alias("issuer_kind"),
        pl.col(kind).alias("issuer"),
        "issuer_x",
        "issuer_cards",
        "issuer_base",
        issuer_surprise=(pl.col("surprise") - tried).clip(0.0),
    )


def reach(events: Events, cards: pl.DataFrame) -> pl.DataFrame:
    """Who redeems the cards of each issuer: issuer_kind, issuer, issuer_buyers, issuer_starred, issuer_days.

    Nearly all who redeem a ring's cards turn up in stars; an employer's cards go to everybody in the same days, and
    only some of its people review what the star is about.
    """
    starred = pl.col("buyer").filter(pl.col("buyer").is_in(cards["buyer"].unique().implode())).n_unique()
    parts = [
        events.rows.join(cards.select(kind).drop_nulls().unique(), on=kind, how="semi")
        .group_by(kind)
        .agg(issuer_buyers=pl.col("buyer").n_unique(), issuer_starred=starred, issuer_days=_middle("at"))
        .rename({kind: "issuer"})
        .select(pl.lit(kind).alias("issuer_kind"), "issuer", "issuer_buyers", "issuer_starred", "issuer_days")
        for kind in ISSUERS
    ]
    return pl.concat(parts)


def set_aside() -> pl.Expr:
    """The innocent explanation that a star is put down to, or null.

    `employer`: the cards are an employer's; or most come from one issuer whose cards were all redeemed in the same few
    days, more than half of them by people of no star. `before`: at least half of what is beyond chance after the
    reviews is there before them as well. `purchase`: customers without a review redeem such cards at half the rate or
    more, and no purchaser stands out.
    """
    mine = 2 * pl.col("issuer_x") >= pl.col("k")
    elsewhere = 2 * pl.col("issuer_starred") < pl.col("issuer_buyers")
    gift_day = mine & elsewhere & (pl.col("issuer_days") <= _GIFT_DAYS)
    excess, earlier = pl.col("k") - pl.col("expected"), pl.col("k_pre") - pl.col("expected_pre")
    habit = (pl.col("k_pre") >= _HABIT) & (2 * earlier >= excess)
    return (
        pl.when((pl.col("stratum") == EMPLOYER) | gift_day.fill_null(value=False))
        .then(pl.lit("employer"))
        .when(habit)
        .then(pl.lit("before"))
        .when(_brought_by_purchase())
        .then(pl.lit("purchase"))
    )


def _brought_by_purchase() -> pl.Expr:
    beyond = pl.col("k_bystanders") - pl.col("expected_bystanders")
    as_often = 2 * beyond / pl.col("bystanders") >= (pl.col("k") - pl.col("expected")) / pl.col("reviewers")
    clear = (pl.col("k_bystanders") >= _HABIT) & (beyond >= 2 * pl.col("expected_bystanders").sqrt())
    one_hand = (pl.col("issuer_kind") != "batch") & (pl.col("issuer_surprise") >= _ONE_HAND)
    return (as_often & clear).fill_null(value=False) & ~one_hand.fill_null(value=False)


def lags(stars: pl.DataFrame, cards: pl.DataFrame, hazard: Hazard, events: Events) -> tuple[pl.DataFrame, pl.Series]:
    """star, lag quartiles in days, lag_surprise, season; and each card's place under the base law of lags (F1d).

    Under the base law a card is as likely at one moment of its window as the currency's cards are then; its place in
    that law is uniform, which Kolmogorov and Smirnov's exact test looks at. `season` is how many times more cards were
    redeemed per day during the windows than in the whole period.
    """
    from scipy import stats

    pools = events.rows.select("event", "pool")
    group = cards.join(pools, on="event", how="left", maintain_order="left")["pool"].to_numpy()
    start, at, end = (cards[name].to_numpy() for name in ("start", "at", "end"))
    until, _ = hazard.between(group, start, at)
    whole, _ = hazard.between(group, start, end)
    place = pl.Series("place", until / np.maximum(whole, 1e-300))
    everything, _ = hazard.between(group, np.full(at.size, hazard.first - 1), np.full(at.size, hazard.last))
    lasting = max(hazard.last - hazard.first, 1)
    inside = np.clip(np.minimum(end, hazard.last) - np.maximum(start, hazard.first), 1, None) / lasting
    rows = cards.select("star", "start", "at", lag=(pl.col("at") - pl.col("start")) / DAY).with_columns(
        place, rise=pl.Series(whole / everything), inside=pl.Series(inside)
    )
    rank, n = pl.col("place").rank("ordinal").over("star"), pl.len().over("star")
    gap = pl.max_horizontal(rank / n - pl.col("place"), pl.col("place") - (rank - 1) / n)
    table = (
        rows.with_columns(gap=gap)
        .group_by("star")
        .agg(
            lag_q1=pl.col("lag").quantile(0.25, "linear"),
            lag_median=pl.col("lag").median(),
            lag_q3=pl.col("lag").quantile(0.75, "linear"),
            review_days=_middle("start"),
            redeem_days=_middle("at"),
            season=pl.col("rise").sum() / pl.col("inside").sum(),
            gap=pl.col("gap").max(),
            n=pl.len(),
        )
        .sort("star")
    )
    tail = np.asarray(stats.kstwo.logsf(table["gap"].to_numpy(), table["n"].to_numpy())) / -_LN10
    out = table.with_columns(lag_surprise=pl.Series(tail)).drop("gap", "n")
    return stars.select("star").join(out, on="star", how="left", maintain_order="left"), place


def _middle(column: str) -> pl.Expr:
    """Days between the first and the third quartile of times."""
    return (pl.col(column).quantile(0.75, "linear") - pl.col(column).quantile(0.25, "linear")) / DAY
