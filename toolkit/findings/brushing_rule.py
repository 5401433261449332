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

from toolkit.errors import InputError
from toolkit.ranges import among

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

SPAN: Final = 3600
"""Seconds that a window covers, both ends included; fixed by the rule."""
RATE: Final = 3
"""Orders per distinct buyer from which a window is a brushing window; fixed by the rule."""
_BITS: Final = 63
"""Bits of a packed order: those of a positive 64-bit integer."""


def brushed_orders(stream: pl.DataFrame) -> pl.DataFrame:
    """The orders that lie in a brushing window, with the maximal run that each belongs to.

    Args:
        stream: One row an order: `seller`, `buyer` (unsigned codes), `second` (whole seconds); other columns are kept.

    Returns:
        The brushed rows by seller and second, with `run`, a number that is unique over all sellers.
    """
    if stream.is_empty():
        return stream.with_columns(pl.lit(0, dtype=pl.Int64).alias("run"))
    axis = _timeline(stream)
    shops, first, last = _triples(stream)
    asked = np.flatnonzero(among(stream["seller"], pl.Series(shops)).to_numpy())
    near = asked[_near(axis[asked], first, last)]
    by_time = near[pl.Series(axis[near]).arg_sort().to_numpy()]
    orders: pl.DataFrame = stream[by_time]
    axis = axis[by_time]
    if orders.is_empty():
        return orders.with_columns(pl.lit(0, dtype=pl.Int64).alias("run"))
    first, last = _brushing_windows(axis, _place_before(orders))
    brushed = _running(first, last + 1, orders.height) > 0
    joined = _running(first + 1, last + 1, orders.height) > 0
    run = np.cumsum(brushed & ~joined)
    found = orders.with_columns(pl.Series("run", run, dtype=pl.Int64)).filter(pl.Series(brushed))
    return found.sort("seller", "second", "buyer", maintain_order=True)


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


def _triples(stream: pl.DataFrame) -> tuple[Ints, Ints, Ints]:
    """Three orders of one buyer at one seller within a window: the seller, first and last place on the axis.

    A rate of 3 has one.

    Seller, buyer and second are packed into one integer, which sorts many times faster than columns do. Where they
    don't fit, buyers lose their high bits: two that become alike add triples that are none, and never hide one.
    """
    second = stream["second"].to_numpy().astype(np.int64)
    second -= second.min()
    seller = stream["seller"].to_numpy().astype(np.int64)
    for_second = int(second.max()).bit_length()
    for_buyer = min(32, _BITS - for_second - int(seller.max()).bit_length())
    if for_buyer < 0:
        raise InputError("orders span too long a time", where="ordered_at", todo="correct the years that are wrong")
    buyer = stream["buyer"].to_numpy().astype(np.int64) & ((1 << for_buyer) - 1)
    packed = np.sort(((seller << for_buyer | buyer) << for_second) | second)
    here, before = packed[RATE - 1 :], packed[: 1 - RATE]
    close = ((here >> for_second) == (before >> for_second)) & (here - before <= SPAN)
    shop = here[close] >> (for_buyer + for_second)
    apart = int(second.max()) + 2 * SPAN + 3
    inside = (1 << for_second) - 1
    return shop, shop * apart + (before[close] & inside), shop * apart + (here[close] & inside)


def _near(axis: Ints, first: Ints, last: Ints) -> NDArray[np.bool_]:
    """Which orders can share a window with a triple; a window without one is no brushing window, so none is lost."""
    if not len(first):
        return np.zeros(len(axis), dtype=bool)
    by_start = np.argsort(last, kind="stable")
    starts, ends = last[by_start] - SPAN, np.maximum.accumulate(first[by_start] + SPAN)
    place = np.searchsorted(starts, axis, side="right") - 1
    return (place >= 0) & (ends[np.maximum(place, 0)] >= axis)


def _timeline(orders: pl.DataFrame) -> Ints:
    """Seconds on one axis, with sellers so far apart that no window sees two of them."""
    second = orders["second"].to_numpy().astype(np.int64)
    second -= second.min()
    apart = int(second.max()) + 2 * SPAN + 3
    return np.asarray(orders["seller"].to_numpy().astype(np.int64) * apart + second, dtype=np.int64)


def _brushing_windows(timeline: Ints, before: Ints) -> tuple[Ints, Ints]:
    """Places of the first and last order of every brushing window."""
    starts = np.sort(np.concatenate([timeline - SPAN, timeline + 1]))
    low = np.searchsorted(timeline, starts, side="left")
    high = np.searchsorted(timeline, starts + SPAN, side="right")
    full = high - low >= RATE
    low, high = low[full], high[full]
    brushing = high - low >= RATE * _distinct_buyers(low, high, before)
    return low[brushing], high[brushing] - 1


def _place_before(orders: pl.DataFrame) -> Ints:
    """Place of the same buyer's order before, at the same seller; -1 where there is none."""
    seller, buyer = (orders[name].to_numpy().astype(np.uint64) for name in ("seller", "buyer"))
    pair = seller << np.uint64(32) | buyer
    by_pair = np.argsort(pair, kind="stable")
    ordered = pair[by_pair]
    same = np.flatnonzero(ordered[1:] == ordered[:-1])
    before = np.full(len(pair), -1, dtype=np.int64)
    before[by_pair[same + 1]] = by_pair[same]
    return before


def _distinct_buyers(low: Ints, high: Ints, before: Ints) -> Ints:
    """Distinct buyers of the windows [low, high), which are sorted by both ends."""
    opened = np.cumsum(np.bincount(low + 1, minlength=len(before) + 1))  # windows whose low end is before a place
    closed = np.cumsum(np.bincount(high, minlength=len(before) + 1))  # windows that end at or before a place
    left, inside = opened[1:], closed[:-1]
    begin = np.minimum(np.maximum(inside, opened[before + 1]), left)
    return _running(begin, left, len(low))


def _running(begin: Ints, end: Ints, length: int) -> Ints:
    """How many of the half-open intervals [begin, end) cover each place."""
    steps = np.bincount(begin, minlength=length + 1) - np.bincount(end, minlength=length + 1)
    return np.cumsum(steps[:length])
