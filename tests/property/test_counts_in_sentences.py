"""Whoever checks a sentence against the rows that it cites counts as many members as it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import polars as pl
import pytest

from toolkit.config import Settings
from toolkit.contracts.row_ids import row_id
from toolkit.pipeline import investigate
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from toolkit.case import Case

COUNT: Final = re.compile(r"^(?:refunds of |orders of |parcels of )?(\d+) (?:of (\d+) )?member")
AMONG: Final = re.compile(r"\((\d+) members? among them\)")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A market with rings of every scheme, investigated."""
    path = tmp_path_factory.mktemp("sentences")
    write(simulate(Market(orders=20_000, rings=16, seed=2)), path / "data", form="parquet")
    return investigate(path / "data", path / "case", Settings(), say=lambda _: None)


@pytest.fixture(scope="module")
def cited(case: Case) -> pl.DataFrame:
    """The evidence of rings, with the members that its rows name and how many there are in all."""
    evidence = case.result("evidence").drop_nulls("ring_id")
    rows = evidence.select("evidence_id", "ring_id", "rows").explode("rows").unnest("rows")
    parts = []
    for (table,), part in rows.partition_by("table", as_dict=True).items():
        account = "account_id" if table == "account_links" else "buyer_id"
        who = case.table(str(table)).select(row_id(str(table)), buyer_id=account).collect()
        parts.append(part.join(who, on="id").select("evidence_id", "ring_id", "buyer_id"))
    members = case.result("members").select("ring_id", "buyer_id")
    named = pl.concat(parts).join(members, on=["ring_id", "buyer_id"])
    counts = named.group_by("evidence_id").agg(cited=pl.col("buyer_id").n_unique())
    size = members.group_by("ring_id").agg(size=pl.len())
    return evidence.join(counts, on="evidence_id", how="left").join(size, on="ring_id")


def test_values_count_the_members_in_their_rows(cited: pl.DataFrame) -> None:
    values = cited.filter(pl.col("test").str.starts_with("f4_"))
    assert values.height > 100
    assert values["test"].n_unique() > 8
    for statement, there, size in values.select("statement", "cited", "size").iter_rows():
        found = COUNT.match(statement)
        assert found, statement
        assert int(found[1]) == there, statement
        assert int(found[2] or size) == size, statement


def test_what_a_test_counts_is_told_where_it_is_not_all(cited: pl.DataFrame) -> None:
    values = cited.filter(pl.col("test").str.starts_with("f4_"))
    told = values.filter(pl.col("statement").str.contains("the test counts"))
    assert 0 < told.height < values.height
    for statement, observed in told.select("statement", "observed").iter_rows():
        assert f"the test counts {observed:.0f} of " in statement
    plain = values.filter(~pl.col("statement").str.contains("the test counts"))
    assert (plain["observed"] == plain["cited"]).all()


def test_stars_count_the_members_in_their_rows(cited: pl.DataFrame) -> None:
    stars = cited.filter(pl.col("statement").str.contains(AMONG.pattern))
    assert stars.height
    for statement, there in stars.select("statement", "cited").iter_rows():
        found = AMONG.search(statement)
        assert found is not None
        assert int(found[1]) == there, statement


def test_marks_count_the_members_in_their_rows(cited: pl.DataFrame) -> None:
    marked = cited.filter(pl.col("test").str.starts_with("f7_") & pl.col("statement").str.contains(COUNT.pattern))
    marked = marked.filter(~pl.col("statement").str.contains("each by the share"))
    assert marked.height
    for statement, there in marked.select("statement", "cited").iter_rows():
        found = COUNT.match(statement)
        assert found is not None
        assert int(found[1]) == there, statement
