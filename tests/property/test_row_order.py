"""The order of rows and copies of rows do not show in the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.config import Settings
from toolkit.pipeline import investigate
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _results(data: Path, out: Path) -> dict[str, pl.DataFrame]:
    case = investigate(data, out, Settings(), say=lambda _: None)
    return {name: case.result(name) for name in ("rings", "members", "targets", "evidence", "findings", "money")}


def _changed(data: Path, out: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Path:
    out.mkdir()
    for path in data.glob("*.parquet"):
        change(pl.read_parquet(path)).write_parquet(out / path.name)
    return out


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("order") / "data"
    write(simulate(Market(orders=20_000, rings=4, seed=5)), folder, form="parquet")
    return folder


@pytest.fixture(scope="module")
def results(market: Path) -> dict[str, pl.DataFrame]:
    found = _results(market, market.parent / "case")
    assert found["rings"].height > 0
    return found


@pytest.mark.parametrize("kind", ["shuffled", "doubled"])
def test_order_and_copies_of_rows(market: Path, results: dict[str, pl.DataFrame], tmp_path: Path, kind: str) -> None:
    def change(frame: pl.DataFrame) -> pl.DataFrame:
        if kind == "shuffled":
            return frame.sample(fraction=1.0, shuffle=True, seed=3)
        copies = frame.head(frame.height // 10)  # a tenth: well below the share at which a run stops
        return pl.concat([frame, copies])

    other = _results(_changed(market, tmp_path / "data", change), tmp_path / "case")
    for name, frame in results.items():
        assert other[name].equals(frame), name
