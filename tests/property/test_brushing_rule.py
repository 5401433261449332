"""The brushing rule equals a brute-force reading of section 4 on a thousand random streams."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import polars as pl
import pytest

from toolkit.findings.brushing_rule import brushed_orders, runs, suspicious_buyers


def oracle(orders: list[tuple[int, int, int]]) -> tuple[set[tuple], set[tuple]]:
    """Windows and buyers, by trying every whole second of every seller."""
    windows, buyers = set(), set()
    for seller in {seller for seller, _, _ in orders}:
        mine = sorted((second, buyer) for s, buyer, second in orders if s == seller)
        second, who = (np.array(column) for column in zip(*mine, strict=True))
        starts = np.arange(second[0] - 3600, second[-1] + 1)[:, None]
        inside = (starts <= second) & (second <= starts + 3600)
        distinct = sum(inside[:, who == buyer].any(axis=1).astype(int) for buyer in set(who.tolist()))
        brushing = [set(np.flatnonzero(row)) for row in np.unique(inside[inside.sum(axis=1) >= 3 * distinct], axis=0)]
        brushing = [window for window in brushing if window]
        brushed = sorted(set().union(*brushing))
        if not brushed:
            continue
        parts = [[brushed[0]]]
        for before, after in itertools.pairwise(brushed):
            if any({before, after} <= window for window in brushing):
                parts[-1].append(after)
            else:
                parts.append([after])
        for part in parts:
            who = {mine[i][1] for i in part}
            windows.add((seller, mine[part[0]][0], mine[part[-1]][0], len(part), len(who)))
        counts = Counter(mine[i][1] for i in brushed)
        top = max(counts.values())
        buyers |= {(seller, buyer, n) for buyer, n in counts.items() if n == top}
    return windows, buyers


def stream(rng: np.random.Generator) -> list[tuple[int, int, int]]:
    """A short random stream; gaps cluster round the window's length, where mistakes would show."""
    n, n_buyers = int(rng.integers(3, 22)), int(rng.integers(1, 6))
    gaps = rng.choice([0, 1, 600, 1199, 1200, 1201, 1800, 3599, 3600, 3601], n)
    wobble = rng.integers(0, 3, n)
    seconds = np.cumsum(np.where(rng.random(n) < 0.5, gaps // int(rng.integers(1, 6)), wobble))
    buyers = np.minimum(rng.geometric(0.5, n), n_buyers)
    return list(zip(rng.integers(0, 2, n).tolist(), buyers.tolist(), seconds.tolist(), strict=True))


def found(orders: list[tuple[int, int, int]]) -> tuple[set[tuple], set[tuple]]:
    schema = {"seller": pl.UInt32, "buyer": pl.UInt32, "second": pl.Int64}
    brushed = brushed_orders(pl.DataFrame(orders, schema=schema, orient="row"))
    windows = runs(brushed).select("seller", "window_start", "window_end", "orders", "buyers")
    return set(windows.rows()), set(suspicious_buyers(brushed).rows())


@pytest.mark.parametrize("block", range(10))
def test_equals_brute_force_on_a_hundred_streams(block):
    some = 0
    for seed in range(block * 100, block * 100 + 100):
        orders = stream(np.random.default_rng(seed))
        expected = oracle(orders)
        assert found(orders) == expected, f"seed {seed}: {orders}"
        some += bool(expected[0])
    assert 10 < some < 100, "streams must hold both sellers with and without windows"


def test_order_of_rows_does_not_matter():
    orders = stream(np.random.default_rng(4))
    assert found(orders) == found(orders[::-1])
