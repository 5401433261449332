from __future__ import annotations

from typing import TYPE_CHECKING

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
