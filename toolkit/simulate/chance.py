"""Chance: one named generator a component, and the few draws that NumPy does not have ready.

A component's generator hangs on the seed and the component's *name* alone, so that a component which is added, taken
out or changed leaves the draws of all others as they were.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Generator: TypeAlias = np.random.Generator

DAY: int = 86_400
HOUR: int = 3_600


def stream(seed: int, name: str) -> Generator:
    """The generator of the component called `name` in the market with this seed."""
    return np.random.default_rng([seed, *name.encode()])


def weighted(rng: Generator, weights: Floats, size: int) -> Ints:
    """`size` positions drawn with replacement, in proportion to `weights`."""
    cumulative = np.cumsum(weights)
    drawn = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    last = len(weights) - 1
    return np.asarray(np.minimum(drawn, last), dtype=np.int64)


_LARGE_POOL: Final = 50_000
"""Entries from which on a few are drawn without shuffling all: thousands of crowds out of millions of buyers would take
the square of the market's size. Smaller pools, those of markets up to 250,000 orders, go on giving the draws they
gave."""


def distinct(rng: Generator, pool: Ints, size: int, weights: Floats | None = None) -> Ints:
    """At most `size` different entries of `pool`; with `weights`, heavier entries come first more often.

    Weighted drawing without replacement by exponential keys (Efraimidis and Spirakis, 2006).
    """
    size = min(size, len(pool))
    if weights is None and len(pool) > _LARGE_POOL:
        return pool[rng.choice(len(pool), size, replace=False)].astype(np.int64)
    if weights is None:
        return rng.permutation(pool)[:size].astype(np.int64)
    keys = rng.exponential(size=len(pool)) / np.maximum(weights, 1e-12)
    first = np.argpartition(keys, size - 1)[:size] if size else np.empty(0, dtype=np.int64)
    return pool[first[np.argsort(keys[first], kind="stable")]].astype(np.int64)


def one_of(rng: Generator, pool: Ints) -> int:
    """One entry of `pool`."""
    return int(pool[rng.integers(len(pool))])


def lognormal_days(rng: Generator, median: float, sigma: float, size: int) -> Ints:
    """`size` spans in seconds whose median is `median` days."""
    return (median * DAY * np.exp(sigma * rng.standard_normal(size))).astype(np.int64)


def hits(rng: Generator, probability: float | Floats, size: int) -> Bools:
    """`size` throws of a coin that lands on True with `probability`."""
    return np.asarray(rng.random(size) < probability)


def pieces(rng: Generator, members: Ints, low: int, high: int) -> list[Ints]:
    """`members` in random order, cut into pieces of `low` to `high`; the last one may be shorter."""
    shuffled = rng.permutation(members)
    cuts = np.cumsum(rng.integers(low, high + 1, size=len(members) // low + 1))
    return [piece.astype(np.int64) for piece in np.split(shuffled, cuts[cuts < len(members)])]


def repeat_ranges(starts: Ints, lengths: Ints) -> Ints:
    """The numbers start, start + 1, ... of every range, one range after another."""
    offsets = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return (np.arange(int(lengths.sum())) - offsets + np.repeat(starts, lengths)).astype(np.int64)
