from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from toolkit.link.gift_cards.tails import count_surprise, poisson_binomial_surprise, q_surprise


def test_many_other_events_give_the_poisson_tail() -> None:
    k, mean = np.array([3.0, 10.0, 14.0]), np.array([0.5, 2.0, 1.2])
    found = count_surprise(k, mean, np.full(3, 1e9))
    assert found == pytest.approx(-stats.poisson.logsf(k - 1, mean) / np.log(10), rel=1e-4)


def test_few_other_events_give_the_exact_conditional_test() -> None:
    others, share = 4.0, 0.02
    mean = (others + 1) * share / (1 - share)
    found = count_surprise(np.array([5.0]), np.array([mean]), np.array([others]))
    assert found == pytest.approx(-stats.binom.logsf(4, 9, share) / np.log(10))


def test_a_tail_below_the_smallest_float_is_still_a_number() -> None:
    found = count_surprise(np.array([150.0, 151.0]), np.array([0.01, 0.01]), np.array([1e6, 1e6]))
    assert found[0] == pytest.approx(-stats.poisson.logpmf(150, 0.01) / np.log(10), rel=1e-3)
    assert found[1] > found[0] > 300


def test_unlike_draws_are_summed_exactly() -> None:
    p = np.array([0.5, 0.2, 0.1, 0.3, 0.3, 0.3, 0.3])
    cell = np.array([0, 0, 0, 1, 1, 1, 1])
    found = poisson_binomial_surprise(np.array([2, 3]), cell, p)
    two_of_three = 0.5 * 0.2 * 0.9 + 0.5 * 0.8 * 0.1 + 0.5 * 0.2 * 0.1 + 0.5 * 0.2 * 0.1
    assert found == pytest.approx(-np.log10([two_of_three, stats.binom.sf(2, 4, 0.3)]))


def test_every_draw_needed_keeps_its_digits() -> None:
    found = poisson_binomial_surprise(np.array([40]), np.zeros(40, np.int64), np.full(40, 1e-5))
    assert found == pytest.approx([200.0])


def test_q_counts_the_tests_that_were_not_listed() -> None:
    found = q_surprise(np.array([2.0, 6.0, 6.3]), 1e4)
    assert found == pytest.approx([0.0, 6.0 + np.log10(2) - 4, 6.0 + np.log10(2) - 4])
