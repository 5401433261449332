"""What the manifest of a case says about its input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.ingest.exports import GOOD, write
from toolkit.config import Settings
from toolkit.contracts.input_report import InputReport
from toolkit.contracts.needs import switched_off
from toolkit.errors import UsageError
from toolkit.pipeline import investigate

if TYPE_CHECKING:
    from pathlib import Path


def test_counts_fingerprints_and_what_was_switched_off(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", [*GOOD, GOOD[0]])
    manifest = investigate(data, tmp_path / "case", Settings(), say=lambda _: None).manifest()
    report = InputReport.from_json(manifest["inputs"])
    [orders] = report.tables
    assert (orders.rows_read, orders.rows_kept, orders.rules) == (21, 20, {"duplicate_order_id": 1})
    assert len(orders.sources[0].sha256) == 64
    told = {entry["test"]: entry["reason"] for entry in manifest["switched_off"]}
    assert told == switched_off(report)
    assert told["co_review"] == "needs reviews"


def test_an_input_without_a_ring_is_no_error(tmp_path: Path) -> None:
    rows = "review_id,buyer_id,listing_id,reviewed_at\nr1,b,l,2024-01-01\nr2,c,l,2024-01-02\n"
    case = investigate(write(tmp_path / "data", "reviews.csv", rows), tmp_path / "case", Settings(), say=lambda _: None)
    assert case.result("rings").height == 0
    assert case.result("evidence").height == 0


def test_a_case_in_a_folder_of_the_input_is_no_input(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    for begun in ("reading 0.0 MB", "input: unchanged, kept"):
        said: list[str] = []
        investigate(data, data / "case", Settings(), say=said.append)
        assert any(begun in line for line in said), said


def test_the_input_itself_is_no_place_for_a_case(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    with pytest.raises(UsageError, match="among the input"):
        investigate(data, data / ".." / "data", Settings(), say=lambda _: None)
    assert [path.name for path in data.iterdir()] == ["orders.csv"]
