"""The measure itself: it passes what is uniform, and finds what is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.statistics.uniform import spread, uniformity

N = 4_000


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def _counted(rng: np.random.Generator, mean: float, expected: float) -> tuple[np.ndarray, np.ndarray]:
    """p and u of Poisson counts with one mean, held against another."""
    k = rng.poisson(mean, N)
    exact, more = stats.poisson.sf(k - 1, expected), stats.poisson.sf(k, expected)
    return exact, spread(exact, more, exact, rng)


def test_counts_held_against_their_own_law_are_uniform(rng: np.random.Generator) -> None:
    assert uniformity(*_counted(rng, 1.5, 1.5)).says(1) == "uniform"


def test_too_much_expected_is_conservative(rng: np.random.Generator) -> None:
    assert uniformity(*_counted(rng, 1.5, 2.0)).says(1) == "conservative"


def test_too_little_expected_is_found(rng: np.random.Generator) -> None:
    assert uniformity(*_counted(rng, 1.5, 1.2)).says(1) == "TOO SMALL"


def test_a_tail_alone_is_found(rng: np.random.Generator) -> None:
    p = rng.random(N)
    p[:40] = 1e-5
    assert uniformity(p, p).says(1) == "TOO SMALL"
