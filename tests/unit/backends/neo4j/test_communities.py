"""Communities by Graph Data Science on the links of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pytest

from toolkit.backends.neo4j.communities import ALGORITHMS
from toolkit.cli.neo4j import ALGORITHMS as OFFERED
from toolkit.errors import BackendError
from toolkit.graph.agreement import ring_overlap
from toolkit.graph.build import project

if TYPE_CHECKING:
    from toolkit.backends.neo4j.store import Neo4jStore
    from toolkit.case import Case

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


def test_wcc_are_the_connected_components(neo4j_store: Neo4jStore, market: Case) -> None:
    neo4j_store.write(project(market, "one"), key="k")
    found = neo4j_store.communities("one", "wcc")
    links = market.result("links")
    parts = nx.connected_components(nx.Graph(links.select("left", "right").rows()))
    theirs = {
        frozenset(group) for group in found.group_by("community").agg("buyer_id").get_column("buyer_id").to_list()
    }
    assert theirs == {frozenset(part) for part in parts}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_each_algorithm_groups_every_linked_account(neo4j_store: Neo4jStore, market: Case, algorithm: str) -> None:
    neo4j_store.write(project(market, "one"), key="k")
    found = neo4j_store.communities("one", algorithm)
    links = market.result("links")
    linked = set(links.get_column("left")) | set(links.get_column("right"))
    assert set(found.get_column("buyer_id")) == linked
    assert found.equals(found.unique("buyer_id").sort("buyer_id"))


def test_leiden_repeats_and_finds_planted_groups(neo4j_store: Neo4jStore, market: Case) -> None:
    neo4j_store.write(project(market, "one"), key="k")
    first = neo4j_store.communities("one", "leiden", gamma=5.0, seed=1)
    assert first.equals(neo4j_store.communities("one", "leiden", gamma=5.0, seed=1))
    overlap = ring_overlap(market.result("members").select("ring_id", "buyer_id"), first)
    assert overlap.get_column("found").sum() >= overlap.height / 2


def test_a_case_without_links(neo4j_store: Neo4jStore) -> None:
    with pytest.raises(BackendError, match="no links"):
        neo4j_store.communities("nowhere", "wcc")


def test_the_command_offers_what_there_is() -> None:
    assert OFFERED == ALGORITHMS
