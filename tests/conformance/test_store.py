"""What every graph store does, whichever it is: the same bodies on both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.cases import empty_case, tiny_case
from toolkit.contracts.graph import NODES, ROUTES
from toolkit.contracts.kinds import Route
from toolkit.errors import BackendError, RingscopeError, UsageError
from toolkit.graph.build import project

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.case import Case
    from toolkit.contracts.kinds import Graph
    from toolkit.ports import GraphStore

ORDERED = Route("ORDERED", "Buyer", "Listing")


def same(store: GraphStore, graph: Graph) -> None:
    """The store gives back every node, relationship and property of the graph, and nothing else."""
    for label, frame in graph.nodes.items():
        assert store.nodes(label, case_id=graph.case_id).equals(frame), label
    for route, frame in graph.relationships.items():
        columns = [name for name, kind in frame.schema.items() if not isinstance(kind, pl.List)]
        assert store.relationships(route, case_id=graph.case_id).sort(columns).equals(frame.sort(columns)), str(route)


def test_gives_back_every_property_of_every_kind(store: GraphStore, tiny: Case) -> None:
    graph = project(tiny, "one")
    assert store.write(graph, key="k1")
    same(store, graph)
    assert store.cases() == {"one": "k1"}


def test_the_tiny_case_has_every_kind(tiny: Case) -> None:
    graph = project(tiny)
    empty = {route.name for route, frame in graph.relationships.items() if frame.height}
    assert all(graph.nodes[kind.label].height for kind in NODES)
    assert empty == {route.name for route in ROUTES}


def test_a_second_write_changes_nothing(store: GraphStore, tiny: Case) -> None:
    graph = project(tiny, "one")
    store.write(graph, key="k1")
    assert not store.write(graph, key="k1")
    same(store, graph)


def test_writing_again_under_a_new_key_does_not_double(store: GraphStore, tiny: Case) -> None:
    graph = project(tiny, "one")
    store.write(graph, key="k1")
    assert store.write(graph, key="k2")
    same(store, graph)


def test_a_changed_case_replaces_the_old_one(store: GraphStore, tiny: Case, tmp_path: Path) -> None:
    store.write(project(tiny, "one"), key="k1")
    less = project(
        tiny_case(tmp_path, without=("reviews", "gift_cards", "rings", "members", "targets", "evidence")), "one"
    )
    store.write(less, key="k2")
    same(store, less)
    more = project(tiny, "one")
    store.write(more, key="k3")
    same(store, more)


def test_purges_one_case_and_leaves_the_other(store: GraphStore, tiny: Case, market: Case) -> None:
    first, second = project(tiny, "one"), project(market, "two")
    store.write(first, key="k1")
    store.write(second, key="k2")
    same(store, first)
    assert store.purge("two") == second.counts()[0]
    assert store.cases() == {"one": "k1"}
    same(store, first)


def test_two_cases_with_the_same_ids_do_not_mix(store: GraphStore, tiny: Case, tmp_path: Path) -> None:
    first = project(tiny, "one")
    second = project(tiny_case(tmp_path, without=("reviews", "links")), "two")
    store.write(first, key="k1")
    store.write(second, key="k2")
    same(store, first)
    same(store, second)
    asked = "MATCH (b:Buyer {case_id: $case, id: $buyer})-[:LINKED]-(o) RETURN count(o) AS n"
    assert store.run(asked, {"buyer": "B2"}, case_id="one") == {"n": [3]}
    assert store.run(asked, {"buyer": "B2"}, case_id="two") == {"n": [0]}


def test_an_empty_case(store: GraphStore, tmp_path: Path) -> None:
    graph = project(empty_case(tmp_path), "nothing")
    assert graph.counts() == (0, 0)
    assert store.write(graph, key="k1")
    same(store, graph)
    assert store.purge("nothing") == 0


def test_text_of_any_script_survives(store: GraphStore, tiny: Case) -> None:
    odd = ["", " ", "a\nb", "'; DROP", '"}) DETACH DELETE n //', "\\u0041", "né😀", "مرحبا", "0" * 3000, "\t"]
    graph = _few_nodes(project(tiny, "odd"), [f"{number}{text}" for number, text in enumerate(odd)])
    store.write(graph, key="k1")
    assert store.nodes("Buyer", case_id="odd").equals(graph.nodes["Buyer"])


def _few_nodes(graph: Graph, words: list[str]) -> Graph:
    frame = graph.nodes["Buyer"]
    buyers = pl.DataFrame({"id": words, "country": words, "created_at": None}, schema=frame.schema).sort("id")
    nodes = {label: buyers if label == "Buyer" else frame.head(0) for label, frame in graph.nodes.items()}
    return replace(graph, nodes=nodes, relationships={route: f.head(0) for route, f in graph.relationships.items()})


def test_a_value_in_a_parameter_is_never_read_as_cypher(store: GraphStore, tiny: Case) -> None:
    store.write(project(tiny, "one"), key="k1")
    asked = "MATCH (b:Buyer {case_id: $case, id: $buyer}) RETURN b.id AS id"
    given = {"buyer": "B1'}) MATCH (n) DETACH DELETE n //"}
    assert store.run(asked, given, case_id="one") == {"id": []}
    same(store, project(tiny, "one"))


@pytest.mark.parametrize(
    "text",
    [
        "LOAD CSV FROM 'file:///etc/hostname' AS l RETURN l",
        "load /* x */ csv FROM 'file:///etc/hostname' AS l RETURN l",
        "CALL db.labels() YIELD label RETURN label",
        "\\u004cOAD CSV FROM 'file:///etc/hostname' AS l RETURN l",
    ],
)
def test_reads_no_files_and_calls_no_procedures(store: GraphStore, tiny: Case, text: str) -> None:
    store.write(project(tiny, "one"), key="k1")
    with pytest.raises(UsageError):
        store.run(text, {}, case_id="one")


@pytest.mark.parametrize("text", ["CREATE (n:Buyer {id: 'x'})", "MATCH (n) DETACH DELETE n", "MATCH (n) SET n.x = 1"])
def test_a_query_can_not_write(store: GraphStore, tiny: Case, text: str) -> None:
    graph = project(tiny, "one")
    store.write(graph, key="k1")
    with pytest.raises(UsageError, match="only read"):
        store.run(text, {}, case_id="one")
    same(store, graph)


def test_a_query_that_is_no_cypher_is_wrong_usage(store: GraphStore, tiny: Case) -> None:
    store.write(project(tiny, "one"), key="k1")
    with pytest.raises(UsageError, match="not understood"):
        store.run("RETRUN 1", {}, case_id="one")


def test_a_missing_parameter_is_wrong_usage(store: GraphStore, tiny: Case) -> None:
    store.write(project(tiny, "one"), key="k1")
    with pytest.raises(UsageError, match="buyer"):
        store.run("MATCH (b:Buyer {id: $buyer}) RETURN b.id AS id", {}, case_id="one")


def test_an_endless_query_is_stopped(store: GraphStore, market: Case) -> None:
    store.write(project(market, "one"), key="k1")
    text = "MATCH (a:Buyer) MATCH (b:Buyer) MATCH (c:Listing) WHERE a.id + b.id + c.id = 'x' RETURN count(*) AS n"
    with pytest.raises(RingscopeError, match=r"too long|refused"):
        store.run(text, {}, case_id="one", seconds=0.5)


def test_progress_ends_at_the_total(store: GraphStore, tiny: Case) -> None:
    told: list[tuple[str, int, int]] = []
    graph = project(tiny, "one")
    store.write(graph, key="k1", progress=lambda *said: told.append(said))
    assert told[-1][1:] == (sum(graph.counts()), sum(graph.counts()))


def test_a_relationship_without_its_end_is_an_error(store: GraphStore, tiny: Case) -> None:
    graph = project(tiny, "one")
    broken = replace(graph, nodes={**graph.nodes, "Listing": graph.nodes["Listing"].head(1)})
    with pytest.raises(BackendError):
        store.write(broken, key="k1")
    assert store.cases() == {}
    store.write(graph, key="k1")
    same(store, graph)
