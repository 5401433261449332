"""Fills a new file of the embedded engine with the graph of one case."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

import kglite

from toolkit.contracts.statements import constraints, create_nodes, create_relationships, encode
from toolkit.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl

    from toolkit.contracts.kinds import Graph

BATCH: Final = 10_000
"""Rows a call; measured to be best from 5,000 to 10,000."""


def build(path: Path, graph: Graph, progress: Callable[[str, int, int], None] | None) -> None:
    """Write the whole graph into a new file; no log beside it, because it can be built again."""
    engine = kglite.open(str(path), durable="off")
    for statement in constraints():
        engine.cypher(statement)
    total, done = sum(graph.counts()), 0
    for name, statement, frame in _parts(graph):
        for batch in encode(frame).iter_slices(BATCH):
            engine.cypher(statement, params={"rows": batch.rows(), "case": graph.case_id})
            done += batch.height
            if progress:
                progress(name, done, total)
    _check(engine, graph)
    with warnings.catch_warnings():
        # A column with nulls is kept in another form; the engine warns about memory that this case does not lack.
        warnings.simplefilter("ignore", kglite.MappedFallbackWarning)
        engine.close()  # saves


def _parts(graph: Graph) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """What is written, in order: nodes before the relationships that join them."""
    for label, frame in graph.nodes.items():
        yield label, create_nodes(label), frame
    for route, frame in graph.relationships.items():
        yield route.name, create_relationships(route, alone=True), frame


def _check(engine: Any, graph: Graph) -> None:
    """Nothing may be lost on the way: a relationship whose end is missing would be left out without a word."""
    nodes = engine.cypher("MATCH (n) RETURN count(n) AS n").column("n")[0]
    joined = engine.cypher("MATCH ()-[r]->() RETURN count(r) AS n").column("n")[0]
    if (nodes, joined) != graph.counts():
        what = f"the embedded store took {nodes} nodes and {joined} relationships of {graph.counts()}"
        raise BackendError(what, where=graph.case_id, todo="report this, and go on with --store neo4j")
