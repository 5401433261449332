"""`python -m tests.bench.scale`: seconds, memory and what is found from Parquet to results, at 1 M and at 10 M orders.

Rings, look-alikes, buyers, shops and listings grow with the orders. Goals on two cores: 1 M in 25 s and 2.5 GB, 10 M
in 200 s and 8 GB, at most eleven times as long. Making 10 M takes 8 GB and several minutes; `--keep` keeps it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from tests.bench.runs import RINGS_PER_ORDERS, investigate, market
from toolkit.evaluate.load import read_results, read_truth
from toolkit.evaluate.scorecard import evaluate

HEADS = ("orders", "to results, s", "times the first", "processor, s (pages too)", "peak memory, MB", "load before")
FOUND = ("orders", "candidates", "leads", "alerts", "right", "rings found", "members, precision", "members, recall")


def main() -> None:
    """Measure each size once, in order."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--orders", default="1000000,10000000", help="sizes, with commas")
    parser.add_argument("--seed", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="a folder that markets and cases are kept in")
    parser.add_argument("--steps", action="store_true", help="tell seconds and memory of each step, in one more run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        sizes = [int(part) for part in asked.orders.split(",")]
        measured = [_measured(folder, orders, asked.seed) for orders in sizes]
        steps = [_steps(folder, orders, asked.seed) for orders in sizes] if asked.steps else []
    print(_table(HEADS, [[*row[:2], f"{row[1] / measured[0][0][1]:.1f}", *row[2:]] for row, _ in measured]))
    print(_table(FOUND, [found for _, found in measured]))
    for orders, told in zip(sizes, steps, strict=False):
        print(f"{orders:,} orders, {told}")


def _measured(folder: Path, orders: int, seed: int) -> tuple[list[Any], list[Any]]:
    """Figures of one size: the run's, and what it found."""
    rings = round(orders * RINGS_PER_ORDERS)
    data, case = market(folder, orders, rings, seed, "parquet"), folder / f"case-{orders}-{rings}-{seed}"
    load = os.getloadavg()[0]
    _, worked, manifest = investigate(data, case)
    stages = [manifest["stages"][name] for name in ("ingest", "results")]
    seconds = sum(stage["seconds"] for stage in stages)
    peak = max(stage["peak_memory_mb"] for stage in stages)
    card = evaluate(read_results(case), read_truth(data / "truth")).rings
    candidates = pl.scan_parquet(case / "results" / "candidates.parquet").select(pl.len()).collect().item()
    members = [f"{value:.3f}" if value is not None else "-" for value in (card.member_precision, card.member_recall)]
    found = [orders, candidates, card.leads, card.alerts, card.right, f"{card.found} of {card.planted}", *members]
    return [orders, round(seconds, 1), round(worked, 1), peak, round(load, 1)], found


def _steps(folder: Path, orders: int, seed: int) -> str:
    """What each step of one more run took; in a process of its own, whose memory is free again afterwards."""
    data, case = market(folder, orders, round(orders * RINGS_PER_ORDERS), seed, "parquet"), folder / f"steps-{orders}"
    shutil.rmtree(case, ignore_errors=True)
    command = [sys.executable, "-m", "tests.bench.stages", str(data), str(case)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _table(heads: tuple[str, ...], rows: list[list[Any]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    told = [[f"{value:,}" if isinstance(value, int) else str(value) for value in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in told) + "\n"


if __name__ == "__main__":
    main()
