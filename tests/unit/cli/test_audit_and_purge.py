"""The audit log is whole or says where it is not; a purge leaves nothing about people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from toolkit import audit
from toolkit.case import Case, write_text
from toolkit.cli.app import cli
from toolkit.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    Case(folder).update_manifest(version="1")
    for name in ("tables/orders.parquet", "quarantine/orders.parquet", "results/rings.parquet", "reports/index.html"):
        write_text(folder / name, "x")
    for number in range(3):
        audit.record(folder, "investigated", alerts=number)
    return folder


def test_entries_come_back_in_order(case: Path) -> None:
    run = CliRunner().invoke(cli, ["audit", str(case), "--json"])
    assert run.exit_code == 0
    assert [entry["details"]["alerts"] for entry in json.loads(run.stdout)] == [0, 1, 2]


@pytest.mark.parametrize("damage", ["changed", "cut", "garbage"])
def test_a_changed_log_is_noticed(case: Path, damage: str) -> None:
    log = case / audit.FILE
    lines = log.read_text().splitlines()
    lines = {
        "changed": [lines[0], lines[1].replace('"alerts": 1', '"alerts": 7'), lines[2]],
        "cut": [lines[0], lines[2]],
        "garbage": [lines[0], "{", lines[2]],
    }[damage]
    log.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match="line 2"):
        audit.read(case)


def test_purge_leaves_the_log_and_says_so(case: Path) -> None:
    run = CliRunner().invoke(cli, ["purge", str(case), "--yes"])
    assert run.exit_code == 0, run.output
    assert {path.name for path in case.iterdir()} == {"manifest.json", audit.FILE, ".lock"}
    assert audit.read(case)[-1].what == "purged"


def test_purge_of_the_input_keeps_the_results(case: Path) -> None:
    CliRunner().invoke(cli, ["purge", str(case), "--yes", "--input-only"])
    assert not (case / "tables").exists()
    assert (case / "results" / "rings.parquet").exists()


def test_a_young_case_is_kept_and_a_no_removes_nothing(case: Path) -> None:
    assert CliRunner().invoke(cli, ["purge", str(case), "--older-than", "30"]).exit_code == 0
    refused = CliRunner().invoke(cli, ["purge", str(case)], input="n\n")
    assert refused.exit_code != 0
    assert (case / "tables" / "orders.parquet").exists()


@pytest.mark.parametrize("last", [b"not json\n", b"\xff\n", b"[1]\n", b"cut off"])
def test_nothing_is_done_that_can_not_be_logged(case: Path, last: bytes) -> None:
    log = case / audit.FILE
    log.write_bytes(log.read_bytes().rstrip(b"\n") if last == b"cut off" else log.read_bytes() + last)
    before = log.read_bytes()
    run = CliRunner().invoke(cli, ["purge", str(case), "--yes"])
    assert isinstance(run.exception, InputError)
    assert "audit.jsonl" in str(run.exception)
    assert (case / "tables" / "orders.parquet").exists()
    assert log.read_bytes() == before
