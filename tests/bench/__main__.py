"""`make bench`: seconds and memory of the main job, and how much it finds on markets that no threshold was chosen on.

Prints Markdown tables for docs/benchmarks.md. Sizes and seeds can be given, see `python -m tests.bench --help`.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from tests.bench.runs import RINGS_PER_ORDERS, investigate, market
from toolkit.evaluate.load import read_results, read_truth
from toolkit.evaluate.scorecard import evaluate

if TYPE_CHECKING:
    from toolkit.evaluate.metrics import RingScores


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--orders", default="200000,1000000", help="sizes to time, with commas")
    parser.add_argument("--format", default="csv", choices=["csv", "parquet"])
    parser.add_argument(
        "--seeds", default="100-109", help="markets of 200,000 orders to judge, as 100-109; empty for none"
    )
    parser.add_argument("--calm", default="200-204", help="the same without rings")
    parser.add_argument("--keep", type=Path, help="a folder that markets and cases are kept in")
    asked = parser.parse_args()
    cores, memory = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    today, python = datetime.now(UTC).date(), platform.python_version()
    print(f"{today}, {cores} cores, {memory} GiB, Python {python}, Polars {pl.__version__}\n")
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        speed(folder, [int(part) for part in asked.orders.split(",") if part], asked.format)
        quality(folder, _range(asked.seeds), rings=28)
        quality(folder, _range(asked.calm), rings=0)


def _range(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1)) if first else []


def speed(folder: Path, sizes: list[int], form: str) -> None:
    """One line a size: seconds from files to results and to pages, and the largest memory."""
    heads = ("to results, s", "pages, s", "whole process, s", "processor, s", "peak memory, MB", "load before")
    print(f"| orders | rings | format | {' | '.join(heads)} |")
    print("|---|---|---|---|---|---|---|---|---|")
    for orders in sizes:
        rings = round(orders * RINGS_PER_ORDERS)
        data = market(folder, orders, rings, 300, form)
        load = os.getloadavg()[0]
        whole, worked, manifest = investigate(data, folder / f"case-{orders}")
        stages = manifest["stages"]
        to_results = sum(stages[name]["seconds"] for name in ("ingest", "results"))
        peak = max(stage["peak_memory_mb"] for stage in stages.values())
        figures = (
            f"{to_results:.1f}",
            f"{stages['reports']['seconds']:.1f}",
            f"{whole:.1f}",
            f"{worked:.1f}",
            f"{peak:,}",
            f"{load:.1f}",
        )
        print(f"| {orders:,} | {rings} | {form} | {' | '.join(figures)} |", flush=True)
    print()


def quality(folder: Path, seeds: list[int], *, rings: int) -> None:
    """One line a market, and the sums by level and by scheme."""
    if not seeds:
        return
    print(f"markets of 200,000 orders with {rings} rings\n")
    print("| seed | alerts | right | rings found | members, precision | members, recall | leads |")
    print("|---|---|---|---|---|---|---|")
    cards = [_judged(folder, seed, rings) for seed in seeds]
    alerts, right = sum(c.alerts for c in cards), sum(c.right for c in cards)
    planted, found = sum(c.planted for c in cards), sum(c.found for c in cards)
    sums = f"{right} ({_share(right, alerts)}) | {found} of {planted} ({_share(found, planted)})"
    print(f"| all | {alerts} | {sums} | | | |\n")
    groups = [group for card in cards for group in card.groups]
    by_level = [group for group in groups if group.level is not None and group.scheme is None]
    by_scheme = [group for group in groups if group.scheme is not None and group.level is None]
    for what, chosen in (("level", by_level), ("scheme", by_scheme)):
        for name in sorted({getattr(group, what) for group in chosen}):
            same = [group for group in chosen if getattr(group, what) == name]
            there, seen = sum(group.planted for group in same), sum(group.found for group in same)
            print(f"| {what} {name} | {seen} of {there} | {_share(seen, there)} |")
    print(flush=True)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _judged(folder: Path, seed: int, rings: int) -> RingScores:
    data, case = market(folder, 200_000, rings, seed, "parquet"), folder / f"case-{rings}-{seed}"
    investigate(data, case)
    card = evaluate(read_results(case), read_truth(data / "truth")).rings
    members = [f"{value:.3f}" if value is not None else "-" for value in (card.member_precision, card.member_recall)]
    found = f"{card.found} of {card.planted}"
    print(f"| {seed} | {card.alerts} | {card.right} | {found} | {' | '.join(members)} | {card.leads} |", flush=True)
    return card


main()
