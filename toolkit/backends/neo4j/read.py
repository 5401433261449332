"""Reads nodes and relationships in pages: many short queries with plain values, measured to be the fastest way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.contracts.graph import NODES, ROUTES, node_schema, relationship_schema
from toolkit.contracts.statements import decode, node_columns, relationship_columns

if TYPE_CHECKING:
    from toolkit.backends.neo4j.connection import Connection
    from toolkit.contracts.kinds import Route

PAGE: Final = 10_000
SESSIONS: Final = 2
"""Pages asked for at once."""


def counts(connection: Connection, case_id: str) -> list[int]:
    """How many nodes of each label and relationships of each route the case has, in the model's order."""
    nodes = [f"MATCH (n:{kind.label} {{case_id: $case}})" for kind in NODES]
    joined = [f"MATCH (a:{r.start} {{case_id: $case}})-[:{r.name}]->(:{r.end})" for r in ROUTES]
    texts = [f"COUNT {{ {pattern} }}" for pattern in (*nodes, *joined)]
    _, rows = connection.read(f"RETURN [{', '.join(texts)}]", {"case": case_id})
    return [int(number) for number in rows[0][0]]


def node_ids(connection: Connection, label: str, case_id: str) -> list[str]:
    """The ids of a label, sorted."""
    _, rows = connection.read(f"MATCH (n:{label} {{case_id: $case}}) RETURN n.id", {"case": case_id})
    return sorted(row[0] for row in rows)


def read_nodes(connection: Connection, label: str, case_id: str) -> pl.DataFrame:
    """All nodes of a label, sorted by id."""
    columns = node_columns(label)
    text = (
        f"MATCH (n:{label}) WHERE n.case_id = $case AND n.id > $after "
        f"RETURN {', '.join(columns.values())} ORDER BY n.id LIMIT {PAGE}"
    )
    pages: list[pl.DataFrame] = []
    after = ""
    while True:
        _, rows = connection.read(text, {"case": case_id, "after": after})
        pages.append(_frame(rows, columns, node_schema(label)))
        if len(rows) < PAGE:
            return pl.concat(pages)
        after = rows[-1][0]


def read_relationships(
    connection: Connection, route: Route, case_id: str, starts: list[str] | None = None
) -> pl.DataFrame:
    """All relationships of a route, sorted by their ends; `starts` saves asking for the ids of its start label."""
    columns = relationship_columns(route.name)
    text = (
        f"MATCH (a:{route.start}) WHERE a.case_id = $case AND a.id >= $low AND a.id <= $high "
        f"MATCH (a)-[r:{route.name}]->(b:{route.end}) RETURN collect([{', '.join(columns.values())}])"
    )
    schema = relationship_schema(route.name)
    ids = node_ids(connection, route.start, case_id) if starts is None else starts

    def page(first: int) -> pl.DataFrame:
        """The relationships of so many start nodes; one is worked out by the server while another is decoded here."""
        given = {"case": case_id, "low": ids[first], "high": ids[min(first + PAGE, len(ids)) - 1]}
        return _frame(connection.read(text, given)[1][0][0], columns, schema)

    with ThreadPoolExecutor(SESSIONS) as pool:
        pages = list(pool.map(page, range(0, len(ids), PAGE)))
    return pl.concat([_frame([], columns, schema), *pages]).sort("start", "end", maintain_order=True)


def _frame(rows: list[list[Any]], columns: dict[str, str], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return decode({name: list(column) for name, column in zip(columns, values, strict=True)}, schema)
