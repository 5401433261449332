"""Tails agree with SciPy's distributions, also where 1 - cdf has no digits left."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from toolkit.findings.tails import benjamini_hochberg, binomial_tail, mixed_tail, poisson_tail, spread_of


def test_poisson_and_binomial_agree_with_scipy():
    counts = np.array([0, 1, 3, 40])
    assert poisson_tail(counts, 2.5) == pytest.approx(stats.poisson.sf(counts - 1, 2.5), rel=1e-9)
    assert binomial_tail(counts, 50, 0.1) == pytest.approx(stats.binom.sf(counts - 1, 50, 0.1), rel=1e-6)
    assert binomial_tail([5], [4], [0.5])[0] < 1e-200


def test_beta_binomial_is_a_sum_of_its_terms():
    mean, variation = 0.02, 0.5
    scale = (1 - mean) / (variation**2 * mean) - 1
    a, b = mean * scale, (1 - mean) * scale
    exact = sum(stats.betabinom.pmf(k, 200, a, b) for k in range(12, 201))
    assert mixed_tail([12], [200], [mean], spread=0.0, variation=variation)[0] == pytest.approx(exact, rel=1e-6)


def test_a_count_at_its_mean_is_no_excess():
    assert mixed_tail([2], [200], [0.01], spread=0.0, variation=0.5)[0] == 1.0


def test_spread_is_that_of_the_calm_groups():
    rng = np.random.default_rng(3)
    trials = np.full(2000, 50.0)
    calm = rng.binomial(50, 0.2, 2000).astype(float)
    wild = rng.binomial(50, rng.beta(2, 8, 2000)).astype(float)
    assert spread_of(calm, trials) < 0.01
    assert spread_of(wild, trials) > 0.04


def test_p_values_of_honest_groups_are_not_too_small():
    rng = np.random.default_rng(5)
    rates = rng.beta(4, 36, 4000)
    trials = rng.integers(20, 200, 4000).astype(float)
    marked = rng.binomial(trials.astype(int), rates).astype(float)
    p = mixed_tail(marked, trials, 0.1, spread=spread_of(marked, trials), variation=0.5)
    assert (p < 0.01).mean() < 0.02
    assert (benjamini_hochberg(p) < 0.01).sum() == 0


def test_false_discovery_counts_what_is_not_listed():
    assert benjamini_hochberg([0.01, 0.04, 0.03]).tolist() == pytest.approx([0.03, 0.04, 0.04])
    assert benjamini_hochberg([0.01], tested=10).tolist() == pytest.approx([0.1])
    assert benjamini_hochberg([]).size == 0
