"""Communities: cut into batches of components, and the same however many run beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from toolkit.backends.local import community

if TYPE_CHECKING:
    from numpy.typing import NDArray

NODES = 3_000


def _market(seed: int, islands: int = 40) -> pl.DataFrame:
    """Dense groups on islands of nodes that nothing joins, in no order."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, NODES // islands, (9_000, 2)) * islands + rng.integers(0, islands, (9_000, 1))
    ends = np.unique(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1), axis=0)
    ends = rng.permutation(ends)
    columns = {"left": ends[:, 0], "right": ends[:, 1], "weight": rng.uniform(0.5, 3.0, len(ends))}
    return pl.DataFrame(columns).cast({"left": pl.UInt32, "right": pl.UInt32})


def _found(edges: pl.DataFrame, objective: str = "cpm") -> NDArray[np.int64]:
    return community.communities(edges, n_nodes=NODES + 5, resolution=0.4, seed=3, objective=objective)


def test_no_order_of_rows_and_no_number_of_threads_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(community, "BATCH", 500)
    edges = _market(1)
    labels = _found(edges)
    monkeypatch.setattr(pl, "thread_pool_size", lambda: 7)
    assert np.array_equal(labels, _found(edges.sample(fraction=1.0, shuffle=True, seed=9)))


@pytest.mark.parametrize("batch", [1, 500, 1 << 30])
def test_a_community_lies_in_one_component_and_is_named_by_its_first_node(
    monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(community, "BATCH", batch)
    edges = _market(2)
    labels = _found(edges)
    ends = edges["left"].to_numpy(), edges["right"].to_numpy()
    graph = coo_array((np.ones(edges.height), ends), shape=(labels.size, labels.size))
    _, component = connected_components(graph, directed=False)
    placed = np.flatnonzero(labels >= 0)
    assert set(placed) == {*ends[0], *ends[1]}
    assert np.array_equal(component[placed], component[labels[placed]])
    firsts = {label: placed[labels[placed] == label].min() for label in set(labels[placed])}
    assert all(label == first for label, first in firsts.items())


@pytest.mark.parametrize("links", [[1, 1, 1], [9, 1, 1], [1, 1, 9], [3, 9, 9, 1, 1], [5]])
def test_every_component_is_in_one_batch(monkeypatch: pytest.MonkeyPatch, links: list[int]) -> None:
    monkeypatch.setattr(community, "BATCH", 6)
    sizes = np.array([10 * n for n in links])
    firsts = community._batches(sizes, np.array(links))
    assert firsts[0] == 0
    assert firsts[-1] == sizes.sum()
    assert set(firsts) <= {0, *np.cumsum(sizes).tolist()}
    assert (np.diff(firsts) > 0).all()


def test_modularity_knows_the_whole_graph() -> None:
    cliques = [(a + 4 * c, b + 4 * c) for c in range(12) for a in range(4) for b in range(a)]
    edges = pl.DataFrame(cliques, schema={"right": pl.UInt32, "left": pl.UInt32}, orient="row")
    labels = _found(edges.with_columns(weight=1.0), "modularity")
    assert [set(labels[4 * c : 4 * c + 4]) for c in range(12)] == [{4 * c} for c in range(12)]
