"""The shapes that the graph's contract is written in: properties, kinds of node and relationship, a case as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

PropertyType = Literal["text", "integer", "number", "boolean", "time", "texts"]

DTYPES: Final[dict[PropertyType, pl.DataType]] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "time": pl.Datetime("us", "UTC"),
    "texts": pl.List(pl.String()),
}
"""How a property of each type is held in a frame."""


@dataclass(frozen=True)
class Property:
    """One property of a node or relationship.

    Attributes:
        name: Its name in the graph.
        type: Its type; one numeric type a property, because stores tell 1 from 1.0.
        column: The column of the kind's table that it comes from; empty where it is worked out.
    """

    name: str
    type: PropertyType
    column: str = ""


@dataclass(frozen=True)
class NodeKind:
    """One kind of node.

    Attributes:
        label: Its label.
        about: A sentence for people.
        table: The input or result table that describes it; empty where none does.
        key: The column of that table that is its id.
        properties: What it carries besides `id` and `case_id`.
        seen_in: Further places that an id occurs in: (table, column, account or attribute kind).
    """

    label: str
    about: str
    table: str = ""
    key: str = ""
    properties: tuple[Property, ...] = ()
    seen_in: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class RelationshipKind:
    """One kind of relationship.

    Attributes:
        name: Its type.
        about: A sentence for people.
        starts: Labels that it may start at.
        ends: Labels that it may end at.
        properties: What it carries.
        table: The input or result table whose rows it is made of.
    """

    name: str
    about: str
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    properties: tuple[Property, ...] = ()
    table: str = ""

    def routes(self) -> Iterator[Route]:
        """Every pair of labels that it may join."""
        for start in self.starts:
            for end in self.ends:
                yield Route(self.name, start, end)


@dataclass(frozen=True, order=True)
class Route:
    """A relationship kind between two labels; the unit that is loaded and read at once."""

    name: str
    start: str
    end: str

    def __str__(self) -> str:
        """As one would draw it."""
        return f"(:{self.start})-[:{self.name}]->(:{self.end})"


@dataclass(frozen=True)
class Graph:
    """A case as frames.

    Attributes:
        case_id: The name that the case has in a store.
        nodes: Label -> frame with `id` and the kind's properties, sorted by id.
        relationships: Route -> frame with `start`, `end` (ids) and the kind's properties, sorted.
    """

    case_id: str
    nodes: dict[str, pl.DataFrame]
    relationships: dict[Route, pl.DataFrame]

    def counts(self) -> tuple[int, int]:
        """How many nodes and relationships."""
        nodes = sum(frame.height for frame in self.nodes.values())
        return nodes, sum(frame.height for frame in self.relationships.values())
