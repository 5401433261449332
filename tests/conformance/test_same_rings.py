"""The same rings whichever store: written to a server by the main job, and found again from what a store gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit import config, pipeline
from toolkit.case import Case, write_frame
from toolkit.cli.app import run
from toolkit.contracts.results import RESULTS
from toolkit.graph.build import case_name, project
from toolkit.graph.tables import tables
from toolkit.queries import ask, find

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Neo4jAddress
    from toolkit.backends.neo4j.store import Neo4jStore
    from toolkit.ports import GraphStore

WRITTEN_BACK = ("MEMBER_OF", "TARGETS", "LINKED", "RESTS_ON", "CONCERNS", "ABOUT", "FLAGGED")


def same_results(one: Case, other: Case, *, without: tuple[str, ...] = ()) -> None:
    """Every result table is the same, row by row."""
    for name in RESULTS:
        if name not in without:
            assert one.result(name).equals(other.result(name)), name


@pytest.mark.neo4j
def test_the_main_job_on_a_server(
    investigated: Case,
    neo4j_session_store: Neo4jStore,
    neo4j_address: Neo4jAddress,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_address.password)
    where = ["--uri", neo4j_address.uri, "--user", neo4j_address.user, "--store", "neo4j", "--quiet"]
    data = str(investigated.path.parent / "data")
    assert run(["investigate", data, "--out", str(tmp_path / "case"), *where]) == 0
    case = Case(tmp_path / "case")
    same_results(case, investigated)
    graph, name = project(case), case_name(case)
    for label in ("Ring", "Evidence", "Finding"):
        assert graph.nodes[label].height
        assert neo4j_session_store.nodes(label, case_id=name).equals(graph.nodes[label]), label
    for route in (route for route in graph.relationships if route.name in WRITTEN_BACK):
        frame = graph.relationships[route]
        columns = [column for column, kind in frame.schema.items() if not isinstance(kind, pl.List)]
        assert neo4j_session_store.relationships(route, case_id=name).sort(columns).equals(frame.sort(columns)), route
    listed = ask(neo4j_session_store, find("ring_list"), {"tier": None, "limit": 500}, case_id=name)
    assert set(listed["ring"]) == set(investigated.result("rings")["ring_id"])
    neo4j_session_store.purge(name)


def test_what_a_store_gives_back_has_the_same_rings(investigated: Case, store: GraphStore, tmp_path: Path) -> None:
    store.write(project(investigated, "one"), key="k")
    for table, frame in tables(store, "one").items():
        write_frame(tmp_path / "pulled" / f"{table}.parquet", frame)
    again = pipeline.investigate(tmp_path / "pulled", tmp_path / "again", config.load(None), say=lambda _: None)
    assert investigated.result("rings").height
    assert investigated.result("evidence").height
    same_results(again, investigated, without=("findings", "evidence", "money", "tests"))
    kept = [name for name, kind in again.result("tests").schema.items() if kind != pl.Float64]
    # What pairs were expected to share is a sum over rows in another order; its last digit may differ.
    assert again.result("tests").select(kept).equals(investigated.result("tests").select(kept))
    of_rings = pl.col("ring_id").is_not_null()
    for name in ("evidence", "money"):
        assert again.result(name).filter(of_rings).equals(investigated.result(name).filter(of_rings)), name
    off = {item["test"] for item in again.manifest()["switched_off"]}
    assert "message_copies" in off - {item["test"] for item in investigated.manifest()["switched_off"]}
