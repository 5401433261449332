"""The public order-brushing rule, exactly as section 4 of the contract has it.

A window starts on any whole second and covers 3,600 s, both ends included. As its start moves, the orders inside change
only when one enters (start = its second - 3,600) or one has left (start = its second + 1), so these at most 2n starts
stand for all. An order is the first of its buyer in a window from the moment that it is inside and the buyer's order
before it is not: a contiguous stretch of windows, and the distinct buyers of all windows are one cumulative sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPAN: Final = 3600
"""Seconds that a window covers, both ends included; fixed by the rule."""
RATE: Final = 3
"""Orders per distinct buyer from which a window is a brushing window; fixed by the rule."""


def brushed_orders(stream: pl.DataFrame) -> pl.DataFrame:
    """The orders that lie in a brushing window, with the maximal run that each belongs to.

    Args:
        stream: One row an order: `seller`, `buyer` (unsigned codes), `second` (whole seconds); other columns are kept.

    Returns:
        The brushed rows by seller and second, with `run`, a number that is unique over all sellers.
    """
    triples = _triples(stream)
    orders = stream.join(triples.select("seller").unique(), on="seller", how="semi").sort("seller", "second", "buyer")
    if orders.is_empty():
        return orders.with_columns(pl.lit(0, dtype=pl.Int64).alias("run"))
    orders = orders.filter(_near(orders, triples))
    first, last = _brushing_windows(_timeline(orders), orders.select("seller", "buyer"))
    brushed = _running(first, last + 1, orders.height) > 0
    joined = _running(first + 1, last + 1, orders.height) > 0
    run = np.cumsum(brushed & ~joined)
    return orders.with_columns(pl.Series("run", run, dtype=pl.Int64)).filter(pl.Series(brushed))


def runs(brushed: pl.DataFrame) -> pl.DataFrame:
    """One row a maximal run: run, seller, window_start and window_end (seconds), orders, buyers, concentration."""
    return (
        brushed.group_by("run", "seller")
        .agg(
            window_start=pl.col("second").min(),
            window_end=pl.col("second").max(),
            orders=pl.len().cast(pl.Int64),
            buyers=pl.col("buyer").n_unique().cast(pl.Int64),
        )
        .with_columns(concentration=pl.col("orders") / pl.col("buyers"))
        .sort("seller", "window_start")
    )


def suspicious_buyers(brushed: pl.DataFrame) -> pl.DataFrame:
    """The buyers with the most brushed orders of each seller, all of them on a tie: seller, buyer, orders."""
    counts = brushed.group_by("seller", "buyer").agg(orders=pl.len().cast(pl.Int64))
    return counts.filter(pl.col("orders") == pl.col("orders").max().over("seller")).sort("seller", "buyer")


def _triples(stream: pl.DataFrame) -> pl.DataFrame:
    """Three orders of one buyer at one seller within a window, as seller, first, last; a rate of three needs one."""
    pair = pl.col("seller").cast(pl.UInt64) * 2**32 + pl.col("buyer").cast(pl.UInt64)
    keyed = stream.lazy().select("seller", "second", pair=pair)
    often = keyed.group_by("pair").len().filter(pl.col("len") >= RATE).select("pair")
    first = pl.col("second").shift(RATE - 1)
    close = (pl.col("pair") == pl.col("pair").shift(RATE - 1)) & (pl.col("second") - first <= SPAN)
    ordered = keyed.join(often, on="pair", how="semi").sort("pair", "second")
    return ordered.select("seller", first=first, last="second", close=close).filter(pl.col("close")).collect()


def _near(orders: pl.DataFrame, triples: pl.DataFrame) -> pl.Series:
    """Which orders can share a window with a triple; a window without one is no brushing window, so none is lost."""
    begins = pl.concat([orders["second"], triples["first"] - SPAN, triples["last"] - SPAN])
    sellers = pl.concat([orders["seller"], triples["seller"], triples["seller"]])
    axis = _timeline(pl.DataFrame({"seller": sellers, "second": begins}))
    placed, first, last = np.split(axis, [orders.height, orders.height + triples.height])
    low = np.searchsorted(placed, last, side="left")
    high = np.searchsorted(placed, first + 2 * SPAN, side="right")
    return pl.Series(_running(low, high, orders.height) > 0)


def _timeline(orders: pl.DataFrame) -> NDArray[np.int64]:
    """Seconds on one axis, with sellers so far apart that no window sees two of them."""
    second = orders["second"].to_numpy().astype(np.int64)
    second -= second.min()
    apart = int(second.max()) + 2 * SPAN + 3
    return np.asarray(orders["seller"].to_numpy().astype(np.int64) * apart + second, dtype=np.int64)


def _brushing_windows(timeline: NDArray[np.int64], who: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of the first and last order of every brushing window."""
    starts = np.sort(np.concatenate([timeline - SPAN, timeline + 1]), kind="stable")  # merges two sorted halves
    low = np.searchsorted(timeline, starts, side="left")
    high = np.searchsorted(timeline, starts + SPAN, side="right")
    full = high - low >= RATE
    low, high = low[full], high[full]
    brushing = high - low >= RATE * _distinct_buyers(low, high, _place_before(who))
    return low[brushing], high[brushing] - 1


def _place_before(who: pl.DataFrame) -> NDArray[np.int64]:
    """Place of the same buyer's order before, at the same seller; -1 where there is none."""
    placed = who.with_row_index("place").with_columns(pl.col("place").cast(pl.Int64))
    before = placed.select(pl.col("place").shift(1).over("seller", "buyer").fill_null(-1))
    return before.to_series().to_numpy()


def _distinct_buyers(low: NDArray[np.int64], high: NDArray[np.int64], before: NDArray[np.int64]) -> NDArray[np.int64]:
    """Distinct buyers of the windows [low, high), which are sorted by both ends."""
    opened = np.cumsum(np.bincount(low + 1, minlength=len(before) + 1))  # windows whose low end is before a place
    closed = np.cumsum(np.bincount(high, minlength=len(before) + 1))  # windows that end at or before a place
    left, inside = opened[1:], closed[:-1]
    begin = np.minimum(np.maximum(inside, opened[before + 1]), left)
    return _running(begin, left, len(low))


def _running(begin: NDArray[np.int64], end: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """How many of the half-open intervals [begin, end) cover each place."""
    steps = np.bincount(begin, minlength=length + 1) - np.bincount(end, minlength=length + 1)
    return np.cumsum(steps[:length])
