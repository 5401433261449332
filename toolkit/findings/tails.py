"""Tails of distributions and false discovery: the few formulas that all findings share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_MOST_TERMS = 2000
"""Terms of a tail that are added at most; above the mean they shrink long before."""
_NOTHING = 1e-17
"""Share of a sum that adds nothing to it: less than half of the last bit of a float."""
SMALLEST = 1e-300
"""A probability that is smaller is written as this: the tail of a float, not a claim."""


def poisson_tail(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """P(X >= observed) for a Poisson count, as a regularised incomplete gamma function."""
    from scipy import special

    k = np.asarray(observed, dtype=float)
    return _floor(np.where(k > 0, special.gammainc(np.maximum(k, 1), np.asarray(expected, dtype=float)), 1.0))


def binomial_tail(observed: ArrayLike, trials: ArrayLike, rate: ArrayLike) -> Floats:
    """P(X >= observed) for a binomial count, as a regularised incomplete beta function."""
    from scipy import special

    k, n = np.asarray(observed, dtype=float), np.asarray(trials, dtype=float)
    tail = special.betainc(np.maximum(k, 1), np.maximum(n - k, 0) + 1, np.asarray(rate, dtype=float))
    return _floor(np.where(k > 0, np.where(k > n, 0.0, tail), 1.0))


def mixed_tail(
    observed: ArrayLike,
    trials: ArrayLike,
    rate: ArrayLike,
    *,
    spread: float,
    variation: float,
    gathered: ArrayLike = 1.0,
) -> Floats:
    """P(X >= observed) for a beta-binomial count: a binomial whose rate differs between groups.

    Counts at or below their mean get 1: they are no excess, and their tail is never asked for.

    Args:
        observed: Counts.
        trials: Trials of each group.
        rate: Mean rate that holds for each group.
        spread: Intra-group correlation that was measured, 0 (binomial) to 1.
        variation: Coefficient of variation of the groups' rates that is assumed at least. A correlation that is fair
            for common marks would make rare ones vary tenfold, so the floor is set on the rates.
        gathered: Share of pairs of a group's trials that can be alike (1 where all belong to one seller): only they
            carry the correlation.
    """
    k, n = np.broadcast_arrays(np.asarray(observed, dtype=float), np.asarray(trials, dtype=float))
    mean = np.clip(np.broadcast_to(np.asarray(rate, dtype=float), k.shape), 1e-12, 1 - 1e-9)
    alike = np.clip(variation**2 * mean / (1 - mean), spread, 0.5) * np.broadcast_to(np.asarray(gathered), k.shape)
    scale = 1 / np.maximum(alike, 1e-6) - 1
    p = np.ones(k.shape)
    beyond = k > n * mean
    p[beyond] = _upper(k[beyond], n[beyond], (mean * scale)[beyond], ((1 - mean) * scale)[beyond])
    return _floor(p)


def _upper(k: Floats, n: Floats, a: Floats, b: Floats) -> Floats:
    """Beta-binomial tail from `k` above the mean, as a sum of terms that shrink; 1 - cdf would lose small tails."""
    from scipy import special

    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    term: Floats = np.exp(ways + special.betaln(k + a, n - k + b) - special.betaln(a, b))
    total, place, added = term.copy(), k.copy(), np.arange(k.size)
    for _ in range(_MOST_TERMS):
        term = term * (n - place) / (place + 1) * (a + place) / np.maximum(b + n - place - 1, 1e-12)
        place = place + 1
        total[added] += term
        if not np.any(term > 1e-12 * total[added]):
            break
        grows = np.flatnonzero(term > _NOTHING * total[added])
        if 2 * grows.size < added.size:  # most sums are done: go on with the others
            term, place, n, a, b = (values[grows] for values in (term, place, n, a, b))
            added = added[grows]
    return np.minimum(total, 1.0)


def spread_of(observed: Floats, trials: Floats) -> float:
    """Intra-group correlation by moments, from the groups below the 95th percentile of rates.

    The highest groups are left out because they are what the test looks for.
    """
    known = trials >= 5
    if known.sum() < 20:
        return 0.0
    rates = observed[known] / trials[known]
    calm = rates <= np.quantile(rates, 0.95)
    counts, sizes = observed[known][calm], trials[known][calm]
    mean = counts.sum() / sizes.sum()
    noise = mean * (1 - mean)
    if noise <= 0:
        return 0.0
    excess = ((counts - sizes * mean) ** 2 / (sizes * noise) - 1) / (sizes - 1)
    return float(np.clip(np.average(excess, weights=sizes), 0.0, 0.5))


def benjamini_hochberg(p_values: ArrayLike, *, tested: int | None = None) -> Floats:
    """q-values by Benjamini and Hochberg (1995); `tested` counts hypotheses that are not in the list, with p = 1."""
    p = np.asarray(p_values, dtype=float)
    if not p.size:
        return p
    size = max(tested or 0, p.size)
    order = np.argsort(p, kind="stable")
    ranked = p[order] * size / np.arange(1, p.size + 1)
    q = np.empty_like(p)
    q[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return q


def _floor(p: ArrayLike) -> Floats:
    clipped: Floats = np.clip(np.asarray(p, dtype=float), SMALLEST, 1.0)
    return clipped
