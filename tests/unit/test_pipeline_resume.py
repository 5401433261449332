"""A run that is killed at any moment and started again gives what an undisturbed run gives."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from toolkit.config import Settings
from toolkit.pipeline import investigate
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market
from toolkit.simulate.writer import write

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("resume") / "data"
    write(simulate(Market(orders=20_000, rings=4, seed=11)), folder, form="csv")
    return folder


@pytest.fixture(scope="module")
def undisturbed(data: Path) -> dict[str, str]:
    case = investigate(data, data.parent / "whole", Settings(), say=lambda _: None)
    assert case.result("rings").height > 0
    return _digests(case.path)


def _digests(case: Path) -> dict[str, str]:
    """Result table -> digest of its rows as text: what a reader of the table sees, not how Parquet packs it."""
    files = sorted((case / "results").glob("*.parquet"))
    return {path.stem: hashlib.sha256(pl.read_parquet(path).write_ndjson().encode()).hexdigest() for path in files}


def _run(data: Path, out: Path, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "toolkit.cli", "investigate", str(data), "--out", str(out)]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


@pytest.mark.parametrize("until", ["tables", "results", "reports"])
def test_killed_and_run_again(data: Path, undisturbed: dict[str, str], tmp_path: Path, until: str) -> None:
    run = _run(data, tmp_path / "case")
    deadline = time.monotonic() + 120
    while not (tmp_path / "case" / until).exists() and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=30)
    half = list((tmp_path / "case").rglob("*.parquet"))
    for path in half:
        pl.read_parquet_schema(path)
    again = _run(data, tmp_path / "case")
    _, said = again.communicate(timeout=120)
    assert again.returncode == 0, said.decode()
    assert _digests(tmp_path / "case") == undisturbed


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_number_of_threads_does_not_show(
    data: Path, undisturbed: dict[str, str], tmp_path: Path, threads: str
) -> None:
    run = _run(data, tmp_path / "case", POLARS_MAX_THREADS=threads, NUMBA_NUM_THREADS=threads, OMP_NUM_THREADS=threads)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 0, said.decode()
    assert _digests(tmp_path / "case") == undisturbed


def test_an_unchanged_run_keeps_everything(data: Path, undisturbed: dict[str, str]) -> None:
    said: list[str] = []
    case = investigate(data, data.parent / "whole", Settings(), say=said.append)
    assert [line.split(":")[0] for line in said] == ["input", "results", "reports"]
    assert _digests(case.path) == undisturbed
