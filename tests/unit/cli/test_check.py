"""`ringscope check`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.unit.ingest.exports import GOOD, HEADER, lines, write
from toolkit.cli.app import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_it_says_what_is_there_and_what_the_data_can_feed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write(tmp_path / "data", "orders.csv", [*GOOD, GOOD[0]])
    assert run(["check", str(data)]) == 0
    said = capsys.readouterr()
    assert "orders: 21 read, 20 kept, 1 quarantined" in said.out
    assert "1  duplicate_order_id" in said.out
    assert "absent tables: sellers, buyers" in said.out
    assert "needs redemptions and gift_cards" in said.out or "needs reviews and redemptions and gift_cards" in said.out
    assert said.err == "read orders: 21 rows\n"
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_machine_readable_and_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    assert run(["check", str(data), "--json", "--quiet"]) == 0
    said = capsys.readouterr()
    plain = json.loads(said.out)
    assert plain["tables"][0]["rows_read"] == 20
    assert "co_purchase" in plain["tests"]["fed"]
    assert plain["tests"]["switched_off"]["co_review"] == "needs reviews"
    assert said.err == ""


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    assert run(["check"]) == 2
    assert run(["check", str(tmp_path / "nowhere")]) == 3
    assert run(["check", str(data), "--mapping", str(tmp_path / "none.toml")]) == 2
    assert run(["check", str(write(tmp_path / "empty", "orders.csv", ""))]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err


def test_the_head_of_a_column_does_not_command_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = HEADER.replace("currency", "currency,\x1b[2Jgone")
    data = write(tmp_path / "data", "orders.csv", lines([f"{row},x" for row in GOOD], header))
    assert run(["check", str(data), "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "unknown columns: \ufffd[2Jgone" in said
    assert "\x1b" not in said
