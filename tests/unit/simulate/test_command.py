"""The command line of the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.cli.app import run
from toolkit.contracts.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path


def test_writes_every_table_and_the_truth(tmp_path: Path) -> None:
    words = ["--orders", "5000", "--rings", "3", "--seed", "9", "--schemes", "brushing, review_ring", "--levels", "0,2"]
    assert run(["simulate", str(tmp_path), *words, "--quiet"]) == 0
    assert {path.stem for path in tmp_path.glob("*.csv")} == set(TABLES)
    rings = pl.read_csv(tmp_path / "truth" / "rings.csv")
    assert set(rings["scheme"]) <= {"brushing", "review_ring"}
    assert set(rings["level"]) <= {0, 2}
    assert rings.columns[:3] == ["ring_id", "scheme", "level"]


def test_times_are_iso_8601_in_utc(tmp_path: Path) -> None:
    assert run(["simulate", str(tmp_path), "--orders", "2000", "--rings", "0", "--quiet"]) == 0
    times = pl.read_csv(tmp_path / "orders.csv")["ordered_at"]
    assert times.str.contains(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$").all()


@pytest.mark.parametrize("words", [["--levels", "x"], ["--schemes", "theft"], ["--orders", "3"], ["--format", "xml"]])
def test_wrong_words_are_wrong_usage(tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", str(tmp_path / "out"), *words]) == 2
    assert capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run(["simulate", str(tmp_path / "file" / "out"), "--orders", "2000", "--rings", "0"]) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err
