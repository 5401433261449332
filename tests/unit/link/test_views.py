"""Households, regions, collective parcels, marks and shops, each on a few rows made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from tests.unit.link.market import day, market, order
from toolkit.config import LinkSettings
from toolkit.link import attributes, marks, tokens
from toolkit.link.innocent import arranged, collective
from toolkit.link.regions import of_listings, regions
from toolkit.link.shops import shops
from toolkit.link.tokens import refunds

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = pl.DataFrame(schema={"buyer": pl.UInt32, "listing": pl.UInt32})


def test_a_household_shares_an_address_and_one_thing_more(tmp_path: Path) -> None:
    made = market(
        tmp_path,
        orders=[
            order(1, "B0", address_id="A", device_id="D"),
            order(2, "B1", address_id="A", device_id="D"),
            order(3, "B2", address_id="A"),
            order(4, "B3", device_id="D"),
        ],
    )
    home = attributes.households(
        tokens.kinds(made, NOBODY, regions(made), LinkSettings(), marks.topped_up(made)), 4, LinkSettings()
    )
    assert home.tolist() == [0, 0, 2, 3]


def test_a_crowd_on_one_device_is_no_household(tmp_path: Path) -> None:
    rows = [order(n, f"B{n}", address_id="A", device_id="D") for n in range(9)]
    made = market(tmp_path, orders=rows)
    home = attributes.households(
        tokens.kinds(made, NOBODY, regions(made), LinkSettings(), marks.topped_up(made)), 9, LinkSettings()
    )
    assert len(set(home)) == 9


def test_the_region_is_the_commonest_currency(tmp_path: Path) -> None:
    paid = [("B0", "EUR"), ("B0", "USD"), ("B0", "EUR"), ("B1", "USD"), ("B2", None)]
    made = market(tmp_path, orders=[order(n, buyer, currency=money) for n, (buyer, money) in enumerate(paid)])
    assert regions(made).tolist() == [1, 2, 0]


def test_without_currencies_all_live_together(tmp_path: Path) -> None:
    made = market(tmp_path, orders=[order(1, "B0"), order(2, "B1")])
    assert regions(made).tolist() == [0, 0]


def test_the_region_of_a_listing_is_that_of_most_of_its_buyers() -> None:
    acts = pl.DataFrame({"buyer": [0, 1, 2, 2], "listing": [0, 0, 0, 2]}, schema=NOBODY.schema)
    there = of_listings([acts], np.array([5, 6, 6], np.uint32), 4)
    assert there.tolist() == [6, 0, 6, 0]


def test_one_parcel_for_neighbours_is_one_act(tmp_path: Path) -> None:
    together = {"tracking_id": "T", "address_id": "A"}
    made = market(
        tmp_path,
        orders=[
            order(1, "B0", **together),
            order(2, "B1", **together),
            order(3, "B0", tracking_id="U", address_id="A"),
            order(4, "B1", tracking_id="U", address_id="X"),
            order(5, "B2", tracking_id="V"),
        ],
    )
    assert collective(made)["row"].to_list() == [0, 1]
    assert arranged(made).height == 2
    reused = made.table("orders").select(again=marks.reused_tracking(made, made.table("orders")))["again"]
    assert reused.to_list() == [False, False, True, True, False]


def test_a_sampling_programme_of_the_platform_is_arranged(tmp_path: Path) -> None:
    made = market(
        tmp_path,
        orders=[order(1, "B0", voucher_id="V1"), order(2, "B1", "L2", voucher_id="V2")],
        vouchers=[
            {"voucher_id": "V1", "kind": "sampling", "funded_by": "platform"},
            {"voucher_id": "V2", "kind": "sampling", "funded_by": "seller"},
        ],
    )
    assert arranged(made).rows() == [(0, 0)]


def test_a_code_is_a_subsidy_where_the_export_has_none(tmp_path: Path) -> None:
    orders = [order(1, "B0", voucher_id="V", cancelled_at=day(2)), order(2, "B1"), order(3, "B2", voucher_id="V")]
    made = market(tmp_path, orders=orders)
    marked = marks.marked(made, arranged(made), marks.topped_up(made)).sort("row")
    assert marked["subsidised"].to_list() == [True, False, True]
    assert marked["cancelled_after_subsidy"].to_list() == [True, None, False]


def test_marks_of_an_order(tmp_path: Path) -> None:
    made = market(
        tmp_path,
        orders=[
            order(1, "B0", subsidy=3.0, cancelled_at=day(2), parcel_weight_g=10.0, delivered_at=day(1.01)),
            order(2, "B1", subsidy=0.0, parcel_weight_g=900.0, delivered_at=day(5)),
            order(3, "B2", refunded_at=day(9), payment_id="P", refund_payment_id="Q", subsidy=1.0),
        ],
        listings=[{"listing_id": "L1", "catalogue_weight_g": 1000.0}],
    )
    marked = marks.marked(made, arranged(made), marks.topped_up(made)).sort("row")
    assert marked["cancelled_after_subsidy"].to_list() == [True, None, False]
    assert marked["light_parcel"].to_list() == [True, False, None]
    assert marked["delivered_at_once"].to_list() == [True, False, None]
    assert marked["refunded_elsewhere"].to_list() == [None, None, True]


def test_a_catalogue_weight_that_is_wrong_for_everybody_marks_nobody(tmp_path: Path) -> None:
    wrong = [order(n, f"B{n}", "L1", parcel_weight_g=80.0 + n % 3) for n in range(0, 300, 10)]
    brushed = [order(n, f"C{n}", "L2", parcel_weight_g=1000.0 if n > 9 else 40.0 + 9 * n) for n in range(30)]
    goods = [{"listing_id": name, "catalogue_weight_g": 1000.0} for name in ("L1", "L2")]
    made = market(tmp_path, orders=[*wrong, *brushed], listings=goods)
    marked = marks.marked(made, arranged(made), marks.topped_up(made)).sort("row")
    assert marked["light_parcel"].to_list() == [None] * 30 + [True] * 10 + [False] * 20


def test_a_shop_of_light_parcels_is_a_star_and_its_neighbours_are_not(tmp_path: Path) -> None:
    rows = [
        order(
            n,
            f"B{n:03}",
            listing_id=f"L{n % 20}",
            seller_id=f"S{n % 20}",
            parcel_weight_g=10.0 if n % 20 == 0 else 1000.0,
            subsidy=1.0 if n % 20 == 0 else 0.0,
        )
        for n in range(400)
    ]
    goods = [{"listing_id": f"L{n}", "catalogue_weight_g": 1000.0} for n in range(20)]
    made = market(tmp_path, orders=rows, listings=goods)
    found = shops(made, marks.marked(made, arranged(made), marks.topped_up(made)), LinkSettings(), 5)
    assert found.stars["star"].to_list() == [5]
    assert set(found.members["buyer"]) == set(made.encode("buyer", pl.Series([f"B{n:03}" for n in range(0, 400, 20)])))


def test_where_the_thing_costs_the_minimum_nobody_aims_at_it(tmp_path: Path) -> None:
    aimed = order(1, "B0", amount=50.5, voucher_id="V", subsidy=1.0)
    usual = order(2, "B1", "L2", amount=50.5, voucher_id="V", subsidy=1.0)
    made = market(
        tmp_path,
        orders=[aimed, usual, order(3, "B2", amount=10.0)],
        listings=[{"listing_id": "L1", "price": 20.0}, {"listing_id": "L2", "price": 50.5}],
        vouchers=[{"voucher_id": "V", "min_spend": 50.0}],
    )
    marked = marks.marked(made, arranged(made), marks.topped_up(made)).sort("row")
    assert marked["at_minimum_spend"].to_list() == [True, None, None]


def test_a_shop_s_till_is_no_instrument_of_a_ring(tmp_path: Path) -> None:
    back = {"refunded_at": day(9), "payment_id": "P", "refund_payment_id": "TILL"}
    own = [order(n, f"B{n}", **back) for n in range(5)]
    pot = [order(n, f"B{n}", seller_id=f"S{n}", **{**back, "refund_payment_id": "POT"}) for n in range(5, 10)]
    made = market(tmp_path, orders=own + pot)
    held = tokens.kinds(made, NOBODY, regions(made), LinkSettings(), marks.topped_up(made))["refund_instrument"].frame
    assert set(made.decode("payment", held["token"])) == {"POT"}


def test_refunds_of_one_story_in_one_sitting_are_one_token(tmp_path: Path) -> None:
    told = [order(n, f"B{n}", refunded_at=day(20), refund_reason="broken", currency="EUR") for n in range(4)]
    late = order(9, "B9", refunded_at=day(40), refund_reason="broken", currency="EUR")
    away = order(10, "B8", refunded_at=day(20), refund_reason="broken", currency="USD")
    made = market(tmp_path, orders=[*told, late, away])
    kind = tokens.kinds(made, NOBODY, regions(made), LinkSettings(), marks.topped_up(made))["refund_story"]
    assert kind.frame["token"].n_unique() == 3
    assert set(made.decode("reason", kind.codes(kind.frame["token"]))) == {"broken"}


def test_what_was_cancelled_tells_no_story(tmp_path: Path) -> None:
    told = {"refunded_at": day(20), "refund_reason": "cancelled", "currency": "EUR"}
    orders = [order(n, f"B{n}", **told, cancelled_at=day(19), status="cancelled") for n in range(4)]
    orders += [order(10 + n, f"C{n}", **told, status="cancelled") for n in range(4)]
    orders += [order(20 + n, f"D{n}", **told, status="returned") for n in range(4)]
    made = market(tmp_path, orders=orders)
    held = tokens.kinds(made, NOBODY, regions(made), LinkSettings(), marks.topped_up(made))
    for name in ("refund_story", "seller_refunded"):
        assert set(made.decode("buyer", held[name].frame["buyer"])) == {f"D{n}" for n in range(4)}, name


def test_what_was_not_carried_and_what_the_family_pays_is_no_mark(tmp_path: Path) -> None:
    made = market(
        tmp_path,
        orders=[
            order(1, "B0", delivered_at=day(1.01), tracking_id="T", amount=20.0, address_id="A"),
            order(1, "B1", delivered_at=day(1.01), amount=20.0),
            order(2, "B2", delivered_at=day(5), tracking_id="U", amount=20.0),
            order(0, "B3", address_id="A"),
        ],
        transfers=[
            {"transfer_id": f"X{n}", "buyer_id": f"B{n}", "at": day(n / 2), "amount": 20.0, "source_id": "B3"}
            for n in (0, 1)
        ],
    )
    marked = marks.marked(made, arranged(made), marks.topped_up(made)).sort("row")
    assert marked["delivered_at_once"].to_list() == [True, None, False, None]
    assert marked["paid_by_top_up"].to_list() == [False, True, False, False]


def test_shops_differ_in_how_often_orders_are_cancelled(tmp_path: Path) -> None:
    """Ten cancellations where five were expected are a livestream's; twenty where none was are a star."""

    def rows(seller: str, orders: int, gone: int, first: int) -> list[dict[str, object]]:
        ended = {"cancelled_at": day(9), "subsidy": 1.0}
        return [
            order(n % 8, f"B{first + n}", f"L{seller}", seller_id=seller, **(ended if n < gone else {"subsidy": 1.0}))
            for n in range(orders)
        ]

    usual = [row for shop in range(20) for row in rows(f"S{shop}", 100, 5, 100 * shop)]
    made = market(tmp_path, orders=[*usual, *rows("live", 100, 13, 5000), *rows("made-up", 30, 25, 6000)])
    found = shops(made, marks.marked(made, arranged(made), marks.topped_up(made)), LinkSettings(), 0)
    assert made.decode("seller", found.stars["seller"]).to_list() == ["made-up"]


def test_what_was_cancelled_is_no_refund_of_the_sellers(tmp_path: Path) -> None:
    gone = [order(n, f"B{n}", seller_id="S", refunded_at=day(9), cancelled_at=day(8)) for n in range(4)]
    back = [order(n, f"C{n}", seller_id="T", refunded_at=day(9), status="returned") for n in range(4)]
    made = market(tmp_path, orders=[*gone, *back])
    found = {kind.name: kind.frame for kind in refunds.refunds(made)}
    buyers = made.decode("buyer", found["seller_refunded"]["buyer"].unique())
    assert sorted(buyers.to_list()) == ["C0", "C1", "C2", "C3"]
