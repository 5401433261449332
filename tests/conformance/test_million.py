"""A million relationships on every store: written, known as unchanged, counted, read back row by row, removed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import polars as pl
import pytest

from toolkit.contracts.graph import NODES, ROUTES, relationship_schema
from toolkit.contracts.kinds import Graph, Route
from toolkit.contracts.statements import empty_nodes, empty_relationships

if TYPE_CHECKING:
    from toolkit.ports import GraphStore

MILLION: Final = 1_000_000
BUYERS: Final = 20_000
LISTINGS: Final = 2_000
CLICKED: Final = Route("CLICKED", "Buyer", "Listing")


def _name(letter: str, number: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(letter), number.cast(pl.String).str.zfill(6))


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A million clicks; every second one without a session, so that a property may be absent."""
    row = pl.int_range(MILLION, dtype=pl.Int64)
    made = pl.select(
        start=_name("b", row * 7919 % BUYERS),
        end=_name("l", row * 104729 % LISTINGS),
        at=pl.lit(datetime(2024, 3, 1, tzinfo=UTC)).cast(pl.Datetime("us", "UTC"))
        + pl.duration(microseconds=row * 1001),
        session_id=pl.when(row % 2 == 0).then(_name("s", row % 97)),
    )
    schema = relationship_schema("CLICKED")
    clicks = made.select(pl.col(name).cast(kind) for name, kind in schema.items()).sort(list(schema))
    nodes = {kind.label: empty_nodes(kind.label) for kind in NODES}
    for label, column in (("Buyer", "start"), ("Listing", "end")):
        ids = clicks.select(id=column).unique().sort("id")
        absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in nodes[label].schema.items() if name != "id"]
        nodes[label] = ids.with_columns(absent)
    return Graph("million", nodes, {r: clicks if r == CLICKED else empty_relationships(r.name) for r in ROUTES})


@pytest.mark.slow
def test_a_million_relationships(store: GraphStore, graph: Graph) -> None:
    told: list[int] = []
    assert graph.counts() == (BUYERS + LISTINGS, MILLION)
    assert store.write(graph, key="k", progress=lambda _, done, __: told.append(done))
    assert told[-1] == sum(graph.counts())
    assert not store.write(graph, key="k")
    match = "MATCH (b:Buyer {case_id: $case, id: $buyer})-[c:CLICKED]->(:Listing)"
    asked = f"{match} RETURN count(c) AS n, count(c.session_id) AS s"
    one = graph.relationships[CLICKED].filter(pl.col("start") == "b000007")
    found = store.run(asked, {"buyer": "b000007"}, case_id="million")
    assert found == {"n": [one.height], "s": [one.height - one["session_id"].null_count()]}
    back = store.relationships(CLICKED, case_id="million")
    assert back.sort(back.columns).equals(graph.relationships[CLICKED])
    assert store.purge("million") == BUYERS + LISTINGS
    assert store.cases() == {}
