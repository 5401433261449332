"""Communities of linked accounts by Neo4j's Graph Data Science, where a server has it.

The links of a case are projected into memory, weights of all views added up, and nothing is stored. Leiden and Louvain
here maximise modularity: GDS has no constant Potts model, so its communities are larger than ours by design.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.errors import BackendError

if TYPE_CHECKING:
    from toolkit.backends.neo4j.connection import Connection

ALGORITHMS: Final = ("leiden", "louvain", "wcc", "label_propagation")
_CALLS: Final = {
    "leiden": "gds.leiden.stream($graph, {relationshipWeightProperty: 'weight', gamma: $gamma, randomSeed: $seed, "
    "concurrency: 1})",
    "louvain": "gds.louvain.stream($graph, {relationshipWeightProperty: 'weight', concurrency: 1})",
    "wcc": "gds.wcc.stream($graph, {concurrency: 1})",
    "label_propagation": "gds.labelPropagation.stream($graph, {relationshipWeightProperty: 'weight', concurrency: 1})",
}
_PROJECT: Final = (
    "MATCH (a:Buyer {case_id: $case})-[l:LINKED]->(b:Buyer) WITH a, b, sum(l.weight) AS weight "
    "RETURN gds.graph.project($graph, a, b, {relationshipProperties: {weight: weight}}, "
    "{undirectedRelationshipTypes: ['*']}) AS made"
)
_DROP: Final = "CALL gds.graph.drop($graph, false) YIELD graphName RETURN graphName"


def communities(
    connection: Connection, case_id: str, algorithm: str, *, gamma: float = 1.0, seed: int = 0
) -> pl.DataFrame:
    """buyer_id and community of every linked account, numbered by the smallest account of each community.

    Args:
        connection: To the server.
        case_id: The case.
        algorithm: One of ALGORITHMS.
        gamma: Resolution of Leiden; larger gives smaller communities.
        seed: Of Leiden.

    Raises:
        BackendError: The server has no GDS, or the case has no links.
    """
    given: dict[str, Any] = {"graph": f"ringscope-{secrets.token_hex(4)}", "case": case_id, "gamma": gamma}
    given["seed"] = seed
    _, made = connection.read(_PROJECT, given)
    if not made or made[0][0] is None:
        raise BackendError("this case has no links on the server", where=case_id, todo="push the case first")
    label = "componentId" if algorithm == "wcc" else "communityId"
    text = f"CALL {_CALLS[algorithm]} YIELD nodeId, {label} RETURN gds.util.asNode(nodeId).id, {label}"
    try:
        _, rows = connection.read(text, given)
    finally:
        connection.read(_DROP, given)
    schema = {"buyer_id": pl.String(), "label": pl.Int64()}
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort("buyer_id")
    first = pl.col("buyer_id").min().over("label")
    return frame.select("buyer_id", community=first.rank("dense").cast(pl.Int64) - 1)
