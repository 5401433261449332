from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.link.gift_cards.shops import Shop
from toolkit.link.gift_cards import find

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

UNSEEN = range(2_000, 2_006)


def _associates(shop: Shop, folder: Path) -> pl.DataFrame:
    market = shop.market(folder)
    found = find(market).associates
    return found.with_columns(buyer_id=market.decode("buyer", found["buyer"]))


def _shop() -> Shop:
    shop = Shop(cards=300, reviews=300)
    shop.ring(listing=7, members=12)
    for buyer in UNSEEN:
        shop.review(buyer, 7, 110.0 + (buyer - 2_000) * 3)
    return shop


def test_reviews_that_no_orders_bring_point_to_unseen_pay(tmp_path: Path) -> None:
    found = _associates(_shop(), tmp_path)
    assert {f"b{buyer:05d}" for buyer in UNSEEN} <= set(found["buyer_id"])
    assert found["posterior"].min() > 0.6


def test_reviews_that_many_orders_bring_are_ordinary(tmp_path: Path) -> None:
    shop = _shop()
    for buyer in range(200):
        shop.order(buyer, 7, 100.0 + buyer / 5)
    found = _associates(shop, tmp_path)
    assert found.height >= len(UNSEEN)
    assert found["posterior"].max() == 0.0


def test_whoever_redeemed_a_card_is_no_associate(tmp_path: Path) -> None:
    shop = _shop()
    market = shop.market(tmp_path)
    view = find(market)
    assert not set(view.associates["buyer"]) & set(view.detail_members["buyer"])


def test_ratings_tell_them_apart(tmp_path: Path) -> None:
    shop = _shop()
    for review in shop.tables["reviews"]:
        review["rating"] = float(shop.rng.integers(1, 6)) if int(review["review_id"][1:]) < 300 else 5.0
    unhappy = shop.tables["reviews"][-1]
    unhappy["rating"] = 1.0
    found = _associates(shop, tmp_path)
    by_buyer = dict(found.select("buyer_id", "posterior").iter_rows())
    assert by_buyer[unhappy["buyer_id"]] < by_buyer["b02000"]
