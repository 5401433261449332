"""Ids become numbers and come back, and who was seen with what is gathered from orders and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.unit.link.market import market, order

if TYPE_CHECKING:
    from pathlib import Path


def test_codes_follow_the_order_of_the_ids(tmp_path: Path) -> None:
    made = market(tmp_path, orders=[order(1, "zoë"), order(2, "b"), order(3, "a"), order(4, "b")])
    assert made.ids("buyer").to_list() == ["a", "b", "zoë"]
    assert made.table("orders")["buyer"].to_list() == [2, 1, 0, 1]
    assert made.decode("buyer", [2, 0]).to_list() == ["zoë", "a"]


def test_ids_that_their_own_table_lacks_have_codes_too(tmp_path: Path) -> None:
    goods = [{"listing_id": name} for name in ("c", "a")]
    whole = market(tmp_path / "whole", orders=[order(1, "x", "c"), order(2, "x", "a")], listings=goods)
    assert whole.table("orders")["listing"].to_list() == [1, 0]
    assert whole.table("listings")["listing"].to_list() == [1, 0]
    lacking = market(tmp_path / "lacking", orders=[order(1, "x", "c"), order(2, "x", "b")], listings=goods)
    assert lacking.ids("listing").to_list() == ["a", "b", "c"]
    assert lacking.table("orders")["listing"].to_list() == [2, 1]
    assert lacking.table("listings")["listing"].to_list() == [2, 0]


def test_what_is_unknown_or_missing_has_no_code(tmp_path: Path) -> None:
    made = market(tmp_path, orders=[order(1, "a"), order(2, "b")])
    codes = made.encode("buyer", pl.Series("who", ["b", None, "", "c", "a", "A"]))
    assert codes.to_list() == [1, None, None, None, 0, None]
    assert codes.dtype == pl.UInt32
    assert codes.name == "who"


def test_of_many_ids_each_is_found_and_no_other_is(tmp_path: Path) -> None:
    """Some hundreds of so many have the first bits of another one's hash."""
    made = market(tmp_path, orders=[order(row, f"b{row:04d}") for row in range(3000)])
    asked = pl.Series([f"b{row:04d}" for row in range(2999, -1000, -1)] + [None])
    assert made.encode("buyer", asked).to_list() == [*range(2999, -1, -1), *[None] * 1000]


def test_a_tracking_number_on_one_order_has_a_code_of_its_own_beyond_the_others(tmp_path: Path) -> None:
    numbers = ["T9", None, "T5", "T7", "T5", "T1", "T9"]
    made = market(tmp_path, orders=[order(n, "a", tracking_id=number) for n, number in enumerate(numbers)])
    assert made.ids("tracking").to_list() == ["T5", "T9"]
    codes = made.table("orders")["tracking"].to_list()
    assert [codes[0], codes[1], codes[2], codes[4], codes[6]] == [1, None, 0, 0, 1]
    assert codes[3] != codes[5]
    assert min(codes[3], codes[5]) >= 2


def test_of_a_kind_without_ids_nothing_has_a_code(tmp_path: Path) -> None:
    made = market(tmp_path, orders=[order(1, "a")])
    assert made.encode("device", pl.Series(["d", None], dtype=pl.String)).to_list() == [None, None]


def test_attributes_come_from_orders_and_links_each_once(tmp_path: Path) -> None:
    def link(kind: str, account: str, attribute: str, value: str) -> dict[str, str]:
        return {"account_kind": kind, "account_id": account, "attribute_kind": attribute, "attribute_id": value}

    made = market(
        tmp_path,
        orders=[order(1, "b", address_id="X"), order(2, "b", address_id="X"), order(3, "a", address_id="W")],
        account_links=[
            link("buyer", "b", "address", "X"),
            link("buyer", "a", "address", "X"),
            link("seller", "S1", "address", "W"),
            link("buyer", "a", "phone", "7"),
        ],
    )
    assert made.held("buyer", "address").rows() == [(0, 0), (0, 1), (1, 1)]
    assert made.held("seller", "address").rows() == [(0, 0)]
    assert made.held("buyer", "phone").rows() == [(0, 0)]
    assert made.held("buyer", "ip").height == 0
