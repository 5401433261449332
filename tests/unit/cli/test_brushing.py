"""`ringscope brushing` on files, from the outside."""

from __future__ import annotations

import json

import polars as pl
import pytest

from toolkit.cli.app import run

HEAD = "order_id,buyer_id,listing_id,ordered_at,seller_id\n"


def orders(*rows: str) -> str:
    return HEAD + "".join(f"o{number},{row}\n" for number, row in enumerate(rows))


@pytest.fixture
def brushed(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "orders.csv").write_text(
        orders(
            "b1,l1,2026-03-01T10:00:00.900Z,s1",
            "b1,l1,2026-03-01T10:30:00Z,s1",
            "b1,l2,2026-03-01T11:00:00.100Z,s1",
            "b2,l3,2026-03-01T10:00:00Z,s2",
        )
    )
    return data


def test_prints_windows_and_buyers_as_json(brushed, capsys):
    assert run(["brushing", str(brushed), "--json", "--quiet"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["windows"] == [
        {
            "seller_id": "s1",
            "window_start": "2026-03-01T10:00:00+00:00",
            "window_end": "2026-03-01T11:00:00+00:00",
            "orders": 3,
            "buyers": 1,
            "concentration": 3.0,
        }
    ]
    assert printed["buyers"] == [{"seller_id": "s1", "buyer_id": "b1", "orders": 3}]


def test_writes_the_result_tables(brushed, tmp_path, capsys):
    assert run(["brushing", str(brushed), "--out", str(tmp_path / "out")]) == 0
    assert pl.read_parquet(tmp_path / "out" / "brushing_buyers.parquet").rows() == [("s1", "b1", 3)]
    printed = capsys.readouterr()
    assert "s1  b1  3" in printed.out
    assert "4 orders read" in printed.err


def test_says_so_when_there_is_none(tmp_path, capsys):
    (tmp_path / "orders.csv").write_text(orders("b1,l1,2026-03-01T10:00:00Z,s1"))
    assert run(["brushing", str(tmp_path), "--quiet"]) == 0
    assert capsys.readouterr().out == "no brushing windows\n"


def test_needs_orders(tmp_path, capsys):
    (tmp_path / "reviews.csv").write_text("review_id,buyer_id,listing_id,reviewed_at\nr,b,l,2026-01-01\n")
    assert run(["brushing", str(tmp_path)]) == 3
    assert "needs orders" in capsys.readouterr().err


def test_the_seller_of_the_listing_fills_in(brushed, capsys):
    text = (brushed / "orders.csv").read_text().replace(",s1\n", ",\n")
    (brushed / "orders.csv").write_text(text)
    (brushed / "listings.csv").write_text("listing_id,seller_id\nl1,s9\nl2,s9\nl3,s2\n")
    assert run(["brushing", str(brushed), "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["buyers"] == [{"seller_id": "s9", "buyer_id": "b1", "orders": 3}]
