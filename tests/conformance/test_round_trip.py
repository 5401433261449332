"""A graph read back gives the input tables that it was made from, on every store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.contracts.graph import BODIES
from toolkit.contracts.tables import TABLES
from toolkit.graph.build import project
from toolkit.graph.tables import tables

if TYPE_CHECKING:
    from toolkit.case import Case
    from toolkit.ports import GraphStore


@pytest.mark.parametrize("name", ["tiny", "market"])
def test_the_tables_come_back_as_they_went_in(name: str, store: GraphStore, request: pytest.FixtureRequest) -> None:
    case: Case = request.getfixturevalue(name)
    store.write(project(case, "one"), key="k")
    back = tables(store, "one")
    assert set(back) == {table for table in case.tables() if case.table(table).collect().height}
    for table, frame in back.items():
        key = TABLES[table].primary_key()
        before = case.table(table).drop(BODIES.get(table, []), strict=False).collect().sort(key)
        if table in {"addresses", "payment_instruments"}:
            before = before.filter(pl.any_horizontal(pl.exclude(key).is_not_null()))
        assert frame.select(before.columns).equals(before.cast(frame.select(before.columns).schema)), table
