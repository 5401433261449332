"""A push that the server's death broke off goes on where it was, and says so until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.unit.backends.neo4j.conftest import reached
from toolkit.backends.neo4j import ledger
from toolkit.backends.neo4j.store import Neo4jStore
from toolkit.errors import BackendError
from toolkit.graph.build import project

if TYPE_CHECKING:
    from tests.neo4j_server import Server
    from toolkit.case import Case
    from toolkit.contracts.kinds import Graph

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


def push_and_kill(server: Server, graph: Graph, share: float) -> None:
    """Push, and kill the server once that share of the rows is written."""
    total = sum(graph.counts())

    def kill(_: str, done: int, __: int) -> None:
        if done >= share * total and server.process is not None:
            server.kill()

    store = Neo4jStore(reached(server))
    with pytest.raises(BackendError, match="can't be reached"):
        store.write(graph, key="k", progress=kill)
    store.close()
    server.start()


@pytest.mark.parametrize("share", [0.15, 0.6])
def test_a_killed_push_goes_on(own_server: Server, market: Case, share: float) -> None:
    graph = project(market, f"killed {share}")
    push_and_kill(own_server, graph, share)
    store = Neo4jStore(reached(own_server))
    with pytest.raises(BackendError, match="half-written"):
        store.ready(graph.case_id)
    done = sum(part.done for part in ledger.parts(store.connection, graph.case_id).values())
    assert 0 < done < sum(graph.counts())
    assert store.write(graph, key="k")
    store.ready(graph.case_id)
    for label, frame in graph.nodes.items():
        assert store.nodes(label, case_id=graph.case_id).equals(frame), label
    for route, frame in graph.relationships.items():
        columns = [name for name, kind in frame.schema.items() if not isinstance(kind, pl.List)]
        back = store.relationships(route, case_id=graph.case_id)
        assert back.sort(columns).equals(frame.sort(columns)), str(route)
    assert not store.write(graph, key="k")
    store.close()


def test_a_push_whose_rows_someone_removed_is_made_whole(own_server: Server, tiny: Case) -> None:
    graph = project(tiny, "thinned")
    store = Neo4jStore(reached(own_server))
    store.write(graph, key="k")
    store.connection.write(("MATCH (:Buyer {case_id: $case})-[o:ORDERED]->() DELETE o", {"case": "thinned"}))
    assert store.write(graph, key="k")
    assert not store.write(graph, key="k")
    store.purge("thinned")
    store.close()


def test_a_purge_that_broke_off_is_finished_by_the_next_push(own_server: Server, tiny: Case) -> None:
    graph = project(tiny, "half purged")
    store = Neo4jStore(reached(own_server))
    store.write(graph, key="k")
    ledger.distrust(store.connection, graph.case_id)
    store.connection.write(("MATCH (b:Buyer {case_id: $case}) DETACH DELETE b", {"case": graph.case_id}))
    with pytest.raises(BackendError, match="half-written"):
        store.ready(graph.case_id)
    assert store.write(graph, key="k")
    assert store.nodes("Buyer", case_id=graph.case_id).equals(graph.nodes["Buyer"])
    store.purge(graph.case_id)
    store.close()
