"""The result tables of a whole run say what the contract says, and everything they cite exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.config import Settings
from toolkit.contracts.results import RESULTS
from toolkit.contracts.row_ids import row_id
from toolkit.pipeline import investigate
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from toolkit.case import Case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("results")
    write(simulate(Market(orders=40_000, rings=10, seed=21)), folder / "data", form="parquet")
    made = investigate(folder / "data", folder / "case", Settings(), say=lambda _: None)
    assert made.result("rings").filter(pl.col("tier") != "lead").height >= 3
    return made


@pytest.mark.parametrize("name", RESULTS)
def test_every_table_is_there_and_fits_its_schema(case: Case, name: str) -> None:
    frame = pl.read_parquet(case.path / "results" / f"{name}.parquet")
    assert RESULTS[name].is_valid(frame)


def test_every_cited_row_exists(case: Case) -> None:
    cited = pl.concat(
        [case.result(name).explode("rows").unnest("rows").select("table", "id") for name in ("evidence", "findings")]
    )
    cited = cited.drop_nulls().unique()
    assert cited.height > 100
    for table in cited["table"].unique():
        there = case.table(table).select(row_id(table)).collect()
        assert cited.filter(pl.col("table") == table).join(there, on="id", how="anti").height == 0, table


def test_members_targets_and_evidence_belong_to_rings(case: Case) -> None:
    rings = case.result("rings").select("ring_id")
    for name in ("members", "targets", "evidence", "money", "explanations", "virtual_orders"):
        named = case.result(name).filter(pl.col("ring_id").is_not_null())
        assert named.join(rings, on="ring_id", how="anti").height == 0, name


def test_every_alert_has_evidence_of_every_family_that_it_names(case: Case) -> None:
    alerts = case.result("rings").filter(pl.col("tier") != "lead").explode("families")
    told = case.result("evidence").select("ring_id", families="family").unique()
    assert alerts.join(told, on=["ring_id", "families"], how="anti").height == 0


def test_counts_agree(case: Case) -> None:
    counted = case.result("members").group_by("ring_id").agg(n=pl.len(), core=(pl.col("role") == "core").sum())
    both = case.result("rings").join(counted, on="ring_id")
    assert both.filter((pl.col("n_members") != pl.col("n")) | (pl.col("n_core") != pl.col("core"))).height == 0


def test_every_alert_lists_innocent_explanations(case: Case) -> None:
    alerts = case.result("rings").filter(pl.col("tier") != "lead")
    tested = case.result("explanations").group_by("ring_id").agg(n=pl.len())
    assert alerts.join(tested, on="ring_id").filter(pl.col("n") >= 4).height == alerts.height


def test_money_is_per_currency_and_exact(case: Case) -> None:
    money = case.result("money").filter(pl.col("ring_id").is_not_null() & (pl.col("kind") == "order_value"))
    assert money.height > 0
    assert money.select(pl.struct("ring_id", "kind", "currency").is_duplicated().any()).item() is False
    whole = money.filter(pl.col("currency").is_in(["VND", "CLP"]))
    assert whole.filter(pl.col("amount") != pl.col("amount").round(0)).height == 0
    cents = money.filter(pl.col("currency") == "USD")["amount"]
    assert all(abs(value * 100 - round(value * 100)) < 1e-6 for value in cents)
