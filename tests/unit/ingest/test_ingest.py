"""The main road: files in, clean tables and quarantine out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.unit.ingest.exports import GOOD, quarantined, write
from toolkit.contracts.input_report import InputReport
from toolkit.contracts.tables import TABLES, dtypes
from toolkit.errors import InputError
from toolkit.ingest import ingest

if TYPE_CHECKING:
    from pathlib import Path


def test_clean_rows_match_the_contract(tmp_path: Path) -> None:
    report = ingest(write(tmp_path / "data", "orders.csv", GOOD), tmp_path / "case")

    frame = pl.read_parquet(tmp_path / "case/tables/orders.parquet")
    assert dict(frame.schema) == dtypes("orders")
    TABLES["orders"].validate(frame)
    assert frame["currency"].unique().to_list() == ["USD"]
    assert report.tables[0].rows_kept == 20
    assert "voucher_id" in report.tables[0].missing_columns
    assert InputReport.from_json(report.to_json()) == report


def test_each_bad_row_is_quarantined_with_its_rules(tmp_path: Path) -> None:
    bad = [
        ",b1,l1,2024-01-02T03:04:05Z,1,,paid,USD",
        "x1,b1,l1,yesterday,1,,paid,USD",
        "x2,b1,l1,2024-01-02T03:04:05Z,-1,2024-01-01T00:00:00Z,paid,USD",
        "o3,b1,l1,2024-01-02T03:04:05Z,1,,paid,USD",
    ]
    report = ingest(write(tmp_path / "data", "orders.csv", GOOD + bad), tmp_path / "case")

    assert quarantined(tmp_path / "case") == {
        21: "order_id_missing",
        22: "ordered_at_unparsable",
        23: "amount_negative; delivered_before_ordered",
        24: "duplicate_order_id",
    }
    assert report.tables[0].rules["amount_negative"] == 1
    assert report.tables[0].rows_quarantined == 4


def test_optional_values_that_cannot_be_read_become_null_and_are_counted(tmp_path: Path) -> None:
    odd = ["x1,b1,l1,2024-01-02T03:04:05Z,NaN,soon,lost,DOGE", "x2,b1,l1,2024-01-02T03:04:05Z,inf,,PAID,eur"]
    report = ingest(write(tmp_path / "data", "orders.csv", GOOD + odd), tmp_path / "case")

    assert report.tables[0].unparsable == {"amount": 2, "delivered_at": 1, "status": 1, "currency": 1}
    assert report.tables[0].rows_quarantined == 0


def test_broken_references_are_quarantined_only_where_the_other_table_is_there(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    write(data, "buyers.csv", "buyer_id\nb0\nb1\nb2\nb2\n")
    write(data, "orders.csv", [*GOOD, "x1,nobody,l1,2024-01-02T03:04:05Z,1,,paid,USD"])
    report = ingest(data, tmp_path / "case", reject_limit=0.3)

    assert quarantined(tmp_path / "case") == {21: "buyer_id_not_in_buyers"}
    assert quarantined(tmp_path / "case", "buyers") == {4: "duplicate_buyer_id"}
    assert "listings" in report.absent


def test_a_wrong_mapping_stops_the_run_and_leaves_the_quarantine(tmp_path: Path) -> None:
    rows = [row.replace("2024-01-02", "02/01") for row in GOOD]
    with pytest.raises(InputError, match="ordered_at_unparsable"):
        ingest(write(tmp_path / "data", "orders.csv", rows), tmp_path / "case")
    assert len(quarantined(tmp_path / "case")) == 20


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    ingest(data, None)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
