from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.unit.link.gift_cards.shops import Shop
from toolkit.contracts.results import RESULTS
from toolkit.link.gift_cards import find
from toolkit.score.gift_card import GiftCardResults, judge

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.market import Market


def _judged(shop: Shop, folder: Path) -> tuple[GiftCardResults, Market]:
    market = shop.market(folder)
    return judge(find(market), market), market


@pytest.fixture
def ringed(tmp_path: Path) -> tuple[GiftCardResults, Market]:
    shop = Shop(cards=300)
    shop.ring(listing=7, members=10, purchaser_id="shopkeeper")
    return _judged(shop, tmp_path)


def test_the_finding_says_what_was_counted_and_what_chance_gives(ringed: tuple[GiftCardResults, Market]) -> None:
    finding = ringed[0].findings.row(0, named=True)
    assert finding["kind"] == "gift_card_cashback"
    assert finding["listing_id"] == "l007"
    assert finding["seller_id"] == "s002"
    assert finding["finding_id"].startswith("f_")
    assert "reviewers of listing l007 redeemed a card of 15.00 USD within 45 d of reviewing" in finding["statement"]
    assert "cards share purchaser shopkeeper" in finding["statement"]
    assert finding["q_value"] < 0.01


def test_every_frame_is_valid(ringed: tuple[GiftCardResults, Market]) -> None:
    for name in ("findings", "evidence", "explanations", "money"):
        frame = getattr(ringed[0], name)
        assert frame.height
        RESULTS[name].validate(frame.select(RESULTS[name].column_names()))


def test_each_test_is_a_piece_of_evidence(ringed: tuple[GiftCardResults, Market]) -> None:
    assert set(ringed[0].evidence["test"]) == {
        "f1_gift_card_after_review",
        "f1b_placebo_window",
        "f1c_issuer_concentration",
        "f1d_lag_shape",
    }


def test_every_cited_row_is_in_the_input(ringed: tuple[GiftCardResults, Market]) -> None:
    results, market = ringed
    cited = results.evidence.explode("rows", empty_as_null=True).unnest("rows")
    assert set(cited["table"]) == {"reviews", "redemptions", "gift_cards"}
    for table, column in (("reviews", "review_id"), ("redemptions", "redemption_id"), ("gift_cards", "card_id")):
        known = set(market.case.table(table).collect()[column])
        assert set(cited.filter(pl.col("table") == table)["id"]) <= known


def test_money_is_exact_and_in_its_own_currency(tmp_path: Path) -> None:
    shop = Shop(cards=0, currency="VND")
    shop.ring(members=9, face=250_000.0, currency="VND")
    shop.ring(listing=31, members=9, face=19.99, currency="USD")
    results, _ = _judged(shop, tmp_path)
    money = results.money.filter(pl.col("rows") == 9).select("currency", "amount").sort("currency")
    assert set(money.rows()) == {("USD", 179.91), ("VND", 2_250_000.0)}
    statements = " ".join(results.findings["statement"])
    assert "250,000 VND" in statements
    assert "19.99 USD" in statements


def test_an_employers_gift_is_no_finding_but_is_told(tmp_path: Path) -> None:
    shop = Shop(cards=300)
    shop.ring(members=12, source="employer", batch_id="bonus")
    results, _ = _judged(shop, tmp_path)
    assert results.findings.is_empty()
    told = results.aside.filter(pl.col("explanation") == "employer batch")
    assert told["result"].to_list() == ["possible"]
    assert told["finding_id"].null_count() == 1


def test_an_ordinary_market_has_no_rows(tmp_path: Path) -> None:
    results, _ = _judged(Shop(seed=2), tmp_path)
    for name in ("findings", "evidence", "explanations", "money"):
        frame = getattr(results, name)
        assert frame.is_empty()
        RESULTS[name].validate(frame.select(RESULTS[name].column_names()))


def test_a_seller_that_bought_the_cards_itself_is_told(tmp_path: Path) -> None:
    shop = Shop(cards=300)
    shop.ring(listing=7, members=10, purchaser_id="s002")
    results, _ = _judged(shop, tmp_path)
    assert "cards share purchaser s002, the seller itself" in results.findings["statement"][0]


def test_the_largest_cards_that_are_let_in_do_not_overflow(tmp_path: Path) -> None:
    shop = Shop(cards=0, currency="IDR")
    shop.ring(members=10, face=9.99e14, currency="IDR")
    results, _ = _judged(shop, tmp_path)
    assert results.money["amount"].to_list() == [9.99e15]
