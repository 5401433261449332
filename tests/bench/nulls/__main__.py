"""`python -m tests.bench.nulls`: which null is calibrated; prints the tables of docs/detection.md.

Markets without rings: simulated, foreign (in all their styles in turn), and each of both with its acts dealt out anew
within weeks, so that degrees and season stay and nobody acts together.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.nulls.fit import LEVELS, STRATA, Fit, fits
from tests.bench.nulls.laws import Configured, laws
from tests.bench.nulls.views import buyers, listings
from tests.foreign.make import make
from tests.foreign.styles import STYLES
from tests.statistics.worlds import read, simulated
from toolkit.calibrate import swapped
from toolkit.case import Case
from toolkit.market import Market

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> None:
    """Fit every law to every market, and print what they come to together."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.nulls", description=__doc__)
    parser.add_argument("--seeds", default="5,17,18", help="of simulated markets")
    parser.add_argument("--orders", type=int, default=200_000, help="of each simulated market")
    parser.add_argument("--foreign", default="1,2,3,4,5,6,7,8,9", help="seeds of foreign markets")
    parser.add_argument("--foreign-orders", type=int, default=50_000)
    parser.add_argument("--keep", type=Path, help="a folder that cases are kept in")
    asked = parser.parse_args()
    found: dict[tuple[str, str, str, str], list[Fit]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as scratch:
        for kind, market in _markets(asked, asked.keep or Path(scratch)):
            _measure(kind, market, found)
    print(f"{datetime.now(UTC).date()}, simulated seeds {asked.seeds}, foreign seeds {asked.foreign}\n")
    _print(found)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def _markets(asked: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Market]]:
    for seed in _numbers(asked.seeds):
        case = folder / f"simulated-{asked.orders}-{seed}"
        there = (case / "case" / "tables").is_dir()
        market = Market(Case(case / "case")) if there else simulated(case, orders=asked.orders, seed=seed)
        yield "simulated", market
        yield "simulated, dealt", swapped(market, seed)
    for seed in _numbers(asked.foreign):
        style = sorted(STYLES)[seed % len(STYLES)]
        case = folder / f"foreign-{style}-{asked.foreign_orders}-{seed}"
        if not (case / "case" / "tables").is_dir():
            make(case / "data", style, asked.foreign_orders, seed, rings=0)
        market = (
            Market(Case(case / "case")) if (case / "case" / "tables").is_dir() else read(case / "data", case / "case")
        )
        yield "foreign", market
        yield "foreign, dealt", swapped(market, seed)


def _measure(kind: str, market: Market, found: dict[tuple[str, str, str, str], list[Fit]]) -> None:
    rng = np.random.default_rng(0)
    for every in (buyers(market), listings(market)):
        bound = 0.0
        for view, law in laws(every):
            bound = max(bound, law.error if isinstance(law, Configured) else 0.0)
            for fit in fits(view, law, rng):
                found[kind, view.name, law.name, fit.stratum].append(fit)
        print(f"{kind}: {every[0].name}, {len(every)} views, BiCM within {bound:.1e} (Le Cam)", flush=True)


def _print(found: dict[tuple[str, str, str, str], list[Fit]]) -> None:
    """A table a side and kind of market; each cell tells pairs of two with few acts, of one busy, and of two busy."""
    for side, kind in sorted({(side, kind) for kind, side, _, _ in found}):
        print(f"\n{side}, {kind}: {' / '.join(STRATA)}\n")
        print(f"| null | met / expected | KS | KS, met | {' | '.join(f'{level:.0e}' for level in LEVELS)} |")
        print("|---|---|---|---|" + "---|" * len(LEVELS))
        for law in dict.fromkeys(law for a, b, law, _ in found if (a, b) == (kind, side)):
            strata = [_figures(found[kind, side, law, stratum]) for stratum in STRATA]
            print(f"| {law} | " + " | ".join(" / ".join(cell) for cell in zip(*strata, strict=True)) + " |")


def _figures(several: list[Fit]) -> list[str]:
    """Sums over markets and seasons, each by its pairs; distances are means."""
    pairs, met = (np.array([getattr(fit, name) for fit in several]) for name in ("pairs", "met"))
    shares = pairs @ np.array([fit.shares for fit in several]) / pairs.sum()
    ratio = met.sum() / sum(fit.expected for fit in several)
    among = met @ np.array([fit.among for fit in several]) / max(met.sum(), 1)
    distance = pairs @ np.array([fit.distance for fit in several]) / pairs.sum()
    return [f"{ratio:.2f}", f"{distance:.4f}", f"{among:.3f}", *(f"{share:.2g}" for share in shares)]


main()
