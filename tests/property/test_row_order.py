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


def _strong(found: dict[str, pl.DataFrame], renamed: dict[str, str] | None = None) -> list[set[str]]:
    """Members of each strong alert, under the names that `renamed` gives back."""
    alerts = found["rings"].filter(pl.col("tier") == "strong").select("ring_id")
    members = found["members"].join(alerts, on="ring_id").group_by("ring_id").agg(pl.col("buyer_id"))
    back = renamed or {}
    return [{back.get(buyer, buyer) for buyer in group} for group in members["buyer_id"]]


def _agree(left: list[set[str]], right: list[set[str]]) -> bool:
    """Whether each alert has one on the other side that shares nine in ten of all members of both."""
    pairs = ((left, right), (right, left))
    return all(any(len(a & b) >= 0.9 * len(a | b) for b in others) for these, others in pairs for a in these)


def test_names_do_not_show(market: Path, results: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """Buyers renamed so that they sort the other way round: codes change, strong alerts don't.

    Communities break ties by number, so that a group at the gate may be a moderate alert under one naming only.
    """
    names = sorted({buyer for path in market.glob("*.parquet") for buyer in _buyers(path)})
    renamed = {name: f"Z{len(names) - place:06}" for place, name in enumerate(names)}

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        columns = [name for name in ("buyer_id", "account_id", "purchaser_id") if name in frame.columns]
        return frame.with_columns(pl.col(columns).replace(renamed))

    other = _results(_changed(market, tmp_path / "data", change), tmp_path / "case")
    back = {new: old for old, new in renamed.items()}
    assert _strong(results)
    assert _agree(_strong(results), _strong(other, back))


def _buyers(path: Path) -> set[str]:
    frame = pl.read_parquet(path)
    return set(frame["buyer_id"].drop_nulls()) if "buyer_id" in frame.columns else set()


def test_an_honest_buyer_more_changes_no_alert(market: Path, results: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    def change(frame: pl.DataFrame) -> pl.DataFrame:
        if "order_id" not in frame.columns or "ordered_at" not in frame.columns:
            return frame
        busiest = frame["listing_id"].value_counts(sort=True)["listing_id"][0]
        first = frame.filter(pl.col("listing_id") == busiest).head(1)
        plain = [
            pl.lit(None).cast(frame.schema[c]).alias(c)
            for c in ("payment_id", "address_id", "device_id", "tracking_id")
        ]
        own = first.with_columns(*plain, order_id=pl.lit("ONE-MORE"), buyer_id=pl.lit("HONEST"))
        return pl.concat([frame, own.select(frame.columns)])

    other = _results(_changed(market, tmp_path / "data", change), tmp_path / "case")
    assert "HONEST" not in set(other["members"]["buyer_id"])
    assert _agree(_strong(results), _strong(other))
