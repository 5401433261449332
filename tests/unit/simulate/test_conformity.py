"""Every table keeps the input contract: its schema, its keys, its references."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.contracts.tables import FOREIGN_KEYS, TABLES, dtypes

if TYPE_CHECKING:
    from toolkit.simulate.tables import Marketplace


def contract_dtypes(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    return frame.cast(dtypes(table))


@pytest.mark.parametrize("table", TABLES)
def test_table_has_no_row_that_breaks_its_schema(small: Marketplace, table: str) -> None:
    frame = contract_dtypes(small.tables[table], table)
    _good, failures = TABLES[table].filter(frame)
    assert failures.counts() == {}


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, keys in FOREIGN_KEYS.items() for column in keys]
)
def test_references_exist(small: Marketplace, table: str, column: str) -> None:
    other, key = FOREIGN_KEYS[table][column]
    known = small.tables[other][key]
    assert small.tables[table][column].drop_nulls().is_in(known.implode()).all()


def test_orders_are_exactly_as_many_as_asked_for(small: Marketplace) -> None:
    assert len(small.tables["orders"]) == 40_000


@pytest.mark.parametrize("table", ["orders", "reviews", "redemptions", "transfers", "messages", "clicks"])
def test_nothing_happens_outside_the_market(small: Marketplace, table: str) -> None:
    frame = small.tables[table]
    columns = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    first = pl.datetime(2025, 1, 1, time_zone="UTC")
    last = pl.datetime(2026, 1, 1, time_zone="UTC")
    inside = frame.select((pl.col(column).is_between(first, last)).all().alias(column) for column in columns)
    assert inside.row(0) == (True,) * len(columns)


def test_nobody_acts_before_the_account_or_the_listing_exists(small: Marketplace) -> None:
    orders = small.tables["orders"].join(small.tables["buyers"], on="buyer_id")
    orders = orders.join(small.tables["listings"], on="listing_id", suffix="_listing")
    assert (orders["ordered_at"] >= orders["created_at"]).all()
    assert (orders["ordered_at"] >= orders["created_at_listing"]).all()
