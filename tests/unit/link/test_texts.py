"""Texts as tokens: who is linked by a text, and who is not, on a few rows made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tests.unit.link.market import day, market, order
from toolkit.config import LinkSettings
from toolkit.link import texts
from toolkit.link.regions import regions

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.contracts.tokens import TokenKind

SCRIPT = "Exceeded every expectation that I had, the quality is amazing and delivery was super fast {}"
LISTINGS = [{"listing_id": f"L{n}", "seller_id": f"S{n % 4}", "category_id": f"C{n % 3}"} for n in range(12)]


def review(number: int, buyer: str, listing: str, text: str | None) -> dict[str, Any]:
    return {
        "review_id": f"R{number:04}",
        "buyer_id": buyer,
        "listing_id": listing,
        "reviewed_at": day(number % 300),
        "text": text,
    }


def honest(size: int = 400) -> list[dict[str, Any]]:
    """Reviews that everybody writes, and as many that nobody else does."""
    letters = np.random.default_rng(3).choice(list("abcdefghijklmnopqrstuvwxyz "), (size, 60))
    return [review(1000 + n, f"H{n:03}", f"L{n % 12}", "good" if n % 2 else "".join(letters[n])) for n in range(size)]


def token(path: Path, reviews: list[dict[str, Any]], **tables: list[dict[str, Any]]) -> TokenKind:
    made = market(path, reviews=reviews, **tables)
    return next(iter(texts.kinds(made, regions(made), LinkSettings())))


def holders(kind: TokenKind) -> list[int]:
    return kind.frame.group_by("token").len().sort("token")["len"].to_list()


def test_a_text_at_several_shops_links_its_writers(tmp_path: Path) -> None:
    ring = [review(n, f"A{n}", f"L{n}", SCRIPT.format("!" * n)) for n in range(6)]
    kind = token(tmp_path, ring + honest(), listings=LISTINGS)
    assert (kind.name, kind.family, kind.table, holders(kind)) == ("review_text", "message", "reviews", [6])
    assert kind.frame["row"].sort().to_list() == list(range(6))
    assert kind.acts is not None
    assert kind.chance is not None
    assert kind.acts.sum() == 406
    assert 0.0 < kind.chance[0] <= 0.06


def test_what_one_shop_hands_out_links_nobody_even_where_one_customer_copies_it_elsewhere(tmp_path: Path) -> None:
    handed = [review(n, f"A{n}", "L0", SCRIPT.format("")) for n in range(20)]
    elsewhere = review(20, "A0", "L1", SCRIPT.format(""))
    kind = token(tmp_path, [*handed, elsewhere, *honest()], listings=LISTINGS)
    assert kind.frame.height == 0


def test_a_text_counts_at_a_shop_for_as_many_as_wrote_it_elsewhere(tmp_path: Path) -> None:
    here = [review(n, f"A{n:02}", "L0", SCRIPT.format("")) for n in range(20)]
    there = [review(20 + n, f"B{n}", "L1", SCRIPT.format("")) for n in range(4)]
    kind = token(tmp_path, [*here, *there, *honest()], listings=LISTINGS)
    assert holders(kind) == [8]


def test_a_dense_ring_counts_whole_although_all_wrote_everywhere(tmp_path: Path) -> None:
    ring = [review(10 * n + m, f"A{n}", f"L{m}", SCRIPT.format("")) for n in range(8) for m in range(3)]
    assert holders(token(tmp_path, ring + honest(), listings=LISTINGS)) == [8]


def test_one_who_copies_her_own_words_is_one(tmp_path: Path) -> None:
    own = [review(n, "A", f"L{n}", SCRIPT.format("")) for n in range(12)]
    assert token(tmp_path, own + honest(), listings=LISTINGS).frame.height == 0


def test_a_phrase_of_the_market_links_nobody(tmp_path: Path) -> None:
    assert token(tmp_path, honest(), listings=LISTINGS).frame.height == 0


def test_words_of_the_goods_are_expected_where_the_goods_are(tmp_path: Path) -> None:
    said = [review(n, f"A{n}", f"L{3 * (n % 4)}", SCRIPT.format("")) for n in range(30)]
    kind = token(tmp_path, said + honest(60), listings=LISTINGS)
    assert kind.chance is not None
    # 30 of the 50 texts of one category, which is taken to have 100; so is "good" in the whole.
    assert 0.3 in kind.chance.round(3).tolist()


def test_a_rare_text_of_a_small_region_is_expected_there(tmp_path: Path) -> None:
    said = [review(n, f"A{n}", f"L{n}", SCRIPT.format("")) for n in range(5)]
    paid = [order(n, f"A{n}", f"L{n}", currency="CLP") for n in range(5)]
    paid += [order(100 + n, f"H{n:03}", currency="USD") for n in range(300)]
    kind = token(tmp_path, said + honest(), orders=paid, listings=LISTINGS)
    assert kind.chance is not None
    assert kind.chance.tolist() == [0.05]


def test_delight_is_expected_of_the_delighted(tmp_path: Path) -> None:
    said = [review(7 * n, f"A{n:02}", f"L{n % 12}", SCRIPT.format("")) | {"rating": 5} for n in range(40)]
    others = [row | {"rating": 1 + n % 5} for n, row in enumerate(honest(600))]
    kind = token(tmp_path, said + others, listings=LISTINGS)
    assert kind.chance is not None
    assert kind.chance.round(4).tolist() == [round(40 / 160, 4)]  # of 120 others and 40 such texts with five stars


def test_without_shops_listings_stand_for_them(tmp_path: Path) -> None:
    ring = [review(n, f"A{n}", f"L{n}", SCRIPT.format("")) for n in range(6)]
    one = [review(100 + n, f"B{n}", "L9", SCRIPT.format("").upper()[::-1]) for n in range(6)]
    assert holders(token(tmp_path, ring + one + honest())) == [6]


def test_a_message_counts_where_one_account_exchanged_it_with_a_shop(tmp_path: Path) -> None:
    def message(number: int, buyer: str, seller: str, text: str) -> dict[str, Any]:
        sent = {"message_id": f"M{number:03}", "sent_at": day(number % 300)}
        return {**sent, "buyer_id": buyer, "seller_id": seller, "text": text}

    told = [message(n, f"A{n}", f"S{n}", SCRIPT.format("")) for n in range(5)]
    template = "Dear customer, your parcel is on its way, write to us first if anything is wrong, order {}"
    told += [message(100 + n, f"H{n:03}", f"S{n % 9}", template.format(n)) for n in range(90)]
    rows = [order(n, f"H{n:03}", seller_id=f"S{n % 9}") for n in range(90)]
    rows += [order(100 + n, f"A{n}") for n in range(5)]
    made = market(tmp_path, orders=rows, messages=told)
    kind = next(iter(texts.kinds(made, regions(made), LinkSettings())))
    assert (kind.name, holders(kind)) == ("message_text", [5])
    assert made.decode("buyer", kind.frame["buyer"]).to_list() == [f"A{n}" for n in range(5)]


def test_codes_of_refunds_link_nobody_and_stories_do(tmp_path: Path) -> None:
    story = "The seal was open and the box smelled of smoke, so I threw all of it away at once"
    back = {"status": "returned"}
    rows = [
        order(n, f"H{n:03}", seller_id=f"S{n % 7}", refunded_at=day(n % 300 + 1), refund_reason="damaged", **back)
        for n in range(200)
    ]
    rows += [
        order(300 + n, f"A{n}", seller_id=f"S{n}", refunded_at=day(60 + n), refund_reason=f"{story}{'!' * n}", **back)
        for n in range(5)
    ]
    made = market(tmp_path, orders=rows)
    kind = next(iter(texts.kinds(made, regions(made), LinkSettings())))
    assert (kind.name, holders(kind)) == ("refund_text", [5])


def test_without_texts_there_is_no_view(tmp_path: Path) -> None:
    made = market(tmp_path, orders=[order(1, "A")], reviews=[review(1, "A", "L1", None)])
    assert list(texts.kinds(made, regions(made), LinkSettings())) == []


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    rows = [review(n, f"A{n}", f"L{n}", SCRIPT.format(n)) for n in range(6)] + honest()
    one = token(tmp_path / "one", rows, listings=LISTINGS)
    other = token(tmp_path / "other", rows[::-1], listings=LISTINGS)
    assert one.frame.drop("row").equals(other.frame.drop("row"))
    assert one.chance is not None
    assert other.chance is not None
    assert one.chance.tolist() == other.chance.tolist()
    assert pl.Series(one.acts).equals(pl.Series(other.acts))
