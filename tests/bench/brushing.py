"""`python -m tests.bench.brushing`: seconds of the public brushing rule on ten million orders, typical and at worst.

The worst that was found: few shops of equal size, whose buyers all come back within the hour, and no brushing window.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import polars as pl

from toolkit.findings.brushing_rule import brushed_orders

_YEAR, _DAY = 365 * 86_400, 86_400
_MARKETS = {
    "shops of all sizes, one year": (20_000, 2_000_000, _YEAR),
    "300 shops, three days, 20,000 buyers": (300, 20_000, 3 * _DAY),
    "300 shops, three days, 500 buyers": (300, 500, 3 * _DAY),
}
"""Name -> sellers, buyers, seconds."""


def main() -> None:
    """Measure each market once."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.brushing", description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000_000)
    size = parser.parse_args().orders
    rng = np.random.default_rng(1)
    print("| market | orders | brushed | seconds | seconds of processors |\n|---|---|---|---|---|")
    for name, (sellers, buyers, span) in _MARKETS.items():
        shop = rng.zipf(1.5, size) % sellers if sellers > 1000 else rng.integers(0, sellers, size)
        columns = {"seller": shop, "buyer": rng.integers(0, buyers, size), "second": rng.integers(0, span, size)}
        stream = pl.DataFrame(columns).cast({"seller": pl.UInt32, "buyer": pl.UInt32})
        wall, used = time.perf_counter(), time.process_time()
        found = brushed_orders(stream).height
        wall, used = time.perf_counter() - wall, time.process_time() - used
        print(f"| {name} | {size:,} | {found:,} | {wall:.1f} | {used:.1f} |")


if __name__ == "__main__":
    main()
