"""Neighbours: how often the other buyers of a ring's listings carry each mark, in the ring's weeks or else at any time.

A buyer counts once a listing, by the share of its orders that carry the mark. Nearly every buyer orders a listing once:
these are counted by running sums over the orders sorted by listing and time; the few who came back, the members, and
the listings with hardly another buyer in the ring's weeks are looked at row by row.
Cost: one sort of the orders of the listings; the rows of a popular listing are not visited once a ring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.config import DAY
from toolkit.contracts.marks import MARKS
from toolkit.ranges import Line, between, spread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from toolkit.score.scope import Scope

WEEK: Final = 7 * DAY
ENOUGH: Final = 5
"""Other buyers in the ring's weeks from which on the comparison is with them alone."""
KEYS: Final = ["candidate", "listing", "buyer"]


def base(scope: Scope, orders: pl.DataFrame) -> pl.DataFrame:
    """candidate, listing, and of each mark m (other buyers whose orders can tell) and y (the sum of their shares).

    Args:
        scope: Members, and their orders on the ring's values.
        orders: Every order with its marks.
    """
    windows = _windows(scope)
    marks = [name for name in MARKS if name in orders.columns]
    here = orders.select("row", "buyer", "listing", "ordered_at", *marks)
    here = here.filter(pl.col("listing").is_in(windows["listing"].unique().implode()))
    second = pl.col("ordered_at") - pl.col("ordered_at").min()
    here = here.sort(pl.col("listing").cast(pl.Int64) * (1 << 34) + second)  # 34 bits hold five centuries of seconds
    once = here.select((pl.col("listing").cast(pl.UInt64) * (1 << 32) + pl.col("buyer")).is_unique())["listing"]
    members = scope.candidates.members.select("candidate", "buyer")
    alone, again = here.filter(once), here.filter(~once)
    near = _near_again(again, windows, members)
    line = Line.of(alone["listing"], alone["ordered_at"])
    low, high = line.window(windows["listing"], windows["start"], windows["end"])
    ours = _near_members(alone, windows, members)
    returned = near.group_by("candidate", "listing").agg(returned=pl.len())
    counts = ours.group_by("candidate", "listing").agg(own=pl.len())
    windows = windows.join(returned, on=["candidate", "listing"], how="left", maintain_order="left")
    windows = windows.join(counts, on=["candidate", "listing"], how="left", maintain_order="left")
    others = pl.Series(high - low) - windows["own"].fill_null(0) + windows["returned"].fill_null(0)
    enough = others >= ENOUGH
    crowded = _crowded(alone, windows, (low, high), ours, near, marks).filter(enough)
    return pl.concat([crowded, _quiet(here, windows.filter(~enough), members, marks)])


def _windows(scope: Scope) -> pl.DataFrame:
    """candidate, listing, start, end: the weeks around the ring's orders of each listing."""
    spans = scope.orders.group_by("candidate", "listing").agg(
        start=pl.col("ordered_at").min() - WEEK, end=pl.col("ordered_at").max() + WEEK
    )
    return spans.sort("listing", "candidate")


def _near_again(again: pl.DataFrame, windows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """candidate, listing, buyer, and the shares of its orders in the ring's weeks, of others who ordered repeatedly."""
    line = Line.of(again["listing"], again["ordered_at"])
    which, rows = spread(*line.window(windows["listing"], windows["start"], windows["end"]))
    found = again[rows].with_columns(windows["candidate"][which])
    found = found.join(members, on=["candidate", "buyer"], how="anti")
    return _shares(found)


def _near_members(alone: pl.DataFrame, windows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Orders of members that ordered a listing of the ring once, in the ring's weeks: these are no neighbours."""
    theirs = alone.join(members, on="buyer").join(windows, on=["candidate", "listing"])
    return theirs.filter(pl.col("ordered_at").is_between("start", "end"))


def _crowded(
    alone: pl.DataFrame,
    windows: pl.DataFrame,
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
    ours: pl.DataFrame,
    near: pl.DataFrame,
    marks: list[str],
) -> pl.DataFrame:
    """Sums over the ring's weeks: everybody who ordered once, less the members, and those who ordered repeatedly."""
    keys = ["candidate", "listing"]
    less = ours.group_by(keys).agg(_sums(marks, "less_"))
    more = near.group_by(keys).agg(_sums(marks, "more_"))
    known = [pl.Series(f"m_{name}", between(alone[name].is_not_null(), *places)) for name in marks]
    shown = [pl.Series(f"y_{name}", between(alone[name], *places)) for name in marks]
    sums = windows.select(keys).with_columns(*known, *shown)
    sums = sums.join(less, on=keys, how="left", maintain_order="left")
    sums = sums.join(more, on=keys, how="left", maintain_order="left")
    columns = [f"{letter}_{name}" for name in marks for letter in "my"]
    added = [pl.col(c) - pl.col(f"less_{c}").fill_null(0) + pl.col(f"more_{c}").fill_null(0) for c in columns]
    return sums.select(*keys, *(made.cast(pl.Float64).alias(c) for c, made in zip(columns, added, strict=True)))


def _quiet(here: pl.DataFrame, windows: pl.DataFrame, members: pl.DataFrame, marks: list[str]) -> pl.DataFrame:
    """The same of listings with hardly another buyer in the ring's weeks: whoever else ordered at any time counts."""
    line = Line.of(here["listing"], here["ordered_at"])
    which, rows = spread(*line.whole(windows["listing"]))
    found = here[rows].with_columns(windows[which].select("candidate", "start", "end"))
    found = found.join(members, on=["candidate", "buyer"], how="anti")
    found = found.with_columns(near=pl.col("ordered_at").is_between("start", "end"))
    kept = found.filter(pl.col("near") | ~pl.col("near").any().over(KEYS))
    columns = [f"{letter}_{name}" for name in marks for letter in "my"]
    sums = _shares(kept).group_by("candidate", "listing").agg(_sums(marks, ""))
    return sums.select("candidate", "listing", pl.col(columns).cast(pl.Float64))


def _shares(rows: pl.DataFrame) -> pl.DataFrame:
    """candidate, listing, buyer, and the share of its rows that carry each mark, of those that can tell."""
    return rows.group_by(KEYS).agg(pl.col([name for name in MARKS if name in rows.columns]).mean())


def _sums(marks: list[str], prefix: str) -> list[pl.Expr]:
    counted = [pl.col(name).count().alias(f"{prefix}m_{name}") for name in marks]
    return counted + [pl.col(name).sum().alias(f"{prefix}y_{name}") for name in marks]
