"""Leiden communities by graspologic-native, one batch of connected components at a time.

What is not connected can't be one community, so a graph is cut into its components first: a batch fits into the
processor's cache (3 million orders' links by attributes take half the time), and batches run beside each other. How
they are cut depends on the graph alone, so no number of threads shows in what is found.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import graspologic_native
import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from toolkit.backends.local.memory import give_back

if TYPE_CHECKING:
    from numpy.typing import NDArray


ITERATIONS: Final = 1
"""Full cycles. A second repairs 0.01 % of the quality (links by attributes, 1 M and 3 M orders) for two thirds of the
time again; on dev markets as much is found without it: groups are only where refinement begins."""
BATCH: Final = 1 << 15
"""Links from which a batch takes no more components; one component is never cut."""


def communities(
    edges: pl.DataFrame, *, n_nodes: int, resolution: float, seed: int, objective: str = "cpm"
) -> NDArray[np.int64]:
    """A community for each node; see `toolkit.ports.Compute.communities`.

    Only nodes with an edge enter, in ascending order within their component, and rows are sorted, so the result does
    not depend on row order. Modularity knows the whole graph, which is left whole for it.
    """
    labels = np.full(n_nodes, -1, np.int64)
    if edges.height == 0:
        return labels
    nodes, graph, firsts = _graph(edges, n_nodes)
    if objective == "modularity":
        firsts = firsts[[0, -1]]

    def found(low: int, high: int) -> NDArray[np.int64]:
        return _smallest(nodes[low:high], _leiden(_part(graph, low, high), resolution, seed, objective))

    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        parts = list(pool.map(found, firsts[:-1], firsts[1:]))
    labels[nodes] = np.concatenate(parts)
    give_back()  # Leiden's own tables, on every thread
    return labels


def _graph(edges: pl.DataFrame, n_nodes: int) -> tuple[NDArray[np.int64], sparse.csr_matrix, NDArray[np.int64]]:
    """The nodes by component, the graph in that order, and where each batch of components begins (and all end)."""
    left, right, weights = (edges[name].to_numpy() for name in ("left", "right", "weight"))
    held = np.zeros(n_nodes, np.bool_)
    held[left] = held[right] = True
    nodes, place = np.flatnonzero(held), np.cumsum(held, dtype=np.int32) - 1
    ends = place[left], place[right]
    links = sparse.coo_matrix((np.ones(left.size, np.bool_), ends), shape=(nodes.size, nodes.size))
    _, component = connected_components(links, directed=False)
    order = np.argsort(component, kind="stable")
    place = np.empty(nodes.size, np.int32)
    place[order] = np.arange(nodes.size, dtype=np.int32)
    rows, columns = place[ends[0]], place[ends[1]]
    both = np.concatenate((rows, columns)), np.concatenate((columns, rows))
    twice = np.concatenate((weights, weights)).astype(np.float64, copy=False)
    graph = sparse.coo_matrix((twice, both), shape=links.shape).tocsr()
    graph.sort_indices()
    return nodes[order], graph, _batches(np.bincount(component), np.bincount(component[ends[0]]))


def _batches(sizes: NDArray[np.int64], links: NDArray[np.int64]) -> NDArray[np.int64]:
    """First node of each batch, and their number: a batch ends with the component by which it is full."""
    full = np.diff(np.cumsum(links) // BATCH, prepend=0) > 0
    full[-1] = True
    return np.concatenate(([0], np.cumsum(sizes)[full]))


def _part(graph: sparse.csr_matrix, low: int, high: int) -> sparse.csr_matrix:
    """The graph of some nodes that no link leads out of."""
    first, last = graph.indptr[low], graph.indptr[high]
    rows = graph.indptr[low : high + 1] - first
    arrays = graph.data[first:last], graph.indices[first:last] - low, rows
    return sparse.csr_matrix(arrays, shape=(high - low, high - low))


def _leiden(graph: sparse.csr_matrix, resolution: float, seed: int, objective: str) -> NDArray[np.int64]:
    """A label for each node; other threads may run meanwhile."""
    _, found = graspologic_native.leiden_csr(
        indptr=graph.indptr.astype(np.int64),
        indices=graph.indices.astype(np.int32, copy=False),
        data=graph.data,
        n_nodes=graph.shape[0],
        resolution=resolution,
        use_modularity=objective == "modularity",
        seed=seed,
        iterations=ITERATIONS,
    )
    return np.fromiter(map(found.__getitem__, range(graph.shape[0])), np.int64, graph.shape[0])


def _smallest(nodes: NDArray[np.int64], community: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each node the smallest node of its community."""
    smallest = np.full(int(community.max()) + 1, nodes.max(), np.int64)
    np.minimum.at(smallest, community, nodes)
    return smallest[community]
