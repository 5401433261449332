"""From one node of a case's graph outwards, step by step; places that many share are named and not walked through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.errors import UsageError

if TYPE_CHECKING:
    from toolkit.contracts.kinds import Graph

STEPS: Final = pl.Schema(
    {
        "hop": pl.Int64(),
        "from_label": pl.String(),
        "from_id": pl.String(),
        "relationship": pl.String(),
        "to_label": pl.String(),
        "to_id": pl.String(),
        "times": pl.Int64(),
        "first_at": pl.Datetime("us", "UTC"),
        "last_at": pl.Datetime("us", "UTC"),
    }
)


def neighbours(graph: Graph, node: str, label: str | None, hops: int, most: int) -> pl.DataFrame:
    """Every step outwards from a node (schema STEPS).

    Args:
        graph: The case.
        node: Its id.
        label: Its label; found where it is None.
        hops: Steps, at least 1.
        most: Neighbours beyond which a node is a shared place, and the walk ends there.
    """
    if hops < 1:
        raise UsageError("a walk has a step at least", where="hops", todo="give hops=1 or more")
    seen = pl.DataFrame({"label": [_label(graph, node, label)], "id": [node]})
    frontier, walked, parts = seen, seen.clear(), [pl.DataFrame(schema=STEPS)]
    for hop in range(1, hops + 1):
        steps = pl.concat([_steps(route, frame, frontier) for route, frame in _both(graph)])
        if hop > 1:  # the one that was asked about is never too many
            steps = steps.filter(pl.struct("to_label", "to_id").n_unique().over("from_label", "from_id") <= most)
        steps = steps.join(walked, left_on=["to_label", "to_id"], right_on=["label", "id"], how="anti")  # said before
        ends = steps.select(label="to_label", id="to_id").unique()
        parts.append(steps.with_columns(hop=pl.lit(hop)).select(list(STEPS)).cast(STEPS))
        walked = pl.concat([walked, frontier])
        frontier = ends.join(seen, on=["label", "id"], how="anti")
        seen = pl.concat([seen, frontier])
    return pl.concat(parts).sort("hop", "relationship", "from_label", "from_id", "to_label", "to_id")


def _label(graph: Graph, node: str, label: str | None) -> str:
    if label is not None and label not in graph.nodes:
        raise UsageError(f"there is no label {label[:40]!r}", todo=f"there are: {', '.join(graph.nodes)}")
    asked = [label] if label is not None else list(graph.nodes)
    found = [name for name in asked if node in graph.nodes[name]["id"]]
    if not found:
        where = label or "any label"
        todo = "ids are those of the input; a ring's is in .rings"
        raise UsageError(f"nothing has the id {node[:80]!r}", where=where, todo=todo)
    if len(found) > 1:
        raise UsageError(f"{len(found)} things have that id", where=", ".join(found), todo=f"give label={found[0]!r}")
    return found[0]


def _both(graph: Graph) -> list[tuple[tuple[str, str, str], pl.DataFrame]]:
    """(from label, relationship, to label) and from, to, at: each route in both directions."""
    found = []
    for route, frame in graph.relationships.items():
        at = pl.col("at") if "at" in frame.columns else pl.lit(None, pl.Datetime("us", "UTC"))
        found.append(((route.start, route.name, route.end), frame.select(at.alias("at"), a="start", b="end")))
        found.append(((route.end, route.name, route.start), frame.select(at.alias("at"), a="end", b="start")))
    return found


def _steps(route: tuple[str, str, str], frame: pl.DataFrame, frontier: pl.DataFrame) -> pl.DataFrame:
    """Steps over one route from the nodes where the walk stands."""
    here = frontier.filter(pl.col("label") == route[0]).select(a="id")
    counted = frame.join(here, on="a", how="semi").group_by("a", "b").agg(
        times=pl.len().cast(pl.Int64), first_at=pl.col("at").min(), last_at=pl.col("at").max()
    )  # fmt: skip
    names = {"from_label": route[0], "relationship": route[1], "to_label": route[2]}
    labels = [pl.lit(value).alias(name) for name, value in names.items()]
    return counted.rename({"a": "from_id", "b": "to_id"}).with_columns(labels).select(list(STEPS)[1:])
