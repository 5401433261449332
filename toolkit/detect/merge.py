"""One ring, one candidate: of candidates that overlap, the one with the most evidence stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable


def distinct(members: pl.DataFrame, overlap: float) -> pl.DataFrame:
    """The members of the candidates that stay.

    Args:
        members: candidate, buyer, score.
        overlap: Share of the smaller candidate's members from which two candidates are one. Never their union: two
            rings that share a target would be merged, and a larger set only looks stronger.
    """
    ranked = members.group_by("candidate").agg(size=pl.len(), total=pl.col("score").sum(), first=pl.col("buyer").min())
    ranked = ranked.sort("total", "size", "first", "candidate", descending=[True, True, False, False])
    pairs = members.join(members, on="buyer").filter(pl.col("candidate") != pl.col("candidate_right"))
    common = pairs.group_by("candidate", "candidate_right").agg(common=pl.len())
    sizes = ranked.select("candidate", "size")
    common = common.join(sizes, on="candidate").join(sizes, left_on="candidate_right", right_on="candidate")
    smaller = pl.min_horizontal("size", "size_right")
    same = common.filter(pl.col("common") >= overlap * smaller).select("candidate", "candidate_right")
    kept = _greedy(ranked["candidate"], same.iter_rows())
    return members.filter(pl.col("candidate").is_in(kept))


def _greedy(ranked: Iterable[int], same: Iterable[tuple[int, int]]) -> list[int]:
    """Candidates in order of evidence, without those that are the same as one already kept."""
    neighbours: dict[int, set[int]] = {}
    for left, right in same:
        neighbours.setdefault(left, set()).add(right)
    kept: set[int] = set()
    for candidate in ranked:
        if not kept & neighbours.get(candidate, set()):
            kept.add(candidate)
    return sorted(kept)
