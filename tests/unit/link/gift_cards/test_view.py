from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from tests.unit.link.gift_cards.shops import Shop
from toolkit.link.gift_cards import find

if TYPE_CHECKING:
    from pathlib import Path


def test_cards_after_reviews_of_one_listing_are_a_star(tmp_path: Path) -> None:
    shop = Shop()
    ring = shop.ring(listing=7, members=10)
    market = shop.market(tmp_path)
    view = find(market)
    assert market.decode("listing", view.detail["listing"]).to_list() == ["l007"]
    assert view.stars["attribute"].to_list() == ["15.00 USD"]
    members = set(market.decode("buyer", view.star_members["buyer"]))
    planted = {f"b{buyer:05d}" for buyer in ring}
    assert planted <= members
    assert len(members - planted) <= view.detail["expected"][0] + 1


def test_an_ordinary_market_has_none(tmp_path: Path) -> None:
    view = find(Shop(seed=2).market(tmp_path))
    assert view.stars.is_empty()
    assert view.off == ""
    assert view.family > 0


def test_without_gift_cards_the_view_is_off_and_says_so(tmp_path: Path) -> None:
    shop = Shop()
    shop.tables["gift_cards"] = []
    view = find(shop.market(tmp_path))
    assert view.stars.is_empty()
    assert view.off == "needs gift_cards"


def test_platform_credit_is_no_cashback(tmp_path: Path) -> None:
    shop = Shop()
    shop.ring(members=10, source="platform")
    assert find(shop.market(tmp_path)).stars.is_empty()


def test_rows_in_another_order_change_nothing(tmp_path: Path) -> None:
    shop = Shop()
    shop.ring(members=10)
    views = [find(shop.market(tmp_path / str(seed), shuffle=seed)) for seed in (1, 2)]
    for name in ("review_row", "redemption_row", "card_row"):
        assert views[0].detail_members[name].null_count() == 0
    same = [view.detail_members.drop("review_row", "redemption_row", "card_row") for view in views]
    assert same[0].equals(same[1])
    assert views[0].stars.equals(views[1].stars)
    assert isinstance(views[0].detail, pl.DataFrame)


def test_a_reward_for_the_purchase_is_set_aside(tmp_path: Path) -> None:
    shop = Shop(cards=300)
    shop.ring(members=10, source="unknown")
    for buyer in range(40):
        shop.order(buyer, 7, 100.0)
        shop.redeem(buyer, 103.0 + buyer / 4, 15.0, source="unknown")
    view = find(shop.market(tmp_path))
    assert view.detail["set_aside"].to_list() == ["purchase"]
    assert view.stars.is_empty()


def test_a_card_that_the_buyer_bought_is_no_cashback(tmp_path: Path) -> None:
    shop = Shop(cards=300)
    for buyer in range(500, 512):
        shop.review(buyer, 7, 100.0)
        shop.redeem(buyer, 104.0, 15.0, purchaser_id=f"b{buyer:05d}")
    assert find(shop.market(tmp_path)).stars.is_empty()


def test_a_habit_is_no_cashback(tmp_path: Path) -> None:
    shop = Shop(cards=300)
    for buyer in range(500, 512):
        shop.review(buyer, 7, 100.0 + buyer / 10)
        for day in (110, 118, 126, 134, 170, 178):
            shop.redeem(buyer, day + buyer / 40, 15.0)
    assert find(shop.market(tmp_path)).detail["set_aside"].to_list() == ["before"]


def test_one_household_counts_once(tmp_path: Path) -> None:
    shop = Shop(cards=300)
    ring = shop.ring(members=5)
    market = shop.market(tmp_path)
    alone = find(market)
    home = np.arange(market.size("buyer"))
    codes = market.encode("buyer", pl.Series([f"b{buyer:05d}" for buyer in ring])).to_numpy()
    home[codes] = codes[0]
    assert alone.detail["k"].to_list() == [5]
    assert find(market, household=home).stars.is_empty()


def test_two_amounts_are_one_star(tmp_path: Path) -> None:
    shop = Shop(cards=300)
    shop.ring(members=8, face=15.0)
    shop.ring(members=8, face=25.0)
    view = find(shop.market(tmp_path))
    assert view.stars["attribute"].to_list() == ["15.00 USD or 25.00 USD"]
    assert view.detail["k"][0] >= 16


def test_currencies_are_never_pooled(tmp_path: Path) -> None:
    shop = Shop(cards=0)
    for currency in ("USD", "MYR", "BRL", "THB"):
        shop.ring(members=2, face=15.0, currency=currency)
    assert find(shop.market(tmp_path)).stars.is_empty()


def test_other_names_for_the_buyers_change_no_number(tmp_path: Path) -> None:
    shop = Shop(cards=300)
    shop.ring(members=10)
    before = find(shop.market(tmp_path / "before"))
    for rows in shop.tables.values():
        for row in rows:
            if "buyer_id" in row:
                row["buyer_id"] = f"z{99_999 - int(row['buyer_id'][1:])}"
    after = find(shop.market(tmp_path / "after"))
    numbers = ["k", "k_pre", "reviewers", "issuer_x"]
    assert after.detail.select(numbers).equals(before.detail.select(numbers))
    assert np.allclose(after.detail["surprise"], before.detail["surprise"], rtol=1e-9)
    assert np.allclose(after.detail["expected"], before.detail["expected"], rtol=1e-9)


def test_an_honest_buyer_more_is_no_member(tmp_path: Path) -> None:
    shop = Shop(cards=300)
    shop.ring(members=10)
    before = find(shop.market(tmp_path / "before"))
    shop.order(99_000, 3, 120.0)
    shop.review(99_000, 3, 130.0)
    shop.redeem(99_000, 140.0, 25.0)
    market = shop.market(tmp_path / "after")
    after = find(market)
    assert after.detail["k"].to_list() == before.detail["k"].to_list()
    assert "b99000" not in market.decode("buyer", after.star_members["buyer"]).to_list()
