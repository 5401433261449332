"""How well alerts match planted rings: pure functions from frames to figures.

An alert is a ring of the results with tier `strong` or `moderate`. A planted ring R is *found* if one alert C holds at
least half of R and R makes up at least half of C. An alert is *right* if at least half of its members belong to planted
rings, whichever these are. Both definitions are the contract's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

ALERT_TIERS: Final = ("strong", "moderate")


@dataclass(frozen=True)
class Group:
    """Rings of one level, one scheme, or one scheme at one level; `None` where all are meant."""

    scheme: str | None
    level: int | None
    planted: int
    found: int

    @property
    def recall(self) -> float | None:
        """Share found; `None` where none was planted."""
        return ratio(self.found, self.planted)


@dataclass(frozen=True)
class RingScores:
    """Figures about alerts and planted rings.

    Args:
        alerts: Alerts raised.
        right: Of these, how many are right.
        planted, found: Planted rings, and how many were found.
        groups: Recall by level, by scheme, and by scheme and level.
        member_precision, member_recall: Members of found rings' best alerts, pooled over the found rings.
        bcubed_precision, bcubed_recall: B-cubed over accounts flagged or planted.
        leads, leads_right: Rings of tier `lead`, and how many of them are right; these are no alerts.
        largest: Members of the largest alert.
        found_rings: Planted rings that were found, with the alert that did.
        false_alerts: Ids of alerts that are not right.
    """

    alerts: int
    right: int
    planted: int
    found: int
    groups: tuple[Group, ...]
    member_precision: float | None
    member_recall: float | None
    bcubed_precision: float | None
    bcubed_recall: float | None
    leads: int
    leads_right: int
    largest: int
    found_rings: tuple[tuple[str, str], ...]
    false_alerts: tuple[str, ...]

    @property
    def precision(self) -> float | None:
        """Share of alerts that are right."""
        return ratio(self.right, self.alerts)

    @property
    def recall(self) -> float | None:
        """Share of planted rings that were found."""
        return ratio(self.found, self.planted)

    @property
    def member_f1(self) -> float | None:
        """Harmonic mean of member precision and recall."""
        return f1(self.member_precision, self.member_recall)

    @property
    def bcubed_f1(self) -> float | None:
        """Harmonic mean of B-cubed precision and recall."""
        return f1(self.bcubed_precision, self.bcubed_recall)


def ratio(part: float, whole: float) -> float | None:
    """`part / whole`, or `None` where there is no whole."""
    return part / whole if whole else None


def f1(precision: float | None, recall: float | None) -> float | None:
    """Harmonic mean; `None` where one of the two is unknown."""
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score_rings(
    rings: pl.DataFrame, members: pl.DataFrame, planted: pl.DataFrame, planted_members: pl.DataFrame
) -> RingScores:
    """Compare results with the truth.

    Args:
        rings: `ring_id`, `tier`; optionally `score`.
        members: `ring_id`, `buyer_id`.
        planted: `ring_id`, `scheme`, `level`.
        planted_members: `ring_id`, `buyer_id`.
    """
    right = _right(rings, members, planted_members)
    alerts, leads = (right.filter(pl.col("tier").is_in(ALERT_TIERS) == wanted) for wanted in (True, False))
    alert_members = members.join(alerts.select("ring_id"), on="ring_id", how="semi").select("ring_id", "buyer_id")
    matches = _matches(alert_members, planted_members)
    b_precision, b_recall = bcubed(alert_members, planted_members)
    return RingScores(
        alerts=len(alerts),
        right=int(alerts["right"].sum()),
        planted=len(planted),
        found=len(matches),
        groups=_groups(planted, matches),
        member_precision=ratio(int(matches["both"].sum()), int(matches["size"].sum())),
        member_recall=ratio(int(matches["both"].sum()), int(matches["planted_size"].sum())),
        bcubed_precision=b_precision,
        bcubed_recall=b_recall,
        leads=len(leads),
        leads_right=int(leads["right"].sum()),
        largest=int(alerts["size"].max() or 0),  # type: ignore[arg-type]
        found_rings=tuple(zip(matches["planted_id"], matches["ring_id"], strict=True)),
        false_alerts=tuple(alerts.filter(~pl.col("right"))["ring_id"]),
    )


def _right(rings: pl.DataFrame, members: pl.DataFrame, planted_members: pl.DataFrame) -> pl.DataFrame:
    """Each ring with its size, and whether at least half of it belongs to planted rings."""
    guilty = planted_members.select("buyer_id").unique().with_columns(planted=pl.lit(1))
    counted = (
        members.select("ring_id", "buyer_id")
        .unique()
        .join(guilty, on="buyer_id", how="left")
        .group_by("ring_id")
        .agg(size=pl.len(), planted=pl.col("planted").sum())
    )
    joined = rings.select("ring_id", pl.col("tier").cast(pl.String)).join(counted, on="ring_id", how="left")
    filled = joined.with_columns(pl.col("size", "planted").fill_null(0))
    return filled.with_columns(right=(pl.col("size") > 0) & (pl.col("planted") * 2 >= pl.col("size"))).sort("ring_id")


def _matches(members: pl.DataFrame, planted_members: pl.DataFrame) -> pl.DataFrame:
    """Found rings, each with the alert that shares most members with it."""
    theirs = planted_members.select(pl.col("ring_id").alias("planted_id"), "buyer_id").unique()
    both = members.unique().join(theirs, on="buyer_id").group_by("planted_id", "ring_id").agg(both=pl.len())
    sizes = members.unique().group_by("ring_id").agg(size=pl.len())
    planted_sizes = theirs.group_by("planted_id").agg(planted_size=pl.len())
    pairs = both.join(sizes, on="ring_id").join(planted_sizes, on="planted_id")
    halves = pairs.filter((pl.col("both") * 2 >= pl.col("planted_size")) & (pl.col("both") * 2 >= pl.col("size")))
    best = halves.sort("planted_id", -pl.col("both").cast(pl.Int64), "size", "ring_id")
    return best.unique("planted_id", keep="first", maintain_order=True)


def _groups(planted: pl.DataFrame, matches: pl.DataFrame) -> tuple[Group, ...]:
    marked = planted.with_columns(
        found=pl.col("ring_id").is_in(matches["planted_id"].implode()), level=pl.col("level").cast(pl.Int64)
    )
    groups: list[Group] = []
    for keys in (["level"], ["scheme"], ["scheme", "level"]):
        counted = marked.group_by(keys).agg(planted=pl.len(), found=pl.col("found").sum()).sort(keys)
        groups += [Group(**{"scheme": None, "level": None, **row}) for row in counted.iter_rows(named=True)]
    return tuple(groups)


def bcubed(members: pl.DataFrame, planted_members: pl.DataFrame) -> tuple[float | None, float | None]:
    """B-cubed precision and recall (Bagga and Baldwin, 1998) over accounts flagged or planted.

    An account outside all alerts is a cluster of its own, one outside all planted rings a class of its own.
    An account in two groups counts in the first by id.
    """
    cluster = _labels(members, "cluster")
    class_ = _labels(planted_members, "class")
    both = cluster.join(class_, on="buyer_id", how="full", coalesce=True)
    own = pl.concat_str(pl.lit("\x00"), "buyer_id")
    both = both.with_columns(pl.col("cluster").fill_null(own), pl.col("class").fill_null(own))
    if both.is_empty():
        return None, None
    cell = pl.len().over("cluster", "class")
    shares = both.select(p=cell / pl.len().over("cluster"), r=cell / pl.len().over("class"))
    return float(shares["p"].mean()), float(shares["r"].mean())  # type: ignore[arg-type]


def _labels(members: pl.DataFrame, name: str) -> pl.DataFrame:
    one = members.sort("ring_id").unique("buyer_id", keep="first", maintain_order=True)
    return one.select("buyer_id", pl.col("ring_id").alias(name))
