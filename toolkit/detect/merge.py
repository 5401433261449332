"""One ring, one candidate: of candidates that overlap, the one with the most evidence stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Margins = tuple[NDArray[np.uint32], NDArray[np.float64]]

PART: Final = 0.7
"""Share of a candidate's members inside a larger one from which it is a part of that."""


def distinct(members: pl.DataFrame, overlap: float) -> pl.DataFrame:
    """The members of the candidates that stay.

    A candidate's evidence is the sum of its members' log odds beyond the prior, so that bystanders add nothing. A
    candidate whose parts are candidates too, and hold as much evidence apart, is two rings that share something: the
    parts stay.

    Args:
        members: candidate, buyer, margin.
        overlap: Share of the smaller candidate's members from which two candidates are one. Never their union: two
            rings that share a target would be merged, and a larger set only looks stronger.
    """
    ranked = members.group_by("candidate").agg(size=pl.len(), total=pl.col("margin").sum(), first=pl.col("buyer").min())
    ranked = ranked.sort("total", "size", "first", "candidate", descending=[True, True, False, False])
    common = _common(members.select("candidate", "buyer"))
    sizes = ranked.select("candidate", "size")
    common = common.join(sizes, on="candidate").join(sizes, left_on="candidate_right", right_on="candidate")
    same = common.filter(pl.col("common") >= overlap * pl.min_horizontal("size", "size_right"))
    inside = common.filter((pl.col("common") >= PART * pl.col("size_right")) & (pl.col("size_right") < pl.col("size")))
    totals = dict(ranked.select("candidate", "total").iter_rows())
    by_size = ranked.sort("size", "candidate")["candidate"].to_list()
    parts = members.join(inside.select(candidate=pl.col("candidate_right").unique()), on="candidate", how="semi")
    kept = _greedy(totals, _margins(parts), _sets(same), _sets(inside), by_size)
    return members.filter(pl.col("candidate").is_in(kept))


def _common(members: pl.DataFrame) -> pl.DataFrame:
    """candidate, candidate_right, common: accounts that two candidates share, each pair both ways."""
    meet = pl.col("candidate") < pl.col("candidate_right")
    pairs = members.lazy().join(members.lazy(), on="buyer").filter(meet).select("candidate", "candidate_right")
    once = pairs.group_by("candidate", "candidate_right").agg(common=pl.len()).collect(engine="streaming")
    back = once.select(candidate="candidate_right", candidate_right="candidate", common="common")
    return pl.concat([once, back])


def _sets(pairs: pl.DataFrame) -> dict[int, set[int]]:
    """Candidate -> the candidates beside it."""
    found: dict[int, set[int]] = {}
    for left, right in pairs.select("candidate", "candidate_right").iter_rows():
        found.setdefault(left, set()).add(right)
    return found


def _margins(members: pl.DataFrame) -> dict[int, Margins]:
    """Candidate -> its members, and the margin of each."""
    parts = members.select("candidate", "buyer", "margin").partition_by("candidate", as_dict=True)
    return {int(key[0]): (part["buyer"].to_numpy(), part["margin"].to_numpy()) for key, part in parts.items()}


def _greedy(
    totals: Mapping[int, float],
    margins: Mapping[int, Margins],
    same: Mapping[int, set[int]],
    inside: Mapping[int, set[int]],
    by_size: list[int],
) -> list[int]:
    """Candidates in order of evidence (that of `totals`), without those that are the same as one already kept.

    `by_size` has the smaller ones first, so that parts are looked at before what they are parts of.
    """
    apart: set[int] = set()
    for candidate in by_size:  # what fell apart is no part of a larger one: it would hide the parts of both
        if _falls_apart(candidate, totals, margins, same, inside.get(candidate, set()) - apart):
            apart.add(candidate)
    kept: set[int] = set()
    for candidate in totals:
        if candidate not in apart and not kept & same.get(candidate, set()):
            kept.add(candidate)
    return sorted(kept)


def _falls_apart(
    candidate: int,
    totals: Mapping[int, float],
    margins: Mapping[int, Margins],
    same: Mapping[int, set[int]],
    parts: set[int],
) -> bool:
    """Whether two or more parts that are not the same hold as much evidence apart as the whole does.

    Who is in several parts counts once, where it fits best: one ring's overlapping halves are no two rings.
    """
    taken: set[int] = set()
    for part in sorted(parts, key=lambda number: (-totals[number], number)):
        if not taken & same.get(part, set()):
            taken.add(part)
    if len(taken) < 2:
        return False
    buyers, held = (np.concatenate(one) for one in zip(*(margins[part] for part in sorted(taken)), strict=True))
    order = np.lexsort((held, buyers))
    best = np.append(buyers[order][1:] != buyers[order][:-1], True)
    return bool(held[order][best].sum() >= totals[candidate])
