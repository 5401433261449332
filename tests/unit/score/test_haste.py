"""Haste as a second voice: reviews that come sooner than others' do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from tests.unit.link.market import day, market, order
from toolkit.score.haste import judge, tails

if TYPE_CHECKING:
    from pathlib import Path

RING, EVERYBODY = range(12), range(60)


def _wait(number: int) -> int:
    """Days that somebody waits: one to thirty, as many early as late."""
    return 1 + number * 7 % 30


def _scope(path: Path, bought: list[tuple[int, str, float]], *, games: str = "") -> Any:
    """The first twelve buyers, whose target is the first listing; buyers, listings, and days until their reviews.

    Listings that begin with one of `games` are of one category, the others of another.
    """
    orders = [order(0, f"B{b:02}", x, order_id=f"{b}-{x}", delivered_at=day(3)) for b, x, _ in bought]
    reviews = [
        {"review_id": f"{b}-{x}", "buyer_id": f"B{b:02}", "listing_id": x, "reviewed_at": day(3 + wait), "rating": 5}
        for b, x, wait in bought
    ]
    names = sorted({listing for _, listing, _ in bought}) if games else []
    shelves = [{"listing_id": x, "category_id": "games" if x[0] in games else "else"} for x in names]
    made = market(path, orders=orders, reviews=reviews, **({"listings": shelves} if games else {}))
    members = pl.DataFrame({"candidate": [0] * 12, "buyer": list(RING)}, schema_overrides={"buyer": pl.UInt32})
    targets = pl.DataFrame({"listing": [0]}, schema={"listing": pl.UInt32}).with_columns(
        candidate=0, start=int(day(0).timestamp()), end=int(day(40).timestamp())
    )
    linked = SimpleNamespace(region=np.zeros(60, np.uint32))
    return SimpleNamespace(market=made, linked=linked, candidates=SimpleNamespace(members=members), targets=targets)


def _surprise(path: Path, bought: list[tuple[int, str, float]]) -> float:
    return float(judge(_scope(path, bought))["surprise"].item())


ELSEWHERE = [(n, f"X{n}", _wait(n)) for n in EVERYBODY]
OTHERS = [(n, "L1", _wait(n + 3)) for n in EVERYBODY if n not in RING]


def test_reviews_at_once_speak(tmp_path: Path) -> None:
    scope = _scope(tmp_path, [*((n, "L1", 0.5) for n in RING), *OTHERS, *ELSEWHERE])
    told = judge(scope).row(0, named=True)
    assert told["test"] == "f6_review_haste"
    assert told["note"] == "12 reviews by 12 members"
    assert told["surprise"] > 2.0
    assert tails(scope)["haste"].item() < 10.0 ** -told["surprise"]  # which allows for more


def test_reviews_when_others_review_say_nothing(tmp_path: Path) -> None:
    assert _surprise(tmp_path, [*((n, "L1", _wait(n)) for n in RING), *OTHERS, *ELSEWHERE]) < 1.0


def test_reviews_of_one_day_that_is_no_early_one_say_nothing(tmp_path: Path) -> None:
    assert _surprise(tmp_path, [*((n, "L1", 14.0) for n in RING), *OTHERS, *ELSEWHERE]) < 0.5


def test_what_everybody_reviews_at_once_says_nothing(tmp_path: Path) -> None:
    at_once = [(n, "L1", 0.5) for n in EVERYBODY]
    assert _surprise(tmp_path, [*at_once, *ELSEWHERE, *((n, f"Y{n}", _wait(n)) for n in EVERYBODY)]) < 0.5


def test_goods_that_are_reviewed_at_once_say_less(tmp_path: Path) -> None:
    played = [(n, f"M{n}", 0.5) for n in EVERYBODY if n not in RING]
    bought = [*((n, "L1", 0.5) for n in RING), *played, *ELSEWHERE]
    odds = [tails(_scope(tmp_path / games, bought, games=games))["haste"].item() for games in ("LM", "M")]
    assert odds[0] > 10.0 * odds[1]


def test_who_always_reviews_at_once_says_nothing(tmp_path: Path) -> None:
    habit = [(n, f"{x}{n}", 0.5) for n in RING for x in "UVWYZ"]
    rest = [(n, f"{x}{n}", _wait(n)) for n in EVERYBODY if n not in RING for x in "UV"]
    assert _surprise(tmp_path, [*((n, "L1", 0.5) for n in RING), *habit, *OTHERS, *rest]) < 1.0


@pytest.mark.parametrize("missing", ["orders", "reviews"])
def test_there_is_no_waiting_without_orders_or_reviews(tmp_path: Path, missing: str) -> None:
    scope = _scope(tmp_path, OTHERS)
    has = scope.market.has
    scope.market = SimpleNamespace(has=lambda *names: names[0] != missing and has(*names))
    assert judge(scope).height == 0
    assert tails(scope).height == 0
