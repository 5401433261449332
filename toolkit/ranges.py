"""Ranges of rows: sorted columns answer "which rows lie in this window" without a join that visits every row.

A table that is sorted by thing and time holds each window as one range; what is counted over ranges is a difference of
running sums, and what is listed is spread out from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray


def spread(low: NDArray[np.int64], high: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For every row of every range from `low` to before `high`: the range's number, and the row."""
    counts = np.maximum(high - low, 0)
    which = np.repeat(np.arange(counts.size), counts)
    first = np.cumsum(counts) - counts
    return which, np.arange(which.size) - first[which] + low[which]


def bisected(
    values: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64], wanted: NDArray[np.int64]
) -> NDArray[np.int64]:
    """First place of each range, sorted inside itself, whose value is not below the wanted one; its end where none is.

    All ranges are halved at the same time, so nothing as long as `values` is made.
    """
    low, high = low.copy(), high.copy()
    while (open_ := np.flatnonzero(low < high)).size:
        middle = (low[open_] + high[open_]) // 2
        below = values[middle] < wanted[open_]
        low[open_[below]] = middle[below] + 1
        high[open_[~below]] = middle[~below]
    return low


def between(values: pl.Series, low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many true entries each range holds."""
    running = np.concatenate(([0], np.cumsum(values.fill_null(value=False).to_numpy(), dtype=np.int64)))
    return np.asarray(running[high] - running[low])


def among(codes: pl.Series, chosen: pl.Series) -> pl.Series:
    """Of each code whether it is among the chosen ones: looked up in a table, which no hash is as fast as."""
    there = np.zeros(max(_end(codes), _end(chosen)), np.bool_)
    there[chosen.to_numpy()] = True
    return pl.Series(there[codes.to_numpy()])


def _end(codes: pl.Series) -> int:
    return int(codes.max()) + 1 if len(codes) else 0  # type: ignore[arg-type]


@dataclass(frozen=True)
class Line:
    """Acts in the order of things and times.

    Attributes:
        keys: Sorted; a thing's acts lie beside each other, by time.
        first: The earliest second.
        stride: Between the keys of two things.
    """

    keys: NDArray[np.int64]
    first: int
    stride: int

    @classmethod
    def of(cls, thing: pl.Series, at: pl.Series, *, gap: int = 2) -> Self:
        """Of acts that are sorted by thing and time; acts on two things lie at least `gap` seconds apart."""
        seconds = at.to_numpy()
        first = int(seconds.min()) if seconds.size else 0
        stride = (int(seconds.max()) - first if seconds.size else 0) + gap
        return cls(thing.to_numpy().astype(np.int64) * stride + (seconds - first), first, stride)

    def window(self, thing: pl.Series, start: pl.Series, end: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and one-past-last act on each thing from `start` to `end`, both inside."""
        base = thing.to_numpy().astype(np.int64) * self.stride
        low = np.clip(start.to_numpy() - self.first, 0, self.stride - 1)
        high = np.clip(end.to_numpy() - self.first, -1, self.stride - 2)
        return np.searchsorted(self.keys, base + low, "left"), np.searchsorted(self.keys, base + high, "right")

    def whole(self, thing: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and one-past-last act on each thing."""
        base = thing.to_numpy().astype(np.int64) * self.stride
        return np.searchsorted(self.keys, base, "left"), np.searchsorted(self.keys, base + self.stride, "left")
