"""What commands print: for a pipe that closes, a full disk, a spreadsheet, a terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from toolkit.cli.table import show
from toolkit.contracts.wording import counted

QUERIES = [sys.executable, "-m", "toolkit.cli", "queries"]


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    with subprocess.Popen(QUERIES, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is on Linux alone")
def test_output_that_can_not_be_written_is_said_to_be_so() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(QUERIES, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "next:" in done.stderr
    assert len(done.stderr.splitlines()) <= 5


def test_csv_is_safe_to_open_in_a_spreadsheet(capsys: pytest.CaptureFixture[str]) -> None:
    show(pl.DataFrame({"id": ["=1+1", "@x", "-5", "b1", None], "n": [-1.5, 1.0, 2.0, 3.0, None]}), "csv")
    assert capsys.readouterr().out.splitlines() == ["id,n", "'=1+1,-1.5", "'@x,1.0", "'-5,2.0", "b1,3.0", ","]


def test_a_title_does_not_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    show(pl.DataFrame({"title": ["a\x1b[2Jb\u202ec\x9bd\ne"]}), "text")
    assert capsys.readouterr().out.splitlines()[-1] == "a\ufffd[2Jb\ufffdc\ufffdd e"


def test_one_is_said_without_an_s() -> None:
    assert [counted(number, "ring") for number in (0, 1, 2, 2000)] == ["0 rings", "1 ring", "2 rings", "2,000 rings"]
