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


def spans(connection: Connection, label: str, case_id: str) -> list[tuple[str, str]]:
    """First and last id of every page of a label, cut by the server, so that its ids need not travel."""
    text = (
        f"MATCH (n:{label} {{case_id: $case}}) WITH n.id AS id ORDER BY id WITH collect(id) AS ids, $page AS page "
        "UNWIND range(0, size(ids) - 1, page) AS i "
        "RETURN ids[i], ids[CASE WHEN i + page > size(ids) THEN size(ids) - 1 ELSE i + page - 1 END]"
    )
    _, rows = connection.read(text, {"case": case_id, "page": PAGE})
    return [(first, last) for first, last in rows]


def read_nodes(connection: Connection, label: str, case_id: str) -> pl.DataFrame:
    """All nodes of a label, sorted by id."""
    columns = node_columns(label)
    text = (
        f"MATCH (n:{label}) WHERE n.case_id = $case AND n.id >= $low AND n.id <= $high "
        f"RETURN collect([{', '.join(columns.values())}])"
    )
    return _paged(connection, text, label, case_id, columns, node_schema(label)).sort("id")


def read_relationships(connection: Connection, route: Route, case_id: str) -> pl.DataFrame:
    """All relationships of a route, sorted by their ends."""
    columns = relationship_columns(route.name)
    text = (
        f"MATCH (a:{route.start}) WHERE a.case_id = $case AND a.id >= $low AND a.id <= $high "
        f"MATCH (a)-[r:{route.name}]->(b:{route.end}) RETURN collect([{', '.join(columns.values())}])"
    )
    whole = _paged(connection, text, route.start, case_id, columns, relationship_schema(route.name))
    return whole.sort("start", "end", maintain_order=True)


def _paged(
    connection: Connection,
    text: str,
    label: str,
    case_id: str,
    columns: dict[str, str],
    schema: dict[str, pl.DataType],
) -> pl.DataFrame:
    """What `text` collects, page by page of a label; the server works on one page while another is decoded here."""

    def page(span: tuple[str, str]) -> pl.DataFrame:
        _, rows = connection.read(text, {"case": case_id, "low": span[0], "high": span[1]})
        return _frame(rows[0][0], columns, schema)

    with ThreadPoolExecutor(SESSIONS) as pool:
        pages = list(pool.map(page, spans(connection, label, case_id)))
    return pl.concat([_frame([], columns, schema), *pages])


def _frame(rows: list[list[Any]], columns: dict[str, str], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return decode({name: list(column) for name, column in zip(columns, values, strict=True)}, schema)
