"""Category switches: to the campaign and back is found; corrections, migrations and idle trials are not."""

from __future__ import annotations

import polars as pl

from tests.unit.findings.street import at, kinds, street
from toolkit.findings.category_switch import alike


def switch(made, seller="s1", *, back=1075, orders=8, away="garden"):
    made.add("category_changes", listing_id=f"l-{seller}", changed_at=at(996), from_category="toys", to_category=away)
    if back:
        made.add(
            "category_changes", listing_id=f"l-{seller}", changed_at=at(back), from_category=away, to_category="toys"
        )
    for n in range(orders):
        made.order(f"k{seller}{n}", seller, 1003 + 5 * n, amount=70.0, discount=10.0, subsidy=10.01, campaign_id="c1")


def test_a_switch_to_the_campaign_and_back(tmp_path):
    made = street()
    switch(made, orders=14)
    found = made.find(tmp_path)
    assert kinds(found) == ["category_switch"]
    row = found.findings.row(0, named=True)
    assert (row["seller_id"], row["listing_id"]) == ("s1", "l-s1")
    assert {"table": "category_changes", "id": "l-s1|2026-02-11T12:00:00Z"} in row["rows"]
    wrong = found.money.filter(pl.col("kind") == "subsidy")["amount"].item()
    inside = pl.read_parquet(tmp_path / "tables" / "orders.parquet").filter(
        (pl.col("listing_id") == "l-s1") & (pl.col("subsidy") > 0) & pl.col("ordered_at").is_between(at(996), at(1075))
    )
    assert wrong == round(inside["subsidy"].sum(), 2)


def test_a_correction_that_stays(tmp_path):
    made = street()
    switch(made, back=None, orders=14)
    assert kinds(made.find(tmp_path)) == []


def test_a_move_to_a_category_without_a_campaign(tmp_path):
    made = street()
    switch(made, away="kitchen", orders=14)
    assert kinds(made.find(tmp_path)) == []


def test_a_move_that_brings_no_more_than_the_campaign_does_elsewhere(tmp_path):
    made = street()
    switch(made, orders=0)
    assert kinds(made.find(tmp_path)) == []


def test_a_reordering_of_categories_by_the_platform(tmp_path):
    made = street()
    for number in range(8):
        switch(made, f"s{number}", orders=14)
    assert kinds(made.find(tmp_path)) == []


def test_likeness_of_title_and_category():
    assert alike("Garden hose, 20 m", "garden_hoses") > alike("Garden hose, 20 m", "women_fashion")
