"""Questions to a case: why two accounts are linked, what is around a thing, what differs between two cases."""

from __future__ import annotations

import math
import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest

import toolkit as rs
from tests.made_case import HOSTILE
from toolkit.contracts.row_ids import row_id

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tiny(tmp_path: Path) -> rs.Case:
    """Twenty buyers; A and B share a device with nobody else, and a listing with everybody; C is between A and D."""
    data = tmp_path / "data"
    data.mkdir()
    names = ["A", "B", "C", "D", *(f"X{number:02}" for number in range(16))]
    orders = ["order_id,buyer_id,listing_id,ordered_at,device_id,address_id"]
    device = {"A": "d1", "B": "d1", "C": "d2", "D": "d2"}
    address = {"A": "a1", "C": "a1", "D": "a2"}
    for number, name in enumerate(names):
        held = f"{device.get(name, 'd-' + name)},{address.get(name, 'a-' + name)}"
        orders.append(f"o{number},{name},L,2025-01-{number + 1:02}T00:00:00Z,{held}")
    (data / "orders.csv").write_text("\n".join(orders) + "\n")
    return rs.investigate(data, out=tmp_path / "case", quiet=True)


def test_why_counts_and_reckons_by_hand(tiny: rs.Case) -> None:
    told = tiny.why("A", "B")
    paths = {row["kind"]: row for row in told.paths.iter_rows(named=True)}
    # 20 accounts hold one device each; of the 190 pairs, two share one that two hold.
    device = paths["device"]
    assert (device["value"], device["holders"]) == ("d1", 2)
    assert math.isclose(device["expected"], 2 * 2 / (20 * 19))
    assert math.isclose(device["p_value"], -math.expm1(-2 * 2 / (20 * 19)))
    listing = paths["listing_ordered"]
    assert (listing["value"], listing["holders"], listing["expected"]) == ("L", 20, 1.0)
    assert listing["days_apart"] == 1.0
    assert told.paths["kind"][0] == "device", "the rarest comes first"
    counts = {row["kind"]: row for row in told.statistics.iter_rows(named=True)}
    assert (counts["device"]["observed"], counts["address"]["observed"]) == (1, 0)
    assert counts["address"]["p_value"] == 1.0


def test_why_goes_over_third_accounts(tiny: rs.Case) -> None:
    told = tiny.why("A", "D")
    assert told.paths["kind"].to_list() == ["listing_ordered"]
    assert told.via.rows() == [("address", "a1", "C", "device", "d2")]
    third = told.statistics.row(by_predicate=pl.col("kind") == "third accounts", named=True)
    assert (third["observed"], third["expected"]) == (1, 2 * 1 / 18)


def test_why_is_the_same_from_both_sides(case: rs.Case) -> None:
    left, right = case.ring(case.alerts["ring_id"][0]).members["buyer_id"].head(2)
    here, there = case.why(left, right), case.why(right, left)
    assert here.paths.drop("left_at", "right_at").equals(there.paths.drop("left_at", "right_at"))
    assert here.statistics.equals(there.statistics)
    assert here.links.equals(there.links)
    assert here.rings.height == 1
    assert "no probability of guilt" in here._repr_html_()
    assert left in repr(here)


@pytest.mark.parametrize("buyer", ["nobody", "", HOSTILE[0], "\x00", "é" * 5_000])
def test_why_refuses_who_is_not_there(tiny: rs.Case, buyer: str) -> None:
    with pytest.raises(rs.UsageError, match="no buyer of that id") as caught:
        tiny.why("A", buyer)
    assert len(str(caught.value)) < 400
    with pytest.raises(rs.UsageError, match="one account"):
        tiny.why("A", "A")


def test_neighbours_step_by_step(tiny: rs.Case) -> None:
    one = tiny.neighbours("A")
    assert set(one.select("relationship", "to_id").rows()) == {("ORDERED", "L"), ("USES", "d1"), ("USES", "a1")}
    two = tiny.neighbours("A", hops=2)
    assert {"B", "C"} <= set(two.filter(pl.col("hop") == 2)["to_id"])
    assert two.filter(pl.col("hop") == 2, pl.col("to_id") == "A").height == 0
    assert two.filter(pl.col("from_id") == "L").height > 10
    few = tiny.neighbours("A", hops=2, most=5)
    assert few.filter(pl.col("from_id") == "L").height == 0, "a crowded place is named and not walked through"
    assert few.filter(pl.col("to_id") == "L").height == 1


def test_neighbours_of_a_ring_are_its_rows(case: rs.Case) -> None:
    ring = case.ring(case.alerts["ring_id"][0])
    steps = case.neighbours(ring.ring_id)
    members = steps.filter(pl.col("relationship") == "MEMBER_OF")
    assert set(members["to_id"]) == set(ring.members["buyer_id"])
    orders = case.table("orders").filter(pl.col("buyer_id") == ring.members["buyer_id"][0]).select(row_id("orders"))
    around = case.neighbours(ring.members["buyer_id"][0]).filter(pl.col("relationship") == "ORDERED")
    assert around["times"].sum() == orders.collect().height


def test_neighbours_refuse_what_is_not_there(tiny: rs.Case) -> None:
    for given, words in (
        ({"node": HOSTILE[0]}, "nothing has the id"),
        ({"node": "A", "label": "Ring"}, "nothing has the id"),
        ({"node": "A", "label": "Person"}, "no label"),
        ({"node": "A", "hops": 0}, "a step at least"),
    ):
        with pytest.raises(rs.UsageError, match=words):
            tiny.neighbours(**given)


def test_comparing_matches_rings_by_members(case: rs.Case, market: Path, tmp_path: Path) -> None:
    assert set(case.compare(case).rings["change"]) == {"same"}
    fewer = tmp_path / "fewer"
    shutil.copytree(market, fewer)
    ring = case.ring(case.alerts["ring_id"][0])
    buyer = ring.members["buyer_id"][-1]
    was_in = set()
    for path in fewer.glob("*.parquet"):
        frame = pl.read_parquet(path)
        for column in {"buyer_id", "account_id"} & set(frame.columns):
            rest = frame.filter(pl.col(column) != buyer)
            rest.write_parquet(path)
            was_in |= {path.stem} if rest.height < frame.height else set()
    other = rs.investigate(fewer, out=tmp_path / "case", config={"score": {"strong": 1000.0}}, quiet=True)
    told = case.compare(other)
    row = told.rings.filter(pl.col("ring_id") == ring.ring_id).row(0, named=True)
    assert row["change"] == "changed"
    assert row["ring_id_other"] != ring.ring_id
    assert 0.5 <= row["overlap"] < 1
    assert (row["tier"], row["tier_other"]) == ("strong", "moderate")
    assert told.settings["setting"].to_list() == ["score.strong"]
    assert "orders" in was_in
    assert was_in <= set(told.inputs["table"])
    back = other.compare(case).rings
    assert back.filter(pl.col("change") == "gone").height == told.rings.filter(pl.col("change") == "appeared").height
    assert "<table" in told._repr_html_()
