"""`ringscope sellers`: what is to be voided, and the way from a shop to the next one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.case import Case, write_frame, write_text
from toolkit.cli.app import run
from toolkit.contracts.results import RESULTS, empty

if TYPE_CHECKING:
    from pathlib import Path


def put(case: Case, name: str, *rows: dict[str, object]) -> None:
    frame = pl.DataFrame(list(rows), schema=empty(name).schema)
    write_frame(case.path / "results" / f"{name}.parquet", RESULTS[name].validate(frame, cast=True))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A frozen shop s1, tied by a bank account to s2, which is tied by a device to s3."""
    made = Case(tmp_path / "case")
    write_text(made.manifest_path, json.dumps({"version": "0.1.0"}))
    orders = pl.DataFrame({"order_id": ["o1", "o2"], "seller_id": ["s1", "s9"]})
    write_frame(made.path / "tables" / "orders.parquet", orders)
    put(made, "rings")
    link = {"attribute_kind": "bank", "attribute_id": "k1", "buyers": 0}
    put(
        made,
        "seller_links",
        {"left": "s1", "right": "s2", **link},
        {"left": "s2", "right": "s3", **link, "attribute_kind": "device", "attribute_id": "d1"},
    )
    put(
        made,
        "seller_void",
        {"seller_id": "s1", "currency": "VND", "orders": 3, "order_value": 1_500_000.0, "subsidy": 90_000.0},
        {"seller_id": "s1", "currency": "USD", "orders": 2, "order_value": 20.5, "subsidy": None},
    )
    return made.path


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert run(["sellers", *arguments, "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_lists_what_to_void_in_each_currency_and_ties(case, capsys):
    rows = asked(capsys, str(case))
    assert [(row["seller_id"], row["currency"], row["orders_to_void"], row["linked_sellers"]) for row in rows] == [
        ("s1", "VND", 3, 1),
        ("s1", "USD", 2, 1),
        ("s2", None, 0, 2),
        ("s3", None, 0, 1),
    ]
    assert rows[0]["sales_to_void"] == 1_500_000.0
    assert rows[1]["subsidy_paid"] is None


def test_follows_a_frozen_shop_to_the_next_and_the_one_after(case, capsys):
    rows = asked(capsys, str(case), "--linked-to", "s1")
    assert [(row["step"], row["from_seller"], row["attribute_kind"], row["to_seller"]) for row in rows] == [
        (1, "s1", "bank", "s2"),
        (2, "s2", "device", "s3"),
    ]
    assert len(asked(capsys, str(case), "--linked-to", "s1", "--steps", "1")) == 1


def test_a_shop_without_ties_and_a_shop_that_is_not_there(case, capsys):
    assert run(["sellers", str(case), "--linked-to", "s9"]) == 0
    assert "tied to no other shop" in capsys.readouterr().out
    assert run(["sellers", str(case), "--linked-to", "nobody"]) == 2
    assert "no seller of that id" in capsys.readouterr().err


def test_large_amounts_are_printed_whole(case, capsys):
    assert run(["sellers", str(case)]) == 0
    printed = capsys.readouterr().out
    assert "1,500,000 " in printed
    assert "20.50 " in printed


def test_a_case_without_orders_knows_its_sellers_from_other_tables(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (case / "tables" / "orders.parquet").unlink()
    write_frame(case / "tables" / "sellers.parquet", pl.DataFrame({"seller_id": ["s7"]}))
    assert asked(capsys, str(case), "--linked-to", "s7") == []
    assert run(["sellers", str(case), "--linked-to", "s8"]) == 2
    assert "no seller of that id" in capsys.readouterr().err
