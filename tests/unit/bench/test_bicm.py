"""The bipartite configuration model of the benchmark keeps every degree, and its projection is what sampling gives."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bench.nulls.bicm import Bicm


@pytest.fixture
def graph() -> np.ndarray:
    rng = np.random.default_rng(0)
    busy, popular = rng.pareto(1.5, 200) + 0.2, rng.pareto(1.5, 150) + 0.2
    return rng.random((200, 150)) < np.minimum(0.02 * np.outer(busy, popular), 0.9)


def test_expected_degrees_are_those_of_the_graph(graph: np.ndarray) -> None:
    actors, things = graph.sum(axis=1), graph.sum(axis=0)
    model = Bicm.of(actors, things)
    assert model.chance @ model.many == pytest.approx(model.degrees, rel=1e-6)
    degrees, counts = np.unique(actors[actors > 0], return_counts=True)
    assert model.degrees.tolist() == degrees.tolist()
    assert counts @ model.chance == pytest.approx(np.unique(things[things > 0]), rel=1e-6)


def test_what_two_actors_share_is_what_drawn_graphs_give(graph: np.ndarray) -> None:
    model = Bicm.of(graph.sum(axis=1), graph.sum(axis=0))
    rng = np.random.default_rng(1)
    each = np.repeat(model.chance[-2:], model.many.astype(int), axis=1)
    shared = [int((rng.random(each.shape) < each).all(axis=0).sum()) for _ in range(4_000)]
    assert np.mean(shared) == pytest.approx(model.means()[-1, -2], rel=0.1)
