"""Published ways to find groups, to stand beside ours on the same case.

Each takes the material and gives a label a buyer (-1 for none). They are plain versions, for comparison only: none
knows about families of evidence, windows of a ring or innocent explanations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from toolkit.ports import Incidences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import networkx as nx
    from numpy.typing import NDArray

    from toolkit.evaluate.material import Material

    Labels = NDArray[np.int64]

_FORTNIGHT: Final = 14 * 86_400
_JACCARD: Final = 0.4
_BLOCKS: Final = 40


def leiden_cpm(material: Material) -> Labels:
    """Leiden with the constant Potts model on the evidence graph: mean weight inside at least 0.1."""
    return material.compute.communities(
        material.edges, n_nodes=material.size, resolution=0.1, seed=material.seed, objective="cpm"
    )


def leiden_modularity(material: Material) -> Labels:
    """Leiden with modularity on the evidence graph."""
    return material.compute.communities(
        material.edges, n_nodes=material.size, resolution=1.0, seed=material.seed, objective="modularity"
    )


def louvain(material: Material) -> Labels:
    """Louvain with modularity on the evidence graph (Blondel and others, 2008)."""
    return _louvain(material, material.edges)


def label_propagation(material: Material) -> Labels:
    """Label propagation on the evidence graph (Raghavan and others, 2007)."""
    import networkx as nx

    graph = _graph(material.edges)
    found = nx.community.fast_label_propagation_communities(graph, weight="weight", seed=material.seed)
    return _labels(material.size, found)


def components(material: Material) -> Labels:
    """Connected components of the evidence graph."""
    return _components(material.size, material.edges["left"].to_numpy(), material.edges["right"].to_numpy())


def attribute_components(material: Material) -> Labels:
    """Connected components over any shared address, card or device."""
    value = material.attributes["value"].rank("dense").to_numpy().astype(np.int64) - 1 + material.size
    buyer = material.attributes["buyer"].to_numpy().astype(np.int64)
    return _components(int(value.max(initial=material.size)) + 1, buyer, value)[: material.size]


def jaccard_louvain(material: Material) -> Labels:
    """Louvain on pairs of reviewers, weighed by the Jaccard similarity of what they reviewed."""
    return _louvain(material, _similar(material, window=400 * 86_400).filter(pl.col("weight") > 0.05))


def synchrotrap(material: Material) -> Labels:
    """Components of pairs that review the same things within a fortnight, Jaccard 0.4 (Cao and others, 2014)."""
    pairs = _similar(material, window=_FORTNIGHT).filter(pl.col("weight") >= _JACCARD)
    return _components(material.size, pairs["left"].to_numpy(), pairs["right"].to_numpy())


def copycatch(material: Material) -> Labels:
    """SynchroTrap's groups as seeds, then targets and members in turn (in the manner of Beutel and others, 2013)."""
    labels = synchrotrap(material)
    for group in np.unique(labels[labels >= 0]):
        for _ in range(2):
            members = np.flatnonzero(labels == group)
            labels[members] = -1
            labels[_biclique(material, members)] = group
    return labels


def fraudar(material: Material) -> Labels:
    """The densest blocks of buyers x listings in turn, popular listings counting less (Hooi and others, 2016).

    Peels all nodes below the mean at once (Bahmani and others, 2012), which keeps the bound up to a factor.
    """
    events = material.reviews.select("buyer", "listing")
    labels = np.full(material.size, -1, dtype=np.int64)
    for block in range(_BLOCKS):
        if events.height < 10:
            break
        inside = _densest(events)
        members = events.filter(inside)["buyer"].unique().to_numpy()
        fresh = members[labels[members] < 0]
        labels[fresh] = block
        events = events.filter(~inside)
    return labels


ENGINES: Final[dict[str, Callable[[Material], Labels]]] = {
    "Leiden CPM": leiden_cpm,
    "Leiden modularity": leiden_modularity,
    "Louvain": louvain,
    "label propagation": label_propagation,
    "components": components,
    "components of attributes": attribute_components,
    "Louvain of co-reviews": jaccard_louvain,
    "SynchroTrap style": synchrotrap,
    "CopyCatch style": copycatch,
    "FRAUDAR style": fraudar,
}
"""Name -> engine; the first five work on our evidence graph, the others on the raw tables."""


def _graph(edges: pl.DataFrame) -> nx.Graph[int]:
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_weighted_edges_from(edges.select("left", "right", "weight").iter_rows())
    return graph


def _louvain(material: Material, edges: pl.DataFrame) -> Labels:
    import networkx as nx

    found = nx.community.louvain_communities(_graph(edges), weight="weight", seed=material.seed)
    return _labels(material.size, found)


def _labels(size: int, groups: Iterable[Iterable[int]]) -> Labels:
    labels = np.full(size, -1, dtype=np.int64)
    for number, group in enumerate(sorted(sorted(group) for group in groups)):
        labels[group] = number
    return labels


def _components(size: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> Labels:
    linked = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    labels = np.asarray(connected_components(linked, directed=False)[1], dtype=np.int64)
    alone = np.ones(size, dtype=np.bool_)
    alone[left], alone[right] = False, False
    labels[alone] = -1
    return labels


def _similar(material: Material, window: int) -> pl.DataFrame:
    """Pairs with two common reviews or more inside the window, and their Jaccard similarity."""
    rows = material.reviews
    events = Incidences(
        rows["buyer"].to_numpy(), rows["listing"].to_numpy(), rows["at"].to_numpy(), n_actors=material.size
    )
    pairs = material.compute.coincidences(events, window=window, cap=400, least=2)
    degree = np.bincount(rows["buyer"].to_numpy(), minlength=material.size)
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    both = pairs["observed"].to_numpy().astype(np.float64)
    weight = both / (degree[left] + degree[right] - both)
    return pairs.select("left", "right").with_columns(weight=pl.Series(weight))


def _biclique(material: Material, members: NDArray[np.int64]) -> NDArray[np.int64]:
    """Listings that half of the members reviewed, then buyers who reviewed half of these."""
    rows = material.reviews
    own = rows.filter(pl.col("buyer").is_in(pl.Series(members, dtype=pl.UInt32).implode()))
    targets = own.group_by("listing").len().filter(2 * pl.col("len") >= len(members))["listing"]
    if targets.is_empty():
        return members
    hits = rows.filter(pl.col("listing").is_in(targets.implode())).group_by("buyer").len()
    return hits.filter(2 * pl.col("len") >= len(targets))["buyer"].sort().to_numpy().astype(np.int64)


def _densest(events: pl.DataFrame) -> pl.Series:
    """Which events lie in the densest block.

    Each round drops all nodes up to 1.05 times the mean weighted degree (twice the density): there is always one.
    """
    buyer, listing = events["buyer"].to_numpy(), events["listing"].to_numpy()
    weight = 1.0 / np.log(np.bincount(listing)[listing] + 5.0)
    alive = np.ones(len(buyer), dtype=np.bool_)
    best, kept = -1.0, alive.copy()
    while alive.any():
        b_degree = np.bincount(buyer[alive], weight[alive], minlength=int(buyer.max()) + 1)
        l_degree = np.bincount(listing[alive], weight[alive], minlength=int(listing.max()) + 1)
        density = weight[alive].sum() / ((b_degree > 0).sum() + (l_degree > 0).sum())
        if density > best:
            best, kept = density, alive.copy()
        alive = alive & (b_degree[buyer] > 2.1 * density) & (l_degree[listing] > 2.1 * density)
    return pl.Series(kept)
