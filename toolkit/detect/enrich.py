"""Which values a group holds more often than chance would have it (F3b, F4), with the group's own window on each.

Null: members act as often as they do, on what the whole market acts on in the same window. The window is the shortest
that holds four fifths of the group's acts, widened by a quarter; choosing it is paid for by the number of windows that
there could have been. Every value that a member of any candidate holds is a test, and is paid for (Bonferroni).
Households count once.

Its p-values are conservative for groups drawn by lot, since fewer than two or three members on a value count as none
and most windows that are paid for overlap. They take activity as steady: of accounts that all came in one quarter,
values with p below 1e-4 are about three times as common (docs/detection.md has the table).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats

from toolkit.config import DAY
from toolkit.detect import apart
from toolkit.ranges import bisected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from toolkit.contracts.tokens import TokenKind
    from toolkit.ports import Compute

VALUES: Final = pl.Schema(
    {
        "candidate": pl.UInt32,
        "kind": pl.String,
        "token": pl.UInt32,
        "k": pl.UInt32,
        "n": pl.UInt32,
        "holders": pl.Int64,
        "expected": pl.Float64,
        "surprise": pl.Float64,
        "raw": pl.Float64,
        "start": pl.Int64,
        "end": pl.Int64,
    }
)

SHARED_BY_MANY: Final = ("listing_ordered", "listing_reviewed", "listing_clicked", "seller_ordered", "created_on")
"""Kinds whose values are a ring's only where a fair share of its members holds them."""

AROUND: Final = 20.0
"""Acts of prior weight with which what others do where a group acts is held near what the market does."""

LONGEST: Final = 150 * DAY
"""A ring works one thing for three months at most, and its window is widened by a half: what takes longer is habit."""


def activity(kind: TokenKind, n_buyers: int) -> NDArray[np.float64]:
    """How much more than the mean each buyer acts in this kind; one act of prior weight holds it near 1.

    Where the kind counts its acts, they are that: its chances are by the act.
    """
    if kind.acts is not None:
        return kind.acts
    if not kind.timed:
        return np.broadcast_to(np.float64(1.0), (n_buyers,))
    acts = np.bincount(kind.frame["buyer"].to_numpy(), minlength=n_buyers).astype(np.float64)
    mean = acts.mean()
    return np.asarray((acts + 1.0) / (mean + 1.0))


def values(
    members: pl.DataFrame,
    compute: Compute,
    tokens: Mapping[str, TokenKind],
    household: NDArray[np.uint32],
    region: NDArray[np.uint32],
    activities: Mapping[str, NDArray[np.float64]],
    *,
    least_surprise: float,
    least_share: float,
    error_share: float = 1.0,
) -> pl.DataFrame:
    """The values that each candidate holds beyond chance, one row a candidate and value (schema VALUES).

    `error_share` is the share of the chance of a false alarm that these candidates may use up.
    """
    homes = (
        members.select("candidate", "buyer")
        .sort("candidate", "buyer")
        .with_columns(home=pl.Series(household[members["buyer"].to_numpy()], dtype=pl.UInt32))
    )
    sizes = homes.group_by("candidate").agg(n=pl.col("home").n_unique())
    sizes = sizes.join(populations(members, region), on="candidate")
    parts = [_of_kind(kind, compute, homes, household, sizes, activities[name]) for name, kind in tokens.items()]
    found = pl.concat(parts) if parts else pl.DataFrame(schema=VALUES)
    crowd = pl.col("kind").is_in(SHARED_BY_MANY) & (pl.col("k") < least_share * pl.col("n"))
    found = found.with_columns(pl.col("surprise") + np.log10(error_share))
    return found.filter((pl.col("surprise") >= least_surprise) & ~crowd).sort("candidate", "kind", "token")


def _of_kind(
    kind: TokenKind,
    compute: Compute,
    homes: pl.DataFrame,
    household: NDArray[np.uint32],
    sizes: pl.DataFrame,
    active: NDArray[np.float64],
) -> pl.DataFrame:
    """Counts, windows and tails of one kind."""
    frame = kind.frame
    members = homes.select("home", group="candidate", actor="buyer")
    value = frame["token"].rle_id().to_numpy()
    found, rows, tests = compute.common(members, frame["buyer"].to_numpy(), value, kind.least)
    held = frame.select("token", "buyer", "at")[rows].with_columns(candidate=pl.Series(found, dtype=pl.UInt32))
    held = held.with_columns(home=pl.Series(household[held["buyer"].to_numpy()], dtype=pl.UInt32))
    held = held.sort("candidate", "token", "at", "buyer")
    if kind.timed:
        held = _inside(held)
    if kind.places is not None:
        held = apart.counting(held, kind.places)
    lean = homes.with_columns(active=pl.Series(active[homes["buyer"].to_numpy()]))
    sizes = sizes.join(lean.group_by("candidate").agg(active=pl.col("active").sum() / pl.len()), on="candidate")
    ends = (pl.col("at").min(), pl.col("at").max())
    if kind.timed:
        ends = (pl.col("start").first(), pl.col("end").first())
    counted = held.group_by("candidate", "token", maintain_order=True).agg(
        k=pl.col("home").n_unique(), start=ends[0], end=ends[1]
    )
    counted = counted.filter(pl.col("k") >= kind.least).join(sizes, on="candidate", maintain_order="left")
    if kind.timed:
        counted = counted.filter(pl.col("end") - pl.col("start") <= LONGEST)
    if kind.places is not None:
        counted = apart.nearby(counted, homes, kind.places)
    tails = _tails(kind, counted)
    return tails.with_columns(raw=pl.col("surprise"), surprise=pl.col("surprise") - np.log10(max(tests, 1))).select(
        VALUES.names()
    )


