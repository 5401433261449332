"""Upper tails as -log10 p, exact far beyond what a float holds, and the correction for many tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_LN10 = float(np.log(10.0))
_DEEP = 1e-250  # below it SciPy's tails lose digits and soon become zero


def count_surprise(k: Floats, mean: Floats, others: Floats) -> Floats:
    """-log10 P(K >= k) of a count whose rate was learnt from `others` events elsewhere.

    With a rate known for sure K would be Poisson. Here the rate has the spread of an estimate from `others` events plus
    one, which makes K negative binomial with that many successes; its tail equals the exact conditional test of two
    Poisson rates, Bin(others + k, share). For many other events it is the Poisson tail.
    Source: Przyborowski and Wilenski (1940) for the conditional test.

    Args:
        k: Observed counts.
        mean: Expected counts, the pseudo-event included.
        others: Events outside, of which the rate was learnt.
    """
    from scipy import stats

    size = others + 1.0
    keep = size / (size + mean)
    plain = np.asarray(stats.nbinom.sf(k - 1.0, size, keep))
    log = np.log(np.maximum(plain, _DEEP))
    deep = np.asarray(plain < _DEEP)
    if deep.any():
        ratio = (k[deep] + size[deep]) / (k[deep] + 1.0) * (1.0 - keep[deep])
        series = -np.log1p(-np.minimum(ratio, 0.999))  # a geometric series bounds the terms after the first
        log[deep] = stats.nbinom.logpmf(k[deep], size[deep], keep[deep]) + series
    surprise: Floats = np.maximum(-log / _LN10, 0.0)
    return surprise


def poisson_binomial_surprise(k: Ints, cell: Ints, p: Floats) -> Floats:
    """-log10 P(K >= k) for sums of unlike yes-or-no draws, exactly.

    Cells go side by side: the state is how many more are needed, the step is the next draw of every cell. All terms are
    positive, so the smallest tail keeps its digits.

    Args:
        k: Observed count of each cell.
        cell: Cell of each draw, sorted.
        p: Probability of each draw.
    """
    draws = np.bincount(cell, minlength=k.size)
    order = np.argsort(-draws, kind="stable")  # cells with draws left are always the first ones
    first = (np.cumsum(draws) - draws)[order]
    left, need = draws[order], k[order]
    state = np.zeros((k.size, int(k.max(initial=0)) + 2))
    state[np.arange(k.size), need] = 1.0
    active = np.searchsorted(-left, -np.arange(1, int(left.max(initial=0)) + 1), side="right")
    for draw, rows in enumerate(active):
        chance = p[first[:rows] + draw][:, None]
        now = state[:rows]
        moved = now[:, 1:] * chance
        done = now[:, 0].copy()
        now[:, 1:] *= 1.0 - chance
        now[:, :-1] += moved
        now[:, 0] = done + moved[:, 0]
    surprise = np.empty(k.size)
    surprise[order] = -np.log10(np.maximum(state[:, 0], _DEEP))
    return surprise


def q_surprise(surprise: Floats, family: float) -> Floats:
    """-log10 q by Benjamini and Hochberg (1995), of the smallest p-values in a family of tests."""
    order = np.argsort(-surprise, kind="stable")
    ranks = np.arange(1, surprise.size + 1)
    scaled = surprise[order] + np.log10(ranks) - np.log10(max(family, 1.0))
    out = np.empty(surprise.size)
    out[order] = np.maximum(np.maximum.accumulate(scaled[::-1])[::-1], 0.0)
    return out
