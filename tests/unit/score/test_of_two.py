"""What may happen to one listing counts where it happened to two: low prices, and disappointment."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from tests.unit.link.market import day, market, order
from toolkit.score import conversion, rates

if TYPE_CHECKING:
    from pathlib import Path

MEMBERS = 12


def _low(listings: list[int], low: list[bool | None], others: float = 0.0) -> list[bool]:
    """Whether the low prices of one order of each member count, where so many others paid them for each listing."""
    ours = pl.DataFrame({"candidate": 0, "buyer": range(len(low)), "listing": listings, "far_below_price": low})
    known = rates._known(ours.with_columns(y_far_below_price=pl.lit(others)), "far_below_price")
    return known["far_below_price"].to_list()


@pytest.mark.parametrize(("listings", "counts"), [(1, False), (2, True)])
def test_low_prices_count_on_two_listings(listings: int, counts: bool) -> None:  # noqa: FBT001
    found = _low([n % listings for n in range(MEMBERS)], [None, *[True] * (MEMBERS - 1)])
    assert found == [counts] * (MEMBERS - 1)


def test_one_member_at_each_price_is_no_crowd() -> None:
    assert not any(_low([0, 1, 2], [True] * 3))


@pytest.mark.parametrize(("size", "counts"), [(10, True), (11, False)])
def test_low_prices_of_a_few_are_not_what_a_ring_does(size: int, counts: bool) -> None:  # noqa: FBT001
    assert any(_low([n % 2 for n in range(size)], [n < 4 for n in range(size)])) == counts


@pytest.mark.parametrize(("others", "counts"), [(5.0, True), (6.0, False)])
def test_a_sale_to_which_as_many_others_come_is_public(others: float, counts: bool) -> None:  # noqa: FBT001
    assert any(_low([n % 2 for n in range(MEMBERS)], [True] * MEMBERS, others)) == counts


def _review(buyer: str, listing: str, rating: int) -> dict[str, Any]:
    review = {"review_id": f"{listing}-{buyer}", "buyer_id": buyer, "listing_id": listing}
    return {**review, "reviewed_at": day(5), "rating": rating}


@pytest.mark.parametrize(("listings", "asked"), [(1, 0), (2, 1)])
def test_who_complains_about_one_bad_batch_is_frank(tmp_path: Path, listings: int, asked: int) -> None:
    """Members order and blame the first listings; everybody else orders another, and reviews it kindly."""
    targets = [f"L{k}" for k in range(listings)]
    orders = [order(k * MEMBERS + n, f"B{n:02}", target) for n in range(MEMBERS) for k, target in enumerate(targets)]
    orders += [order(100 + n, f"C{n:02}", "L9") for n in range(90)]
    reviews = [_review(f"B{n:02}", target, 1) for n in range(MEMBERS) for target in targets]
    reviews += [_review(f"C{n:02}", "L9", 3 + n % 3) for n in range(90)]
    made = market(tmp_path, orders=orders, reviews=reviews)
    members = pl.DataFrame({"candidate": 0, "buyer": range(MEMBERS)}, schema_overrides={"buyer": pl.UInt32})
    windows = pl.DataFrame({"listing": range(listings)}, schema={"listing": pl.UInt32}).with_columns(
        candidate=pl.lit(0), start=int(day(0).timestamp()), end=int(day(30).timestamp())
    )
    linked, candidates = SimpleNamespace(region=np.zeros(102, np.uint32)), SimpleNamespace(members=members)
    scope: Any = SimpleNamespace(market=made, linked=linked, candidates=candidates, targets=windows)
    assert conversion.judge(scope).height == asked