def populations(members: pl.DataFrame, region: NDArray[np.uint32]) -> pl.DataFrame:
    """candidate, population: how many buyers each candidate could have been drawn from.

    The buyers of the region that most members are of, over the share of the members that are.
    """
    homes = np.bincount(region)
    placed = members.select("candidate", region=pl.Series(region[members["buyer"].to_numpy()]))
    counts = placed.group_by("candidate", "region").agg(n=pl.len()).sort("candidate", "n", "region")
    most = counts.with_columns(share=pl.col("n") / pl.col("n").sum().over("candidate"))
    most = most.unique("candidate", keep="last", maintain_order=True)
    there = pl.Series(homes[most["region"].to_numpy()].astype(np.float64))
    return most.select("candidate", population=pl.min_horizontal(there / pl.col("share"), pl.lit(float(region.size))))


def _inside(held: pl.DataFrame) -> pl.DataFrame:
    """The acts inside each candidate's window on each value: the shortest that holds four fifths, widened."""
    key = held.select(pl.struct("candidate", "token").rle_id().alias("group"))["group"].to_numpy()
    at = held["at"].to_numpy()
    size = np.bincount(key) if key.size else np.zeros(0, np.int64)
    need = np.maximum(1, np.ceil(0.8 * size)).astype(np.int64)
    place = np.arange(key.size)
    last = place + need[key] - 1
    ends = np.cumsum(size)
    fits = last < ends[key]
    width = np.where(fits, at[np.minimum(last, max(key.size - 1, 0))] - at, np.iinfo(np.int64).max)
    held = held.with_columns(group=pl.Series(key), width=pl.Series(width))
    best = held.sort("group", "width", "at").unique("group", keep="first", maintain_order=True)
    slack = pl.max_horizontal(pl.col("width") // 4, pl.lit(DAY))
    windows = best.select("group", start=pl.col("at") - slack, end=pl.col("at") + pl.col("width") + slack)
    joined = held.drop("width").join(windows, on="group", maintain_order="left")
    return joined.filter(pl.col("at").is_between("start", "end"))


def _tails(kind: TokenKind, counted: pl.DataFrame) -> pl.DataFrame:
    """Expected counts and -log10 of the tail, less the cost of having chosen the window."""
    low, high = places(kind, counted)
    holders = (high - low).astype(np.int64)
    n = counted["n"].to_numpy().astype(np.float64)
    likely = chance(kind, counted, holders)
    if kind.places is not None:
        those, acts = (counted[name].to_numpy() for name in ("those", "acts"))
        likely = np.maximum(likely, (those + AROUND * likely) / (acts + AROUND))
    expected = np.maximum(n * counted["active"].to_numpy() * likely, 1e-12)
    k = counted["k"].to_numpy().astype(np.float64)
    if kind.chance is None:
        surprise = -stats.poisson.logsf(k - 1, expected) / np.log(10.0)
    else:  # Given all who hold it, so that a group with a large share of all acts is judged by its share.
        surprise = -stats.binom.logsf(k - 1, holders, np.minimum(expected / holders, 1.0)) / np.log(10.0)
    if kind.timed and kind.frame.height:
        at = kind.frame["at"].to_numpy()
        span = float(at.max() - at.min())
        width = (counted["end"] - counted["start"]).to_numpy()
        surprise = surprise - np.log10(np.maximum(1.0, span / np.maximum(width, 1)))
    return counted.select(
        "candidate",
        pl.lit(kind.name).alias("kind"),
        "token",
        "k",
        "n",
        pl.Series("holders", holders),
        pl.Series("expected", expected),
        pl.Series("surprise", surprise),
        "start",
        "end",
    ).cast({name: kind for name, kind in VALUES.items() if name != "raw"})


def chance(kind: TokenKind, wanted: pl.DataFrame, holders: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each wanted token the chance that a buyer of mean activity (or one act, where acts are counted) is on it."""
    if kind.chance is not None:
        return np.asarray(kind.chance[wanted["token"].to_numpy()])
    return np.asarray(holders / wanted["population"].to_numpy())


def places(kind: TokenKind, wanted: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and one-past-last row of the kind's frame for each wanted token, inside its window where it is timed."""
    token, asked = kind.frame["token"].to_numpy(), wanted["token"].cast(kind.frame.schema["token"]).to_numpy()
    first, last = np.searchsorted(token, asked, "left"), np.searchsorted(token, asked, "right")
    if not kind.timed:
        return first, last
    at = kind.frame["at"].to_numpy()
    low = bisected(at, first, last, wanted["start"].to_numpy())
    return low, bisected(at, low, last, wanted["end"].to_numpy() + 1)
