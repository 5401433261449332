"""A null world keeps everybody's habits and attributes, and deals out who did what."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.unit.link.market import day, market, order
from toolkit.calibrate import swapped
from toolkit.market import ACCOUNTS, LINKED_KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.market import Market

WEEK = 7 * 86_400


@pytest.fixture
def made(tmp_path: Path) -> Market:
    def placed(n: int) -> dict[str, Any]:
        buyer = f"B{n % 40:02}"
        card = {"payment_id": f"P{n % 40:02}", "refund_payment_id": f"P{n % 40:02}" if n % 3 else None}
        return order(n % 60, buyer, f"L{n % 7}", order_id=f"O{n}", currency="EUR" if n % 40 < 20 else "USD", **card)

    orders = [placed(n) for n in range(400)]
    reviews = [
        {"review_id": f"R{n}", "buyer_id": o["buyer_id"], "listing_id": o["listing_id"], "reviewed_at": day(n % 60)}
        for n, o in enumerate(orders[:150])
    ]
    return market(tmp_path, orders=orders, reviews=reviews)


def _weekly(world: Market, *columns: str) -> list[tuple[Any, ...]]:
    """How many orders each of these has, week by week."""
    weeks = world.table("orders").with_columns(week=pl.col("ordered_at") // WEEK)
    return weeks.group_by("week", "currency", *columns).len().sort(pl.all()).rows()


def test_buyers_and_listings_keep_their_orders_of_each_week(made: Market) -> None:
    world = swapped(made, 1)
    assert _weekly(world, "buyer") == _weekly(made, "buyer")
    assert _weekly(world, "listing") == _weekly(made, "listing")
    assert world.table("orders")["buyer"].to_list() != made.table("orders")["buyer"].to_list()


def test_a_buyer_takes_its_card_along(made: Market) -> None:
    world = swapped(made, 1)
    for account, kind in product(ACCOUNTS, LINKED_KINDS):
        assert world.held(account, kind).equals(made.held(account, kind))
    paid_back = world.table("orders").drop_nulls("refund_payment")
    assert (paid_back["refund_payment"] == paid_back["payment"]).all()


def test_a_review_goes_with_its_order(made: Market) -> None:
    world = swapped(made, 1)
    bought = world.table("orders").select("buyer", "listing").unique()
    assert world.table("reviews").join(bought, on=["buyer", "listing"], how="anti").height == 0


def test_the_same_seed_gives_the_same_world(made: Market) -> None:
    first, again, other = (swapped(made, seed).table("orders")["buyer"].to_list() for seed in (1, 1, 2))
    assert first == again
    assert first != other
