"""Command: python -m tests.foreign.judge --styles usa,sea --seeds 1-3: makes, investigates and scores foreign markets."""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import polars as pl

from tests.foreign.inspect_case import complaints
from tests.foreign.make import make
from tests.foreign.score import Score, score
from tests.foreign.styles import STYLES


def ringscope(*words: str) -> str:
    """Run the program as a user would; its standard output."""
    program = Path(sys.executable).parent / "ringscope"
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"ringscope {' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def judge(folder: Path, style: str, seed: int, orders: int, *, reuse: bool) -> tuple[Score, float, list[str]]:
    """One market from nothing to its score; seconds are those of investigate."""
    data, case = folder / f"{style}-{seed}", folder / f"{style}-{seed}.case"
    if not (reuse and (data / "truth").exists()):
        shutil.rmtree(data, ignore_errors=True)
        make(data, style, orders, seed)
    shutil.rmtree(case, ignore_errors=True)
    started = time.perf_counter()
    ringscope("investigate", str(data), "--out", str(case), "--quiet")
    seconds = time.perf_counter() - started
    s = score(case, data / "truth")
    return s, seconds, [*complaints(case), *_differences(case, data / "truth", s)]


def _differences(case: Path, truth: Path, s: Score) -> list[str]:
    theirs = json.loads(ringscope("evaluate", str(case), "--truth", str(truth), "--json"))
    rings = theirs.get("rings", theirs)
    ours = {"alerts": s.alerts, "right": s.right, "found": len(s.found), "planted": len(s.rings)}
    return [
        f"evaluate says {k} {rings[k]}, the contract's definition gives {v}"
        for k, v in ours.items()
        if k in rings and rings[k] != v
    ]


def show(style: str, scores: dict[int, Score], seconds: list[float], notes: dict[int, list[str]], folder: Path) -> None:
    """Print one style's results."""
    total = Counter[str]()
    cells: dict[tuple[str, int], list[int]] = {}
    traps = Counter[str]()
    for s in scores.values():
        total.update(
            alerts=s.alerts,
            right=s.right,
            found=len(s.found),
            rings=len(s.rings),
            hits=s.member_hits,
            listed=s.member_listed,
            planted=s.member_planted,
        )
        traps.update(kind for _, _, kind in s.raised)
        for r, (scheme, level) in s.rings.items():
            for key in ((scheme, level), ("all", level)):
                cell = cells.setdefault(key, [0, 0])
                cell[0] += r in s.found
                cell[1] += 1
    t = total
    print(f"\n== {style}, seeds {sorted(scores)}: alerts {t['alerts']}, precision {_share(t['right'], t['alerts'])}, ring recall {_share(t['found'], t['rings'])} "
          f"({t['found']} of {t['rings']}), members precision {_share(t['hits'], t['listed'])} recall {_share(t['hits'], t['planted'])}, seconds {', '.join(f'{x:.0f}' for x in seconds)}")  # fmt: skip
    for name in sorted({k for k, _ in cells}, key=lambda x: (x != "all", x)):
        print(
            f"  {name:<26}"
            + "".join("{:>8}".format(f"{c[0]}/{c[1]}" if (c := cells.get((name, lv))) else "") for lv in range(4))
        )
    print("  traps raised:", ", ".join(f"{k} {n}" for k, n in traps.most_common()) or "none")
    for seed, s in scores.items():
        for line in [*s.wrong, *(f"finding {k} on trap {t} ({f})" for f, k, t in s.blamed), *notes[seed]]:
            print(f"  seed {seed}: {line}")
        _missed(s, seed)
        _explain(s, folder / f"{style}-{seed}.case", seed)


def _missed(s: Score, seed: int) -> None:
    for r, (scheme, level) in sorted(s.rings.items(), key=lambda x: x[1]):
        if r not in s.found:
            print(f"    missed, seed {seed}: {r} {scheme} level {level}:{s.touched.get(r, ' nothing near it')}")


def _explain(s: Score, case: Path, seed: int) -> None:
    evidence = pl.read_parquet(case / "results/evidence.parquet")
    for ring_id, trap, kind in s.raised:
        mine = evidence.filter(pl.col("ring_id") == ring_id)
        tests = Counter(mine["test"].to_list())
        first = mine.unique("test", keep="first", maintain_order=True)["statement"].head(3).to_list()
        print(f"    raised, seed {seed}: {kind} {trap} as {ring_id}: {dict(tests)}; {' | '.join(first)}")


def _share(a: int, b: int) -> str:
    return f"{a / b:.2f}" if b else "-"


def main() -> None:
    """Parse, judge, print."""
    parser = argparse.ArgumentParser(prog="tests.foreign.judge")
    parser.add_argument("--styles", default=",".join(STYLES))
    parser.add_argument("--seeds", default="1-3", help="like 1-3 or 1,4")
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, default=Path("build/foreign"))
    parser.add_argument("--reuse", action="store_true", help="keep markets that are there")
    args = parser.parse_args()
    low, _, high = args.seeds.partition("-")
    seeds = range(int(low), int(high) + 1) if high else [int(x) for x in args.seeds.split(",")]
    for style in args.styles.split(","):
        scores, seconds, notes = {}, [], {}
        for seed in seeds:
            scores[seed], spent, notes[seed] = judge(args.folder, style, seed, args.orders, reuse=args.reuse)
            seconds.append(spent)
        show(style, scores, seconds, notes, args.folder)


if __name__ == "__main__":
    main()
