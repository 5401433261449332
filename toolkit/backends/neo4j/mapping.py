"""Reads a graph of someone else's making as input tables, by a mapping of labels and properties in TOML.

    [orders]
    start = "Customer"
    relationship = "BOUGHT"
    end = "Product"
    [orders.columns]
    order_id = "relationship.id"
    buyer_id = "start.customerId"
    listing_id = "end.sku"
    ordered_at = "relationship.date"

    [buyers]
    node = "Customer"
    [buyers.columns]
    buyer_id = "node.customerId"

A column is a property of the `node`, or of the `start`, the `relationship` or the `end`; a text after `=` is constant.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.contracts.tables import TABLES, required_columns
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.backends.neo4j.connection import Connection

_PLACES: Final = {"node": "n", "start": "a", "relationship": "r", "end": "b"}


@dataclass(frozen=True)
class TableMapping:
    """Where one input table comes from: a label, or a relationship with its two labels, and a source a column."""

    table: str
    labels: tuple[str, ...]
    columns: dict[str, str]


def read_mapping(path: Path) -> list[TableMapping]:
    """The mapping in a file.

    Raises:
        UsageError: It is not as described above.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        todo = "see examples/neo4j/"
        raise UsageError("the mapping can't be read as TOML", where=str(path), todo=todo) from error
    return [_one(table, part, str(path)) for table, part in read.items()]


def _one(table: str, part: dict[str, Any], where: str) -> TableMapping:
    keys = ("node",) if "node" in part else ("start", "relationship", "end")
    at = f"{where}: [{table}]"
    if table not in TABLES:
        raise UsageError("the mapping names a table that does not exist", where=at, todo=f"one of {', '.join(TABLES)}")
    if not all(isinstance(part.get(key), str) for key in keys) or not isinstance(part.get("columns"), dict):
        todo = "give node, or start, relationship and end; and columns"
        raise UsageError("a table's mapping is incomplete", where=at, todo=todo)
    columns: dict[str, str] = part["columns"]
    missing = [name for name in required_columns(table) if name not in columns]
    unknown = [name for name in columns if name not in TABLES[table].column_names()]
    if missing or unknown:
        what = f"columns are missing ({', '.join(missing)}) or unknown ({', '.join(unknown)})"
        raise UsageError(what, where=at, todo="see the contract's tables")
    for name, source in columns.items():
        if not source.startswith("=") and source.partition(".")[0] not in keys:
            raise UsageError(f"column {name} comes from nowhere", where=at, todo=f"use one of {', '.join(keys)}")
    return TableMapping(table, tuple(part[key] for key in keys), columns)


def statement(mapping: TableMapping) -> str:
    """The query that reads a table. Names are quoted, so that none can be more than a name."""
    if len(mapping.labels) == 1:
        match = f"MATCH (n:{quoted(mapping.labels[0])})"
    else:
        start, kind, end = (quoted(name) for name in mapping.labels)
        match = f"MATCH (a:{start})-[r:{kind}]->(b:{end})"
    return f"{match} RETURN {', '.join(_source(source) for source in mapping.columns.values())}"


def quoted(name: str) -> str:
    """A name between backticks, those inside it doubled."""
    return "`" + name.replace("\\u0060", "`").replace("`", "``") + "`"


def _source(source: str) -> str:
    if source.startswith("="):
        return "'" + source[1:].replace("\\", "\\\\").replace("'", "\\'") + "'"
    place, _, name = source.partition(".")
    return f"{_PLACES[place]}.{quoted(name)}"


def read_tables(connection: Connection, mappings: list[TableMapping]) -> dict[str, pl.DataFrame]:
    """Every table of a mapping, as text and numbers that `ringscope check` reads like any export."""
    found: dict[str, pl.DataFrame] = {}
    for mapping in mappings:
        _, rows = connection.read(statement(mapping))
        values = list(zip(*rows, strict=True)) if rows else [()] * len(mapping.columns)
        columns = [_series(name, list(column)) for name, column in zip(mapping.columns, values, strict=True)]
        found[mapping.table] = pl.DataFrame(columns).unique(maintain_order=True)
    return found


def _series(name: str, values: list[Any]) -> pl.Series:
    """Numbers stay numbers where a column has nothing else; all else becomes text."""
    known = [value for value in values if value is not None]
    if known and not name.endswith("_id") and all(type(value) in {int, float} for value in known):
        return pl.Series(name, values, dtype=pl.Float64, strict=False)
    return pl.Series(name, [None if value is None else _text(value) for value in values], dtype=pl.String)


def _text(value: Any) -> str:
    if isinstance(value, date) or hasattr(value, "iso_format"):
        return str(value.isoformat() if isinstance(value, date) else value.iso_format())
    return str(value).lower() if isinstance(value, bool) else str(value)
