"""Every query of the library on both stores, row by row, on a case made by hand and on a simulated one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import pytest

from toolkit.backends.embedded.store import EmbeddedStore
from toolkit.graph.build import project
from toolkit.queries import ask, bind, library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.backends.neo4j.store import Neo4jStore
    from toolkit.case import Case
    from toolkit.contracts.kinds import Graph
    from toolkit.ports import GraphStore
    from toolkit.queries import Query

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

ROUNDS: Final = 8
_KINDS: Final = {
    "PaymentInstrument": "payment",
    "Device": "device",
    "Address": "address",
    "Phone": "phone",
    "Email": "email",
    "IpAddress": "ip",
    "BankAccount": "bank",
}


@pytest.fixture(scope="module", params=["tiny", "market"])
def both(
    request: pytest.FixtureRequest, neo4j_session_store: Neo4jStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Graph, GraphStore, GraphStore]]:
    """One case in both stores, beside a case of the same ids on the server, which must not shine through."""
    case: Case = request.getfixturevalue(request.param)
    graph = project(case, f"library {request.param}")
    embedded = EmbeddedStore(tmp_path_factory.mktemp("library") / "graph")
    for case_id in neo4j_session_store.entries():
        neo4j_session_store.purge(case_id)
    other = project(request.getfixturevalue("tiny"), "other")
    neo4j_session_store.write(other, key="other")
    for store in (embedded, neo4j_session_store):
        store.write(graph, key="k")
    yield graph, embedded, neo4j_session_store
    for case_id in (graph.case_id, "other"):
        neo4j_session_store.purge(case_id)
    embedded.close()


def _ids(graph: Graph, label: str) -> list[str]:
    return graph.nodes[label].get_column("id").to_list()


def _attribute(graph: Graph, draw: random.Random) -> tuple[str, str]:
    label = draw.choice([label for label in _KINDS if graph.nodes[label].height])
    return _KINDS[label], draw.choice(_ids(graph, label))


def drawn(query: Query, graph: Graph, draw: random.Random) -> dict[str, Any]:
    """Random parameters of the kind that a query asks for; now and then an id that is nowhere."""
    members = graph.relationships[next(r for r in graph.relationships if r.name == "MEMBER_OF")]
    ring = draw.choice(_ids(graph, "Ring"))
    of_ring = members.filter(members["end"] == ring).get_column("start").to_list()
    buyers = of_ring if draw.random() < 0.6 else _ids(graph, "Buyer")
    kind, attribute = _attribute(graph, draw)
    batches = graph.nodes["GiftCard"].get_column("batch_id").drop_nulls().unique().sort().to_list() or ["none"]
    made: dict[str, Any] = {
        "buyer": draw.choice(buyers),
        "left": draw.choice(buyers),
        "right": draw.choice(buyers),
        "ring": ring,
        "listing": draw.choice(_targeted(graph) if draw.random() < 0.6 else _ids(graph, "Listing")),
        "seller": draw.choice(_ids(graph, "Seller")),
        "purchaser": draw.choice(_ids(graph, "Purchaser")),
        "card": draw.choice(_ids(graph, "GiftCard")),
        "batch": draw.choice(batches),
        "payment": draw.choice(_ids(graph, "PaymentInstrument")),
        "address": draw.choice(_ids(graph, "Address")),
        "campaign": draw.choice(_ids(graph, "Campaign")),
        "voucher": draw.choice(_ids(graph, "Voucher")),
        "finding": draw.choice(_ids(graph, "Finding")),
        "kind": kind if query.name == "attribute_users" else draw.choice([None, "solicitation"]),
        "id": attribute,
        "tier": draw.choice([None, "strong", "lead"]),
        "since": draw.choice([None, "2024-03-02T00:00:00Z", "2025-03-01T00:00:00Z"]),
        "until": draw.choice([None, "2024-03-08T00:00:00Z", "2025-10-01T12:30:00.5Z"]),
        "min_buyers": draw.choice([1, 2, 5]),
        "min_users": draw.choice([1, 3]),
        "min_members": draw.choice([1, 2]),
        "min_weight": draw.choice([0.0, 1.0]),
        "days": draw.choice([1, 45, 400]),
        "most_users": draw.choice([3, 50]),
        "limit": draw.choice([1, 7, 500]),
    }
    odd = draw.random() < 0.05
    return {
        item.name: "nowhere" if odd and item.type == "text" and item.required else made[item.name]
        for item in query.params
    }


def _targeted(graph: Graph) -> list[str]:
    targets = next(frame for route, frame in graph.relationships.items() if route.name == "TARGETS")
    return targets.get_column("end").to_list()


@pytest.mark.parametrize("name", sorted(library()))
def test_both_stores_give_the_same_rows(name: str, both: tuple[Graph, GraphStore, GraphStore]) -> None:
    graph, embedded, neo4j = both
    query = library()[name]
    draw = random.Random(f"{name} {graph.case_id}")  # seeded with the name, so a failure repeats
    for _ in range(ROUNDS if query.params else 1):
        given = drawn(query, graph, draw)
        here = ask(embedded, query, given, case_id=graph.case_id)
        there = ask(neo4j, query, given, case_id=graph.case_id)
        assert here.equals(there), f"{given}\n{here}\n{there}"


@pytest.mark.parametrize("name", sorted(library()))
def test_the_server_can_plan_it(name: str, neo4j_session_store: Neo4jStore) -> None:
    query = library()[name]
    given = {item.name: None for item in query.params}
    given["limit"] = 1
    columns = neo4j_session_store.run("EXPLAIN " + query.text, given, case_id="any")
    assert list(columns) == [item.name for item in query.returns]


def test_defaults_fit_their_types() -> None:
    for query in library().values():
        needed = {item.name: "1" for item in query.params if item.required}
        assert set(bind(query, needed)) == {item.name for item in query.params}
