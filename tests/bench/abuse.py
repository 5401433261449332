"""`python -m tests.bench.abuse --seeds 1-3`: what is found beside the rings, and what each innocent look-alike raises.

Per market: virtual orders, category switches, solicitation and linked shops against the truth. Over all: the same
pooled, findings by kind, and every look-alike with its occurrences, the alerts and findings that it raised, and the
share of occurrences that raised an alert or a finding, the worst first. Markets and cases that are in the folder are
used again.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from toolkit.evaluate.findings import Hits
from toolkit.evaluate.load import read_results, read_truth
from toolkit.evaluate.scorecard import Scorecard, evaluate

LIMIT = 0.02
"""Share of a look-alike's occurrences that may raise an alert."""


def main() -> None:
    """Judge the markets that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.abuse", description=__doc__)
    parser.add_argument("--seeds", default="1-2", help="as 1-3 or 1,4,9")
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--rings", type=int, default=28)
    parser.add_argument("--folder", type=Path, default=Path("build/abuse"))
    parser.add_argument("--again", action="store_true", help="investigate anew where a case is there")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    cards = {}
    for seed in seeds(asked.seeds):
        data = asked.folder / f"market-{asked.orders}-{asked.rings}-{seed}-parquet"
        case = asked.folder / f"case-{asked.orders}-{asked.rings}-{seed}"
        _make(data, case, asked.orders, asked.rings, seed, again=asked.again)
        cards[str(seed)] = evaluate(read_results(case), read_truth(data / "truth"))
    show(cards)


def seeds(text: str) -> list[int]:
    """Seeds as 1-3 or 1,4,9."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last) + 1)) if last else [int(part) for part in text.split(",")]


def _make(data: Path, case: Path, orders: int, rings: int, seed: int, *, again: bool) -> None:
    if not (data / "truth").exists():
        _run("simulate", data, "--format", "parquet", "--orders", orders, "--rings", rings, "--seed", seed)
    if again:
        shutil.rmtree(case, ignore_errors=True)  # a case that is there would be taken as it is
    if not (case / "results" / "findings.parquet").exists():
        _run("investigate", data, "--out", case)


def _run(*words: object) -> None:
    command = [sys.executable, "-m", "toolkit.cli", *map(str, words), "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def show(cards: dict[str, Scorecard]) -> None:
    """Print the tables."""
    print("| market | virtual orders, precision | recall | switches | solicitation | linked shops | false alerts |")
    print("|---|---|---|---|---|---|---|")
    for name, card in cards.items():
        parts = [_both(hits) for hits in (card.switches, card.messages, card.seller_links)]
        first = card.orders.get("all")
        wrong = f"{card.rings.alerts - card.rings.right} of {card.rings.alerts}"
        print(f"| {name} | {_line(first)} | {' | '.join(parts)} | {wrong} |")
    _pooled(list(cards.values()))
    _findings(list(cards.values()))
    _traps(list(cards.values()))


def _pooled(cards: list[Scorecard]) -> None:
    print("\n| all markets | listed | precision | planted | recall |\n|---|---|---|---|---|")
    names = sorted({scheme for card in cards for scheme in card.orders})
    groups = {f"virtual orders, {name}": [c.orders[name] for c in cards if name in c.orders] for name in names}
    groups["category switches"] = [card.switches for card in cards if card.switches]
    groups["solicitation messages"] = [card.messages for card in cards if card.messages]
    groups["pairs of linked shops"] = [card.seller_links for card in cards if card.seller_links]
    for name, hits in groups.items():
        one = Hits(*(sum(getattr(h, part) for h in hits) for part in ("listed", "right", "planted", "found")))
        if one.planted or one.listed:
            print(f"| {name} | {one.listed} | {_share(one.precision)} | {one.planted} | {_share(one.recall)} |")


def _findings(cards: list[Scorecard]) -> None:
    print("\n| findings | listed | right | share |\n|---|---|---|---|")
    for kind in sorted({kind for card in cards for kind in card.findings}):
        listed, right = (sum(card.findings.get(kind, (0, 0))[part] for card in cards) for part in (0, 1))
        print(f"| {kind} | {listed} | {right} | {_share(right / listed)} |")


def _traps(cards: list[Scorecard]) -> None:
    sums = {part: Counter[str]() for part in ("planted", "raised", "alerts", "findings")}
    for trap in (trap for card in cards for trap in card.traps):
        for part, counter in sums.items():
            counter[trap.kind] += getattr(trap, part)
    planted, alerts = sums["planted"], sums["alerts"]
    print("\n| look-alike | occurrences | alerts | findings | share, alerts | share, either | |\n" + "|---" * 7 + "|")
    for kind in sorted(planted, key=lambda kind: (-sums["raised"][kind] / planted[kind], kind)):
        share, either = alerts[kind] / planted[kind], sums["raised"][kind] / planted[kind]
        over = "above the limit" if either > LIMIT else ""
        figures = f"{planted[kind]} | {alerts[kind]} | {sums['findings'][kind]} | {share:.3f} | {either:.3f}"
        print(f"| {kind} | {figures} | {over} |")


def _line(hits: Hits | None) -> str:
    return "- | -" if hits is None else f"{_share(hits.precision)} | {_share(hits.recall)}"


def _both(hits: Hits | None) -> str:
    return "-" if hits is None else f"{_share(hits.precision)}, {_share(hits.recall)}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
