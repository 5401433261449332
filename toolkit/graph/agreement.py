"""How far two ways of grouping accounts agree."""

from __future__ import annotations

import polars as pl


def adjusted_rand(frame: pl.DataFrame, left: str, right: str) -> float:
    """The adjusted Rand index of two columns of labels (Hubert and Arabie 1985): 1 the same, 0 as by chance."""

    def pairs(*columns: str) -> float:
        sizes = frame.group_by(columns).len().get_column("len").cast(pl.Float64)
        return float((sizes * (sizes - 1) / 2).sum())

    both, one, other = pairs(left, right), pairs(left), pairs(right)
    every = frame.height * (frame.height - 1) / 2
    expected = one * other / every if every else 0.0
    most = (one + other) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def ring_overlap(members: pl.DataFrame, communities: pl.DataFrame) -> pl.DataFrame:
    """For each ring the community that holds most of its members.

    Args:
        members: ring_id, buyer_id.
        communities: buyer_id, community.

    Returns:
        ring_id, members, community, shared (members in it), size (accounts in it), found (shared is at least half of
        both, as the contract counts a ring as found), sorted by ring.
    """
    sizes = communities.group_by("community").len("size")
    shared = members.join(communities, on="buyer_id").group_by("ring_id", "community").len("shared")
    best = shared.sort(["ring_id", "shared", "community"], descending=[False, True, False])
    held = best.group_by("ring_id", maintain_order=True).first().join(sizes, on="community")
    whole = members.group_by("ring_id").len("members").join(held, on="ring_id", how="left")
    found = (pl.col("shared") * 2 >= pl.col("members")) & (pl.col("shared") * 2 >= pl.col("size"))
    counted = whole.with_columns(found=found.fill_null(value=False)).sort("ring_id")
    return counted.select("ring_id", "members", "community", "shared", "size", "found")
