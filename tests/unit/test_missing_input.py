"""Rings are looked for whatever is missing: each table, each optional column of orders, ... in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.backends import local
from toolkit.case import Case
from toolkit.config import Settings
from toolkit.contracts.results import RESULTS
from toolkit.contracts.tables import TABLES
from toolkit.detect import detect
from toolkit.ingest import ingest
from toolkit.link import link
from toolkit.market import Market
from toolkit.score import Scored, score
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market as Asked
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from pathlib import Path

ONLY_FINDINGS = ("messages", "category_changes")
"""Tables that link, detect and score do not read."""
OPTIONAL = [
    (table, column)
    for table, schema in TABLES.items()
    for column, spec in schema.columns().items()
    if spec.nullable and table not in ONLY_FINDINGS
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("missing")
    write(simulate(Asked(orders=5_000, rings=4, seed=3, levels=(0,))), folder / "data", form="parquet")
    ingest(folder / "data", folder / "case")
    return Case(folder / "case")


def _rings(case: Case) -> Scored:
    market, settings = Market(case), Settings()
    linked = link(market, local, settings.link, settings.gift_cards)
    return score(market, linked, detect(linked, local, settings.detect, settings.seed), settings)


def _without(whole: Case, folder: Path, table: str, *columns: str) -> Case:
    """The case without some columns' values, or without the table where no column is named."""
    (folder / "tables").mkdir(parents=True)
    for name in whole.tables():
        if name != table:
            (folder / "tables" / f"{name}.parquet").symlink_to(whole.path / "tables" / f"{name}.parquet")
    if columns:
        frame = whole.table(table).with_columns(
            pl.lit(None).cast(whole.table(table).collect_schema()[c]).alias(c) for c in columns
        )
        frame.collect().write_parquet(folder / "tables" / f"{table}.parquet")
    return Case(folder)


def _complete(scored: Scored) -> None:
    """Every table has its columns, and each ring has two members or more and evidence that cites rows."""
    for name in ("rings", "members", "evidence", "explanations"):
        frame = getattr(scored, name)
        assert frame.columns == RESULTS[name].column_names()
    assert set(scored.members["ring_id"]) == set(scored.rings["ring_id"])
    assert scored.evidence["rows"].list.len().min() is None or scored.evidence["rows"].list.len().min() > 0


def test_whole(whole: Case) -> None:
    scored = _rings(whole)
    _complete(scored)
    assert scored.rings.filter(pl.col("tier") != "lead").height > 0


@pytest.mark.parametrize("table", [name for name in TABLES if name not in ONLY_FINDINGS])
def test_without_a_table(whole: Case, tmp_path: Path, table: str) -> None:
    _complete(_rings(_without(whole, tmp_path, table)))


@pytest.mark.parametrize("column", [column for table, column in OPTIONAL if table == "orders"])
def test_without_a_column_of_orders(whole: Case, tmp_path: Path, column: str) -> None:
    _complete(_rings(_without(whole, tmp_path, "orders", column)))


@pytest.mark.parametrize("table", sorted({table for table, _ in OPTIONAL} - {"orders"}))
def test_without_the_optional_columns_of_a_table(whole: Case, tmp_path: Path, table: str) -> None:
    _complete(_rings(_without(whole, tmp_path, table, *(c for name, c in OPTIONAL if name == table))))


def test_bare_orders(whole: Case, tmp_path: Path) -> None:
    """Only who ordered what, and when."""
    (tmp_path / "tables").mkdir()
    columns = whole.table("orders").collect_schema()
    bare = [c for c, spec in TABLES["orders"].columns().items() if spec.nullable and c in columns]
    case = _without(whole, tmp_path / "bare", "orders", *bare)
    for path in (case.path / "tables").glob("*.parquet"):
        if path.stem != "orders":
            path.unlink()
    _complete(_rings(case))
