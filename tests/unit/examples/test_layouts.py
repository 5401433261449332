"""Mappings for public exports: the made-up rows are read right, and check, investigate and brushing run on them."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from toolkit.cli.app import run
from toolkit.ingest import ingest

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples"
LAYOUTS = {
    "2018": (EXAMPLES / "ucsd-amazon-reviews" / "rows-2018", EXAMPLES / "ucsd-amazon-reviews" / "mapping-2018.toml"),
    "2023": (EXAMPLES / "ucsd-amazon-reviews" / "rows-2023", EXAMPLES / "ucsd-amazon-reviews" / "mapping-2023.toml"),
    "olist": (EXAMPLES / "olist" / "rows", EXAMPLES / "olist" / "mapping.toml"),
    "shopee": (EXAMPLES / "shopee-order-brushing" / "rows", EXAMPLES / "shopee-order-brushing" / "mapping.toml"),
    "snap": (EXAMPLES / "snap-ratings" / "rows", EXAMPLES / "snap-ratings" / "mapping.toml"),
}
READMES = sorted({data.parent / "README.md" for data, _ in LAYOUTS.values()})


def tables(name: str, tmp_path: Path) -> dict[str, pl.DataFrame]:
    """The clean tables of a layout; nothing may have been rejected, and no value left unread."""
    data, mapping = LAYOUTS[name]
    report = ingest(data, tmp_path, mapping=mapping)
    for entry in report.tables:
        assert entry.rows_quarantined == 0, entry
        assert entry.unparsable == {}, entry
    return {path.stem: pl.read_parquet(path) for path in (tmp_path / "tables").glob("*.parquet")}


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_reviews_of_2018(tmp_path: Path) -> None:
    reviews = tables("2018", tmp_path)["reviews"]
    assert reviews.height == 10
    first = reviews.row(0, named=True)
    assert first["reviewed_at"] == moment(2017, 3, 1)
    assert (first["buyer_id"], first["listing_id"], first["rating"]) == ("A0MADEUPREVIEWR", "B00MADEUP0", 5.0)
    assert first["review_id"] == "A0MADEUPREVIEWR|B00MADEUP0|1488326400"
    assert reviews["verified"].to_list() == [n not in (3, 7) for n in range(10)]
    assert "reviewerName" not in reviews.columns


def test_reviews_of_2023_and_their_things(tmp_path: Path) -> None:
    read = tables("2023", tmp_path)
    assert read["reviews"]["reviewed_at"][0] == moment(2022, 3, 1, 0, 0, 0, 123_000)
    assert read["reviews"]["reviewed_at"][9] == moment(2022, 3, 1, 18, 0, 0, 123_000)
    assert read["reviews"]["verified"].to_list() == [n != 5 for n in range(10)]
    assert read["listings"].select("price", "currency").rows() == [(19.99, "USD"), (None, "USD"), (7.5, "USD")]


def test_olist_is_put_together(tmp_path: Path) -> None:
    read = tables("olist", tmp_path)
    orders, reviews = read["orders"], read["reviews"]
    assert orders.height == 12
    first = orders.row(0, named=True)
    assert first["order_id"] == "o0000000000madeup|1"
    assert first["buyer_id"] == "u0000000000madeup"
    assert first["ordered_at"] == moment(2018, 3, 1, 13, 15, 30)  # 10:15:30 in São Paulo
    assert first["delivered_at"] == moment(2018, 3, 8, 19, 20)
    assert (first["amount"], first["currency"], first["category_id"]) == (19.9, "BRL", "brinquedos")
    assert orders["buyer_id"].n_unique() == 8  # ten orders of eight people: not by customer_id
    states = ["delivered", "delivered", "shipped", "cancelled", "delivered", "paid", "delivered", "cancelled"]
    assert orders["status"].cast(pl.String).to_list()[:8] == states
    assert orders["delivered_at"].null_count() == 5
    # Of five reviews, one is of an order with two products; the one of an order with two of the same is clear.
    assert reviews["listing_id"].to_list() == [
        "p0000000000madeup",
        "p0000000000madeup",
        *["p0200000000madeup", "p0000000000madeup"],
    ]
    assert reviews["order_id"].to_list() == [None, *(f"o0{n}00000000madeup|1" for n in (4, 6, 8))]
    assert reviews["rating"].to_list() == [5.0, 5.0, 1.0, 5.0]
    assert reviews["reviewed_at"][0] == moment(2018, 3, 11, 0, 4, 0)
    report = ingest(LAYOUTS["olist"][0], None, mapping=LAYOUTS["olist"][1]).table("reviews")
    assert report is not None
    assert report.rows_left_out == 1


def test_the_brushing_rule_on_shopees_layout(tmp_path: Path) -> None:
    data, mapping = LAYOUTS["shopee"]
    assert run(["brushing", str(data), "--mapping", str(mapping), "--out", str(tmp_path), "--quiet"]) == 0
    (windows,) = [pl.read_csv(path) for path in tmp_path.rglob("brushing_windows.csv")] or [
        pl.read_parquet(path) for path in tmp_path.rglob("brushing_windows.parquet")
    ]
    assert windows.select(pl.col("seller_id").cast(pl.String), "orders", "buyers").rows() == [("900001", 3, 1)]


def test_ratings_of_snap(tmp_path: Path) -> None:
    reviews = tables("snap", tmp_path)["reviews"]
    assert reviews["rating"].to_list() == [4.0, 10.0, -10.0, 1.0, 2.0, -3.0, 10.0, 1.0, 5.0, 8.0]
    assert reviews["reviewed_at"][0] == moment(2010, 11, 8, 18, 45, 0, 70_000)
    assert reviews["review_id"][0] == "1|10"


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.parent.name)
def test_the_pages_commands_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    fences = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line for fence in fences for line in fence.splitlines() if line.startswith("ringscope ")]
    assert {line.split()[1] for line in lines} >= {"investigate"}
    for line in lines:
        assert run(shlex.split(line)[1:]) == 0, line
    assert (tmp_path / "case" / "reports" / "index.html").is_file()


@pytest.mark.parametrize("name", LAYOUTS)
def test_check_and_investigate_run_on_every_layout(name: str, tmp_path: Path) -> None:
    data, mapping = map(str, LAYOUTS[name])
    assert run(["check", data, "--mapping", mapping]) == 0
    assert run(["investigate", data, "--mapping", mapping, "--out", str(tmp_path / "case"), "--quiet"]) == 0


def test_rows_are_made_up() -> None:
    """Every file of rows is short, and says of its ids that they are invented, or numbers them."""
    for data, _ in LAYOUTS.values():
        for path in data.iterdir():
            lines = path.read_text(encoding="utf-8").splitlines()
            assert len(lines) <= 13, path
            assert "madeup" in lines[1].lower() or re.search(r"^\d+,\d+,", lines[1]), path
