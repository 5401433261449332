"""Whether p-values are uniform where nothing is to be found: randomised within steps, Kolmogorov-Smirnov, tails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from numpy.random import Generator

LEVELS: Final = (0.05, 0.01, 0.001, 0.0001)
"""p-values at which the share of groups is told, against the same share by chance."""
FAILS: Final = 0.01
"""Chance, over all tests of a table together, at which one of them is said to fail."""


def spread(exact: Any, more: Any, reached: Any, rng: Generator) -> Any:
    """P-values spread evenly over their steps, exactly uniform where the law is right.

    Args:
        exact: P(K >= k) of the law.
        more: P(K > k) of the law.
        reached: The p-value that is told: larger than `exact` where a test pays for asking in two ways.
        rng: Where on the step.
    """
    return np.clip(reached / np.maximum(exact, 1e-300) * (more + rng.random(exact.size) * (exact - more)), 0.0, 1.0)


@dataclass(frozen=True)
class Uniformity:
    """How some p-values lie.

    Attributes:
        n: How many there are.
        distance: Kolmogorov-Smirnov distance of the randomised p-values from the uniform law.
        even: p of that distance, two-sided.
        small: p of the one-sided distance by which p-values (not randomised) are too small.
        shares: Share of p-values at or below each of `LEVELS`.
        tails: p of each share being too large (binomial).
    """

    n: int
    distance: float
    even: float
    small: float
    shares: tuple[float, ...]
    tails: tuple[float, ...]

    def says(self, asked: int) -> str:
        """`uniform`, `conservative` (p too large) or `TOO SMALL`, at one chance in a hundred over `asked` rows."""
        owed = FAILS / asked
        if min(self.small, *self.tails) * (1 + len(self.tails)) < owed:
            return "TOO SMALL"
        return "uniform" if self.even >= owed else "conservative"


def uniformity(p: Any, u: Any) -> Uniformity:
    """Both ways of looking: the whole law, and the tail that is used.

    Args:
        p: P(K >= k), where nothing was seen 1.
        u: The same, randomised.
    """
    p, u = np.asarray(p, float), np.asarray(u, float)
    both, less = stats.kstest(u, "uniform"), stats.kstest(p, "uniform", alternative="greater")
    counts = [int((p <= level).sum()) for level in LEVELS]
    tails = [float(stats.binom.sf(count - 1, p.size, level)) for count, level in zip(counts, LEVELS, strict=True)]
    return Uniformity(
        p.size, float(both.statistic), float(both.pvalue), float(less.pvalue),
        tuple(count / p.size for count in counts), tuple(tails),
    )  # fmt: skip
