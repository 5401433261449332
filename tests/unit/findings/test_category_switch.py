"""Category switches: to the campaign and back is found; corrections, migrations and idle trials are not."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from tests.unit.findings.street import at, kinds, street
from toolkit.findings.category_switch import alike, have_words


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
    title = found.evidence.row(by_predicate=pl.col("test") == "title", named=True)
    assert {(cited["table"], cited["id"]) for cited in title["rows"]} == {
        ("listings", "l-s1"),
        ("category_changes", "l-s1|2026-02-11T12:00:00Z"),
        ("category_changes", "l-s1|2026-02-14T19:00:00Z"),
    }
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


@pytest.mark.parametrize(
    ("home", "away", "words"),
    [
        ("toys", "garden", True),
        ("home_garden", "home_kitchen", True),
        ("玩具", "服装", True),
        ("c21", "c04", False),
        ("CAT-0012", "CAT-0013", False),
        ("1201", "garden", False),
        ("550e8400-e29b-41d4", "garden", False),
    ],
)
def test_codes_are_compared_with_no_title(home, away, words):
    assert have_words(home, away) == words


def test_a_move_within_a_second_is_cited_by_its_own_id(tmp_path):
    made = street()
    switch(made, orders=14)
    made.rows["category_changes"][0]["changed_at"] += timedelta(microseconds=1500)
    cited = made.find(tmp_path).findings["rows"][0].to_list()
    assert {"table": "category_changes", "id": "l-s1|2026-02-11T12:00:00.001500Z"} in cited


def test_a_switch_that_comes_home_by_a_detour(tmp_path):
    made = street()
    switch(made, back=None, orders=14)
    for when, old, new in ((1074, "garden", "kitchen"), (1090, "kitchen", "toys")):
        made.add("category_changes", listing_id="l-s1", changed_at=at(when), from_category=old, to_category=new)
    found = made.find(tmp_path)
    assert kinds(found) == ["category_switch"]
    cited = {row["id"] for row in found.findings["rows"][0] if row["table"] == "category_changes"}
    assert cited == {"l-s1|2026-02-11T12:00:00Z", "l-s1|2026-02-15T10:00:00Z"}
