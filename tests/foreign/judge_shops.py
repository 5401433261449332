"""Command: python -m tests.foreign.judge_shops --styles mekong,latam --seeds 1-3: what is found beside the rings.

Makes markets in which shops do wrong, and innocent shops look like it, investigates them, and prints per style: virtual
orders, category switches, soliciting messages, linked shops and findings by kind, then every wrong one and every miss.
"""

import argparse
import shutil
from collections import Counter
from pathlib import Path

import polars as pl

from tests.foreign.inspect_case import complaints
from tests.foreign.judge import ringscope
from tests.foreign.make import make
from tests.foreign.styles import STYLES
from toolkit.evaluate.findings import Hits, match, match_messages, match_seller_links, match_switches
from toolkit.evaluate.load import Results, Truth, read_results, read_truth
from toolkit.evaluate.shops import judged_findings

VIRTUAL = ("s05", "s06", "s07", "s08", "s11", "s12", "s14", "y01", "y02", "y03", "y04")
"""Schemes whose orders stand for no purchase, or take money that is not theirs; others buy what they review."""


def judge(folder: Path, style: str, seed: int, orders: int, *, reuse: bool) -> tuple[Results, Truth, list[str]]:
    """One market from nothing to its results."""
    data, case = folder / f"{style}-{seed}", folder / f"{style}-{seed}.case"
    if not (reuse and (data / "truth").exists()):
        shutil.rmtree(data, ignore_errors=True)
        make(data, style, orders, seed, shops=True)
    shutil.rmtree(case, ignore_errors=True)
    ringscope("investigate", str(data), "--out", str(case), "--quiet")
    return read_results(case), read_truth(data / "truth"), complaints(case)


def hits(r: Results, t: Truth) -> dict[str, Hits]:
    """Everything that is listed against everything that was planted."""
    assert r.findings is not None
    assert r.virtual_orders is not None
    assert t.orders is not None
    known = t.orders.join(t.rings.select("ring_id", "scheme"), on="ring_id")
    virtual = known.filter(pl.col("scheme").str.slice(0, 3).is_in(VIRTUAL))
    listed = r.virtual_orders["order_id"]
    every, found = match(listed, t.orders["order_id"]), match(listed, virtual["order_id"])
    out = {"virtual orders": Hits(every.listed, every.right, found.planted, found.found)}
    for (scheme,), part in sorted(virtual.group_by("scheme")):
        own = match(listed, part["order_id"])
        out[f"  {scheme}"] = Hits(0, 0, own.planted, own.found)
    if t.category_switches is not None and t.category_switches.height:
        out["category switches"] = match_switches(r.findings, t.category_switches)
    if t.messages is not None:
        out["soliciting messages"] = match_messages(r.findings, t.messages)
    if r.seller_links is not None and t.linked_sellers is not None:
        out["pairs of linked shops"] = match_seller_links(r.seller_links, t.linked_sellers)
    return out


def wrong(r: Results, t: Truth) -> pl.DataFrame:
    """Findings that are not right, with the innocent groups that they name."""
    assert r.findings is not None
    assert r.orders is not None
    judged = judged_findings(r.findings, t, r.orders)
    bad = judged.filter(~pl.col("right"))
    switched = r.findings.filter(pl.col("kind") == "category_switch")
    if t.category_switches is not None:
        moved = t.category_switches["listing_id"]
        bad = pl.concat(
            [
                bad,
                switched.filter(~pl.col("listing_id").is_in(moved.implode())).select(
                    "finding_id", "kind", right=pl.lit(value=False)
                ),
            ]
        )
    told = bad.join(r.findings.drop("kind"), on="finding_id")
    assert t.traps is not None
    names = t.traps.filter(pl.col("entity_kind") != "buyer").group_by("entity_id").agg(pl.col("kind").unique())
    traps = dict(names.iter_rows())
    return told.with_columns(
        traps=pl.struct("seller_id", "listing_id").map_elements(
            lambda x: ", ".join(sorted({*traps.get(x["seller_id"], []), *traps.get(x["listing_id"], [])})), return_dtype=pl.String
        )
    ).select("finding_id", "kind", "traps", "statement")  # fmt: skip


def show(style: str, results: dict[int, tuple[Results, Truth, list[str]]]) -> None:
    """Print one style's results."""
    sums: dict[str, list[Hits]] = {}
    kinds: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for r, t, _ in results.values():
        for name, one in hits(r, t).items():
            sums.setdefault(name, []).append(one)
        assert r.findings is not None
        assert r.orders is not None
        for _, kind, fine in judged_findings(r.findings, t, r.orders).iter_rows():
            kinds[kind] += 1
            right[kind] += fine
    print(f"\n== {style}, seeds {sorted(results)}")
    for name, parts in sums.items():
        h = Hits(*(sum(getattr(part, x) for part in parts) for x in ("listed", "right", "planted", "found")))
        print(
            f"  {name:<26} listed {h.listed:5}  precision {_share(h.precision)}  planted {h.planted:5}  recall {_share(h.recall)}"
        )
    print("  findings: " + ", ".join(f"{kind} {right[kind]} of {kinds[kind]}" for kind in sorted(kinds)))
    for seed, (r, t, notes) in results.items():
        for row in wrong(r, t).iter_rows(named=True):
            print(
                f"    wrong, seed {seed}: {row['kind']} {row['finding_id']} [{row['traps']}] {row['statement'][:170]}"
            )
        for note in notes:
            print(f"    seed {seed}: {note}")


def _share(x: float | None) -> str:
    return "    -" if x is None else f"{x:.3f}"


def main() -> None:
    """Parse, judge, print."""
    parser = argparse.ArgumentParser(prog="tests.foreign.judge_shops")
    parser.add_argument("--styles", default="mekong,latam,usa,sea,faceless", help=f"of {', '.join(STYLES)}")
    parser.add_argument("--seeds", default="1-3", help="like 1-3 or 1,4")
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, default=Path("build/foreign-shops"))
    parser.add_argument("--reuse", action="store_true", help="keep markets that are there")
    args = parser.parse_args()
    low, _, high = args.seeds.partition("-")
    seeds = range(int(low), int(high) + 1) if high else [int(x) for x in args.seeds.split(",")]
    for style in args.styles.split(","):
        show(style, {seed: judge(args.folder, style, seed, args.orders, reuse=args.reuse) for seed in seeds})


if __name__ == "__main__":
    main()
