"""Our own scoring of a case, from the contract's words alone, to be compared with the toolkit's."""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl


@dataclass
class Score:
    """What one market's case is worth."""

    alerts: int = 0
    right: int = 0
    found: set[str] = field(default_factory=set)
    rings: dict[str, tuple[str, int]] = field(default_factory=dict)
    touched: dict[str, str] = field(default_factory=dict)
    raised: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    member_hits: int = 0
    member_listed: int = 0
    member_planted: int = 0
    blamed: list[tuple[str, str, str]] = field(default_factory=list)


def score(case: Path, truth: Path) -> Score:
    """A ring is found iff one alert C has |C&R| >= |R|/2 and |C&R| >= |C|/2; an alert is right iff half of it is planted."""
    rings = pl.read_parquet(case / "results/rings.parquet")
    found_members = pl.read_parquet(case / "results/members.parquet")
    planted = pl.read_csv(truth / "members.csv", infer_schema=False)
    listed = pl.read_csv(truth / "rings.csv", infer_schema=False)
    traps = pl.read_csv(truth / "traps.csv", infer_schema=False)
    s = Score(rings={r: (k, int(v)) for r, k, v in listed.select("ring_id", "scheme", "level").iter_rows()})
    tier = dict(rings.select("ring_id", "tier").iter_rows())
    groups = {str(k[0]): set(v["buyer_id"]) for k, v in found_members.group_by("ring_id")}
    truths = {str(k[0]): set(v["buyer_id"]) for k, v in planted.group_by("ring_id")}
    guilty = set(planted["buyer_id"])
    people = traps.filter(pl.col("entity_kind") == "buyer")
    innocents = {(str(k[0]), str(k[1])): set(v["entity_id"]) for k, v in people.group_by("trap_id", "kind")}
    for ring_id, c in groups.items():
        if tier[ring_id] == "lead":
            _touch(s, ring_id, c, truths, "lead")
            continue
        s.alerts += 1
        right = 2 * len(c & guilty) >= len(c)
        s.right += right
        for r, m in truths.items():
            if 2 * len(c & m) >= max(len(m), len(c)) and r not in s.found:
                s.found.add(r)
                s.member_hits, s.member_listed, s.member_planted = (
                    s.member_hits + len(c & m),
                    s.member_listed + len(c),
                    s.member_planted + len(m),
                )
        _touch(s, ring_id, c, truths, tier[ring_id])
        trap = max(innocents, key=lambda t: len(c & innocents[t]), default=("", ""))
        if trap[0] and 2 * len(c & innocents[trap]) >= len(c):
            s.raised.append((ring_id, trap[0], trap[1]))
        elif not right:
            s.wrong.append(
                f"{ring_id} ({len(c)} members, {len(c & guilty)} planted, {len(c & innocents[trap])} of trap {trap[1]})"
            )
    s.blamed = _findings(case, traps)
    return s


def _touch(s: Score, ring_id: str, c: set[str], truths: dict[str, set[str]], tier: str) -> None:
    for r, m in truths.items():
        both = len(c & m)
        if both >= 3 and both * 3 >= min(len(m), len(c)):
            s.touched[r] = s.touched.get(r, "") + f" {tier} {ring_id}: {both} of {len(m)}, group of {len(c)};"


def _findings(case: Path, traps: pl.DataFrame) -> list[tuple[str, str, str]]:
    findings = pl.read_parquet(case / "results/findings.parquet")
    out = []
    for entity in ("seller", "listing"):
        mine = traps.filter(pl.col("entity_kind") == entity)
        hit = findings.join(mine, left_on=f"{entity}_id", right_on="entity_id")
        out += [
            (str(f), str(k), str(t)) for f, k, t in hit.select("finding_id", pl.col("kind_right"), "kind").iter_rows()
        ]
    return out
