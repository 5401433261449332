"""Leiden communities by graspologic-native."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import graspologic_native
import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray


ITERATIONS: Final = 2
"""Full cycles. The second repairs what the first left, 0.02 % of the quality on 650,000 links; a third hardly any."""


def communities(
    edges: pl.DataFrame, *, n_nodes: int, resolution: float, seed: int, objective: str = "cpm"
) -> NDArray[np.int64]:
    """A community for each node; see `toolkit.ports.Compute.communities`.

    Only nodes with an edge enter, in ascending order, and rows are sorted, so the result does not depend on row order.
    """
    labels = np.full(n_nodes, -1, np.int64)
    if edges.height == 0:
        return labels
    left, right = edges["left"].to_numpy().astype(np.int64), edges["right"].to_numpy().astype(np.int64)
    nodes, places = np.unique(np.concatenate((left, right)), return_inverse=True)
    rows, columns = places[: left.size], places[left.size :]
    weights = edges["weight"].to_numpy().astype(np.float64)
    half = sparse.coo_matrix((weights, (rows, columns)), shape=(nodes.size, nodes.size))
    graph = (half + half.T).tocsr()
    graph.sort_indices()
    _, found = graspologic_native.leiden_csr(
        indptr=graph.indptr.astype(np.int64),
        indices=graph.indices.astype(np.int32),
        data=graph.data.astype(np.float64),
        n_nodes=nodes.size,
        resolution=resolution,
        use_modularity=objective == "modularity",
        seed=seed,
        iterations=ITERATIONS,
    )
    community = np.fromiter(map(found.__getitem__, range(nodes.size)), np.int64, nodes.size)
    smallest = np.full(int(community.max()) + 1, n_nodes, np.int64)
    np.minimum.at(smallest, community, nodes)
    labels[nodes] = smallest[community]
    return labels
