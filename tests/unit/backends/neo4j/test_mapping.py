"""A graph of someone else's making as input tables."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from toolkit.backends.neo4j.mapping import quoted, read_mapping, read_tables, statement
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from toolkit.backends.neo4j.store import Neo4jStore

EXAMPLE = Path(__file__).parents[4] / "examples" / "neo4j" / "mapping.toml"
CREATE = """
CREATE (c:Customer {customerId: 7, joined: date('2020-02-01'), country: 'FR'})
CREATE (p:Product {sku: 'P-1', label: 'Lamp', shop: 'Shop'})
CREATE (c)-[:BOUGHT {number: 'N1', placedAt: datetime('2024-05-01T10:00:00+02:00'), total: 12, currency: 'EUR'}]->(p)
CREATE (c)-[:RATED {id: 'R1', on: datetime('2024-05-03T10:00:00Z'), stars: 5}]->(p)
CREATE (c)-[:LOGGED_IN_FROM {first: datetime('2024-04-30T00:00:00Z')}]->(:Device {fingerprint: 'F'})
"""
REMOVE = "MATCH (n) WHERE n:Customer OR n:Product OR (n:Device AND n.fingerprint = 'F') DETACH DELETE n"


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_the_example_reads_a_graph(neo4j_store: Neo4jStore) -> None:
    neo4j_store.connection.write((CREATE, {}))
    try:
        found = read_tables(neo4j_store.connection, read_mapping(EXAMPLE))
    finally:
        neo4j_store.connection.write((REMOVE, {}))
    assert list(found) == ["orders", "reviews", "buyers", "listings", "account_links"]
    order = found["orders"].row(0, named=True)
    assert (order["buyer_id"], order["listing_id"], order["amount"]) == ("7", "P-1", 12.0)
    at = datetime.fromisoformat(order["ordered_at"].replace(".000000000", ""))
    assert at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert found["account_links"].row(0, named=True)["attribute_kind"] == "device"


@pytest.mark.parametrize(
    "text",
    [
        "[ordrs]\nnode = 'X'\ncolumns = {}",
        "[buyers]\ncolumns = {buyer_id = 'node.id'}",
        "[buyers]\nnode = 'X'\ncolumns = {country = 'node.c'}",
        "[buyers]\nnode = 'X'\ncolumns = {buyer_id = 'node.id', shoe_size = 'node.s'}",
        "[buyers]\nnode = 'X'\ncolumns = {buyer_id = 'start.id'}",
        "no toml",
    ],
)
def test_a_mapping_that_is_off_is_wrong_usage(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        read_mapping(path)


def test_a_name_can_not_be_more_than_a_name() -> None:
    assert quoted("X`) DETACH DELETE n //") == "`X``) DETACH DELETE n //`"
    assert quoted("a\\u0060b") == "`a``b`"


def test_the_statement_is_made_of_quoted_names() -> None:
    orders = read_mapping(EXAMPLE)[0]
    assert statement(orders).startswith("MATCH (a:`Customer`)-[r:`BOUGHT`]->(b:`Product`) RETURN r.`number`, ")
