"""A case as a graph: frames of nodes and relationships, the same for every store."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.graph import FORMAT, NODES, ROUTES
from toolkit.contracts.kinds import Graph
from toolkit.graph.nodes import nodes
from toolkit.graph.relationships import relationships
from toolkit.graph.source import Source

if TYPE_CHECKING:
    from toolkit.case import Case


def project(case: Case, case_id: str | None = None) -> Graph:
    """The graph of a case, under the case's own name unless another is given."""
    source = Source(case)
    return Graph(
        case_id=case_id or case_name(case),
        nodes={kind.label: nodes(source, kind.label) for kind in NODES},
        relationships={route: relationships(source, route) for route in ROUTES},
    )


def case_name(case: Case) -> str:
    """The name that a case goes by in a store: what its manifest says, else its folder's name."""
    named = case.manifest().get("case_id")
    return str(named) if named else case.path.resolve().name


def case_key(case: Case) -> str:
    """A digest of the files that the graph is made from, and of the graph's model.

    It reads the files, not their times, so a copied case has the same key, and a file that was written anew with the
    same rows does not make a store look old.
    """
    digest = hashlib.sha256(f"graph {FORMAT} polars {pl.__version__}".encode())
    for folder in ("tables", "results"):
        for path in sorted((case.path / folder).glob("*.parquet")):
            digest.update(f"{folder}/{path.name}".encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:32]
