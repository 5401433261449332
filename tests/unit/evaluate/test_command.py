"""The command on folders, with and without everything that may be missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.cli.app import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    (folder / "results").mkdir(parents=True)
    pl.DataFrame({"ring_id": ["C"], "tier": ["strong"]}).write_parquet(folder / "results" / "rings.parquet")
    pl.DataFrame({"ring_id": ["C", "C"], "buyer_id": ["a", "b"]}).write_parquet(folder / "results" / "members.parquet")
    return folder


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    folder = tmp_path / "truth"
    folder.mkdir()
    (folder / "rings.csv").write_text("ring_id,scheme,level\nR,brushing,1\n")
    (folder / "members.csv").write_text("ring_id,buyer_id\nR,a\nR,b\n")
    return folder


def test_prints_figures_as_json(case: Path, truth: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(case), "--truth", str(truth), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rings"]["precision"], told["rings"]["recall"]) == (1.0, 1.0)
    assert told["virtual_orders"] == {}


def test_prints_a_table_for_people(case: Path, truth: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(case), "--truth", str(truth)]) == 0
    out = capsys.readouterr().out
    assert "precision 1.000" in out
    assert "brushing" in out


def test_a_folder_without_truth_is_unusable_input(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(case), "--truth", str(case)]) == 3
    assert "rings.csv" in capsys.readouterr().err


def test_a_truth_file_without_its_columns_is_unusable_input(
    case: Path, truth: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (truth / "members.csv").write_text("ring_id,person\nR,a\n")
    assert run(["evaluate", str(case), "--truth", str(truth)]) == 3
    assert "buyer_id" in capsys.readouterr().err


def test_a_time_in_the_truth_that_is_none_is_unusable_input(
    case: Path, truth: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (truth / "category_switches.csv").write_text("listing_id,starts_at,ends_at\nl,soon,later\n")
    assert run(["evaluate", str(case), "--truth", str(truth)]) == 3
    assert "category_switches.csv" in capsys.readouterr().err
