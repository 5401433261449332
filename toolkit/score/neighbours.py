"""Neighbours: how often the other buyers of a ring's listings carry each mark, in the ring's weeks or else at any time.

A buyer counts once a listing, by the share of its orders that carry the mark. Nearly every buyer orders a listing once:
so all orders of those weeks are counted by running sums over the orders sorted by listing and time, and only members,
and buyers who came back, are looked at row by row and put right.
Cost: one sort of the orders of the listings; the rows of a popular listing are not visited once a ring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.config import DAY
from toolkit.contracts.marks import MARKS
from toolkit.ranges import Line, among, between, spread
from toolkit.score.scope import numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.score.scope import Scope

    Places = tuple[NDArray[np.int64], NDArray[np.int64]]

WEEK: Final = 7 * DAY
ENOUGH: Final = 5
"""Other buyers in the ring's weeks from which on the comparison is with them alone."""


def base(scope: Scope, orders: pl.DataFrame) -> pl.DataFrame:
    """candidate, listing, and of each mark m (other buyers whose orders can tell) and y (the sum of their shares).

    Args:
        scope: Members, and their orders on the ring's values.
        orders: Every order with its marks.
    """
    windows = _windows(scope)
    marks = [name for name in MARKS if name in orders.columns]
    here = _of_listings(orders, windows["listing"], marks)
    line = Line.of(here["listing"], here["ordered_at"])
    weeks = line.window(windows["listing"], windows["start"], windows["end"])
    low, high = line.whole(windows["listing"])
    ours = _of_members(scope, here, windows)
    again = _again(here)
    back = _back(scope, again, windows, weeks)
    quiet = _others(weeks, ours.filter(_inside(ours, weeks)), back) < ENOUGH
    at_any_time = _back(scope, again, windows, (np.where(quiet, low, high), high))
    back = pl.concat([back.filter(~pl.Series(quiet).gather(back["window"])), at_any_time])
    places = np.where(quiet, low, weeks[0]), np.where(quiet, high, weeks[1])
    ours = ours.filter(_inside(ours, places))
    near = back.with_columns(near=_inside(back, weeks))
    shares = near.filter(pl.col("near") | ~pl.col("near").any().over("window", "buyer"))
    shares = shares.hstack(here.select(marks)[shares["place"]]).group_by("window", "buyer").agg(pl.col(marks).mean())
    less = pl.concat([ours.select("window", "place"), back.select("window", "place")])
    counted = [column for name in marks for column in _counted(here[name], places, less, shares.select("window", name))]
    return windows.select("candidate", "listing").hstack(counted).filter(_others(places, ours, back) > 0)


def _windows(scope: Scope) -> pl.DataFrame:
    """The weeks around the ring's orders of each listing: window (its place), candidate, listing, start, end."""
    spans = scope.orders.group_by("candidate", "listing").agg(
        start=pl.col("ordered_at").min() - WEEK, end=pl.col("ordered_at").max() + WEEK
    )
    return spans.sort("listing", "candidate").with_row_index("window")


def _of_listings(orders: pl.DataFrame, listings: pl.Series, marks: list[str]) -> pl.DataFrame:
    """buyer, listing, ordered_at and marks of the orders of listings, by listing and time."""
    here = orders.select("buyer", "listing", "ordered_at", *marks).filter(among(orders["listing"], listings))
    second = pl.col("ordered_at") - pl.col("ordered_at").min()
    return here.sort(pl.col("listing").cast(pl.Int64) * (1 << 34) + second)  # 34 bits hold five centuries of seconds


def _inside(rows: pl.DataFrame, places: Places) -> pl.Series:
    """Whether each row (window, place) lies within its window."""
    window, place = rows["window"].to_numpy(), rows["place"].to_numpy()
    return pl.Series((place >= places[0][window]) & (place < places[1][window]))


def _of_members(scope: Scope, here: pl.DataFrame, windows: pl.DataFrame) -> pl.DataFrame:
    """window, place: the members' orders of the ring's listings; these are no neighbours."""
    members = scope.candidates.members.select("candidate", "buyer")
    theirs = here.select("buyer", "listing").with_row_index("place").filter(among(here["buyer"], members["buyer"]))
    theirs = theirs.join(members, on="buyer").select("place", act=numbered(pl.col("listing")))
    return theirs.join(windows.select("window", act=numbered(pl.col("listing"))), on="act").select("window", "place")


def _again(here: pl.DataFrame) -> pl.DataFrame:
    """place, buyer of the orders whose buyer ordered the listing more than once."""
    packed = here.select(pl.col("listing").cast(pl.UInt64) * (1 << 32) + pl.col("buyer"))["listing"]
    return here.select("buyer").with_row_index("place").filter(packed.is_duplicated())


def _back(scope: Scope, again: pl.DataFrame, windows: pl.DataFrame, places: Places) -> pl.DataFrame:
    """window, buyer, place: orders of others who ordered a listing repeatedly within its window."""
    which, rows = spread(*(np.searchsorted(again["place"].to_numpy(), ends) for ends in places))
    found = again[rows].with_columns(window=windows["window"].gather(which)).select("window", "buyer", "place")
    found = found.filter((pl.col("window").cast(pl.UInt64) * (1 << 32) + pl.col("buyer")).is_duplicated())
    members = scope.candidates.members.select(held=numbered(pl.col("buyer")))["held"]
    held = found.select(candidate=windows["candidate"].gather(found["window"]), buyer="buyer")
    return found.filter(~held.select(numbered(pl.col("buyer")).is_in(members.implode())).to_series())


def _times(windows: pl.Series, size: int) -> NDArray[np.int64]:
    """How many rows each window has."""
    return np.bincount(windows.to_numpy(), minlength=size)


def _others(places: Places, ours: pl.DataFrame, back: pl.DataFrame) -> NDArray[np.int64]:
    """How many buyers each window has, without members."""
    size = places[0].size
    people = back.select("window", "buyer").unique()["window"]
    less = _times(ours["window"], size) + _times(back["window"], size)
    return np.asarray(places[1] - places[0] - less + _times(people, size))


def _counted(mark: pl.Series, places: Places, less: pl.DataFrame, shares: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """One mark's m and y in each window: all orders, without those of `less`, and with the shares of who came back."""
    size = places[0].size
    taken = less.select("window", mark=mark.gather(less["place"]))
    told = shares.drop_nulls()
    known = places[1] - places[0] if not mark.null_count() else between(mark.is_not_null(), *places)
    m = known - _times(taken.drop_nulls()["window"], size) + _times(told["window"], size)
    y = between(mark, *places) - _times(taken.filter("mark")["window"], size).astype(np.float64)
    y += np.bincount(told["window"].to_numpy(), weights=told[mark.name].to_numpy(), minlength=size)
    return pl.Series(f"m_{mark.name}", m, dtype=pl.Float64), pl.Series(f"y_{mark.name}", y)
