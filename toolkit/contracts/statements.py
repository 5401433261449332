"""The Cypher that fills and reads a store, made from the graph's contract; the same text serves both stores.

Rows travel as lists, times as ISO 8601 text with `Z` on the way in and as microseconds since 1970 on the way out:
both were measured to be several times faster than a driver's own temporal types, and neither loses a digit.
Labels and property names come from the contract alone, never from a user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.contracts.graph import NODE, NODES, RELATIONSHIP, node_schema, relationship_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toolkit.contracts.kinds import Property, Route

_ISO: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"


def constraints() -> list[str]:
    """One statement a label: an id occurs once in a case. They come before any row."""
    return [
        f"CREATE CONSTRAINT ringscope_{kind.label.lower()}_id IF NOT EXISTS "
        f"FOR (n:{kind.label}) REQUIRE (n.case_id, n.id) IS UNIQUE"
        for kind in NODES
    ]


def _value(index: int, item: Property) -> str:
    return f"datetime(r[{index}])" if item.type == "time" else f"r[{index}]"


def _pairs(properties: Sequence[Property], first: int) -> Iterable[tuple[str, str]]:
    return ((item.name, _value(index, item)) for index, item in enumerate(properties, first))


def create_nodes(label: str) -> str:
    """Creates nodes that are not there yet; rows are id, then the kind's properties."""
    inner = "".join(f", {name}: {value}" for name, value in _pairs(NODE[label].properties, 1))
    return f"UNWIND $rows AS r CREATE (:{label} {{case_id: $case, id: r[0]{inner}}})"


def merge_nodes(label: str) -> str:
    """Creates nodes, or sets the properties of those that are there."""
    inner = ", ".join(f"n.{name} = {value}" for name, value in _pairs(NODE[label].properties, 1))
    return f"UNWIND $rows AS r MERGE (n:{label} {{case_id: $case, id: r[0]}})" + (f" SET {inner}" if inner else "")


def create_relationships(route: Route, *, alone: bool = False) -> str:
    """Creates relationships between nodes that are there; rows are start id, end id, then the kind's properties.

    Args:
        route: What is created.
        alone: Whether the store holds this case alone, so that an id says enough; the embedded one is then faster.
    """
    case = "" if alone else "case_id: $case, "
    inner = ", ".join(f"{name}: {value}" for name, value in _pairs(RELATIONSHIP[route.name].properties, 2))
    return (
        f"UNWIND $rows AS r MATCH (a:{route.start} {{{case}id: r[0]}}) "
        f"MATCH (b:{route.end} {{{case}id: r[1]}}) "
        f"CREATE (a)-[:{route.name}{f' {{{inner}}}' if inner else ''}]->(b)"
    )


def read_value(name: str, item: Property) -> str:
    """The expression that reads a property: a time as microseconds since 1970, anything else as it is."""
    field = f"{name}.{item.name}"
    return f"{field}.epochMillis * 1000 + {field}.microsecond % 1000" if item.type == "time" else field


def encode(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame as it travels to a store: times become text."""
    return frame.with_columns(pl.col(pl.Datetime).dt.to_string(_ISO))


def decode(columns: dict[str, list[Any]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """What came from a store, as a frame of this schema: microseconds become times."""
    travelled = {name: pl.Int64() if isinstance(kind, pl.Datetime) else kind for name, kind in schema.items()}
    frame = pl.DataFrame({name: columns[name] for name in schema}, schema=travelled, strict=False)
    return frame.cast({name: kind for name, kind in schema.items() if isinstance(kind, pl.Datetime)})


def node_columns(label: str) -> dict[str, str]:
    """Column of the frame -> expression that reads it from a node `n`."""
    return {"id": "n.id", **{item.name: read_value("n", item) for item in NODE[label].properties}}


def relationship_columns(name: str) -> dict[str, str]:
    """Column of the frame -> expression that reads it from `(a)-[r]->(b)`."""
    own = {item.name: read_value("r", item) for item in RELATIONSHIP[name].properties}
    return {"start": "a.id", "end": "b.id", **own}


def empty_nodes(label: str) -> pl.DataFrame:
    """A frame of nodes without rows."""
    return pl.DataFrame(schema=node_schema(label))


def empty_relationships(name: str) -> pl.DataFrame:
    """A frame of relationships without rows."""
    return pl.DataFrame(schema=relationship_schema(name))
