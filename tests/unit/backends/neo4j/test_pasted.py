"""The library as a person uses it in Neo4j Browser: `:param` lines and text from the page, pasted as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cases import tiny_case
from toolkit.contracts.graph import NODES
from toolkit.graph.build import project
from toolkit.queries import library

if TYPE_CHECKING:
    from toolkit.backends.neo4j.store import Neo4jStore

DOCS = Path(__file__).parents[4] / "docs" / "queries.md"
BLOCK = re.compile(r"### (\w+)\n.*?```cypher\n(.*?)```", re.DOTALL)

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


def pasted(store: Neo4jStore, block: str, own: dict[str, str]) -> tuple[list[str], list[list[Any]]]:
    """Run a block as Browser does: the right side of each `:param` is an expression that the server works out."""
    known = dict(re.findall(r"^:param (\w+) => (.+)$", block, re.MULTILINE)) | own
    text = re.sub(r"^:param .+\n", "", block, flags=re.MULTILINE)
    _, rows = store.connection.read("RETURN {" + ", ".join(f"{name}: {value}" for name, value in known.items()) + "}")
    return store.connection.read(text, rows[0][0])


def test_every_block_of_the_page_runs_with_one_case_in_the_database(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    neo4j_store.write(project(tiny_case(tmp_path), "mine"), key="k")
    blocks = dict(BLOCK.findall(DOCS.read_text(encoding="utf-8")))
    assert sorted(blocks) == sorted(library())
    for name, block in blocks.items():
        columns, _ = pasted(neo4j_store, block, {"case": "'mine'"})
        assert columns == [item.name for item in library()[name].returns], name
    _, rows = pasted(neo4j_store, blocks["ring_members"], {"case": "'mine'", "ring": "'ring-1'"})
    assert [row[0] for row in rows] == ["B1", "B2", "B3"]


def test_with_one_case_an_id_is_unique_within_its_label(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    neo4j_store.write(project(tiny_case(tmp_path), "mine"), key="k")
    for kind in NODES:
        _, rows = neo4j_store.connection.read(f"MATCH (n:{kind.label}) RETURN count(n), count(DISTINCT n.id)")
        assert rows[0][0] == rows[0][1] > 0, kind.label
    _, rows = neo4j_store.connection.read("MATCH (b:Buyer {id: 'B1'})-[:MEMBER_OF]->(r:Ring) RETURN r.id")
    assert rows == [["ring-1"]]
