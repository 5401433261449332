"""Orders far below the usual price, each on a few rows made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.link.market import market, order
from toolkit.link.bargains import far_below_price

if TYPE_CHECKING:
    from pathlib import Path

USUAL = [order(n, f"B{n}", amount=100.0, currency="EUR") for n in range(1, 6)]


def _marks(path: Path, orders: list[dict[str, Any]], **listing: Any) -> list[bool | None]:
    made = market(path, orders=orders, listings=[{"listing_id": "L1", **listing}])
    return far_below_price(made, made.table("orders")).to_list()


def test_less_than_half_of_the_list_price_and_of_what_it_goes_for(tmp_path: Path) -> None:
    cheap = [order(6, "B6", amount=10.0, currency="EUR"), order(7, "B7", amount=60.0, currency="EUR")]
    assert _marks(tmp_path, [*USUAL, *cheap], price=110.0, currency="EUR") == [False] * 5 + [True, False]


def test_what_always_goes_for_less_than_its_list_price_is_no_bargain(tmp_path: Path) -> None:
    assert _marks(tmp_path, USUAL, price=900.0, currency="EUR") == [False] * 5


def test_a_crowd_of_one_day_does_not_make_its_price_the_usual_one(tmp_path: Path) -> None:
    crowd = [{**order(7, f"C{n}", amount=10.0, currency="EUR"), "order_id": f"C{n}"} for n in range(20)]
    assert _marks(tmp_path, [*USUAL, *crowd]) == [False] * 5 + [True] * 20


def test_codes_campaigns_and_discounts_are_meant(tmp_path: Path) -> None:
    meant: list[dict[str, Any]] = [{"voucher_id": "V"}, {"campaign_id": "C"}, {"discount": 5.0}, {"subsidy": 5.0}]
    cheap = [order(10 + n, f"B{n}", amount=10.0, currency="EUR", **how) for n, how in enumerate(meant)]
    assert _marks(tmp_path, [*USUAL, *cheap]) == [False] * 5 + [None] * 4


def test_on_a_day_of_sale_a_low_price_tells_nothing(tmp_path: Path) -> None:
    sale = [
        {**order(9, f"C{n}", amount=10.0, currency="EUR", voucher_id="V" if n else None), "order_id": f"C{n}"}
        for n in range(4)
    ]
    assert _marks(tmp_path, [*USUAL, *sale]) == [False] * 5 + [None] * 4


def test_what_costs_nothing_or_has_no_usual_price_tells_nothing(tmp_path: Path) -> None:
    free = [order(6, "B6", amount=0.0, currency="EUR"), order(7, "B7", "L2", amount=1.0, currency="EUR")]
    assert _marks(tmp_path, [*USUAL, *free])[5:] == [None, None]


def test_a_list_price_in_another_currency_is_left_out(tmp_path: Path) -> None:
    few = [order(n, f"B{n}", amount=100.0, currency="EUR") for n in range(2)]
    assert _marks(tmp_path / "other", few, price=9000.0, currency="JPY") == [None, None]
    assert _marks(tmp_path / "same", few, price=9000.0, currency="EUR") == [True, True]
