"""Measure the view of near-identical texts: `python -m tests.bench.texts [ORDERS]`. Prints CPU seconds by source."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from toolkit.case import Case
from toolkit.config import LinkSettings
from toolkit.ingest import ingest
from toolkit.link import texts
from toolkit.link.regions import regions
from toolkit.market import Market as Coded
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market
from toolkit.simulate.writer import write


def measure(orders: int) -> dict[str, float]:
    """Figure -> value, on a market of seed 1."""
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "data", Path(folder) / "case"
        begun = time.process_time()
        write(simulate(Market(orders=orders, rings=max(1, orders // 7_000), seed=1)), data, form="parquet")
        told = {"simulated, s": time.process_time() - begun}
        ingest(data, out)
        market = Coded(Case(out))
        region = regions(market)
        for table in ("orders", "reviews", "messages", "listings"):
            market.table(table)  # coding is what all views share
        begun = time.process_time()
        for kind in texts.kinds(market, region, LinkSettings()):
            told[f"{kind.name}, s ({kind.frame['token'].n_unique()} texts of {kind.frame.height} accounts)"] = (
                time.process_time() - begun
            )
            begun = time.process_time()
        return told


if __name__ == "__main__":
    for name, value in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000).items():
        print(f"{name}: {value:.2f}")
    print(f"load (1 min) at the end: {os.getloadavg()[0]:.1f}")
