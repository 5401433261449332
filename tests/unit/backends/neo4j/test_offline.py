"""The files for the offline import, imported by the server's own tool."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.unit.backends.neo4j.conftest import reached
from toolkit import config, pipeline
from toolkit.backends.neo4j.offline import write_files
from toolkit.backends.neo4j.store import Neo4jStore
from toolkit.case import write_frame
from toolkit.graph.build import project
from toolkit.graph.tables import tables

if TYPE_CHECKING:
    from pathlib import Path

    from tests.neo4j_server import Server
    from toolkit.case import Case


def imported(script: str) -> list[str]:
    """The arguments that the script gives to neo4j-admin."""
    text = script.replace("\\\n", " ")
    (line,) = [line for line in text.splitlines() if line.startswith("neo4j-admin")]
    return [word for word in shlex.split(line)[1:] if word != "$@"]


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
@pytest.mark.parametrize("name", ["tiny", "investigated"])
def test_an_import_is_as_good_as_a_push(
    name: str, own_server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    case: Case = request.getfixturevalue(name)
    graph = project(case, "imported")
    command = write_files(graph, "k", tmp_path / "files")
    assert command == f"sh {tmp_path / 'files' / 'import.sh'}"
    own_server.stop()
    own_server.admin(*imported((tmp_path / "files" / "import.sh").read_text("utf-8")))
    own_server.start()
    store = Neo4jStore(reached(own_server))
    store.ready("imported")
    assert not store.write(graph, key="k")
    for label, frame in graph.nodes.items():
        assert store.nodes(label, case_id="imported").equals(frame), label
    for route, frame in graph.relationships.items():
        columns = [column for column, kind in frame.schema.items() if not isinstance(kind, pl.List)]
        back = store.relationships(route, case_id="imported")
        assert back.sort(columns).equals(frame.sort(columns)), str(route)
    for table, frame in tables(store, "imported").items():
        write_frame(tmp_path / "pulled" / f"{table}.parquet", frame)
    if name == "investigated":
        again = pipeline.investigate(tmp_path / "pulled", tmp_path / "again", config.load(None), say=lambda _: None)
        for result in ("rings", "members", "targets", "evidence"):
            assert again.result(result).equals(case.result(result)), result
        assert case.result("rings").height
    store.purge("imported")
    store.close()


def test_absent_and_empty_text_differ(tiny: Case, tmp_path: Path) -> None:
    write_files(project(tiny, "one"), "k", tmp_path)
    listings = (tmp_path / "Listing.csv").read_text("utf-8").splitlines()
    assert listings[0].startswith("id:ID(Listing){label:Listing},seller_id:string,")
    title = listings[0].split(",").index("listing_title:string")
    assert [line.split(",")[title] for line in listings[1:]] == ["Tee ☕", '""', ""]
