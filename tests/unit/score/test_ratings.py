"""Ratings as a second voice: praise and blame that others do not share."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.unit.link.market import day, market
from toolkit.score.ratings import judge

if TYPE_CHECKING:
    from pathlib import Path

RING, OTHERS = range(12), range(12, 60)


def _review(number: int, listing: str, rating: int) -> dict[str, Any]:
    return {
        "review_id": f"{listing}-{number}",
        "buyer_id": f"B{number:02}",
        "listing_id": listing,
        "reviewed_at": day(number % 10),
        "rating": rating,
    }


def _said(path: Path, reviews: list[dict[str, Any]]) -> dict[str, Any]:
    """The verdict on the first twelve buyers, whose target is listing L1."""
    made = market(path, reviews=reviews)
    members = pl.DataFrame({"candidate": [0] * 12, "buyer": list(RING)}, schema_overrides={"buyer": pl.UInt32})
    targets = pl.DataFrame(
        {"candidate": [0], "listing": [0], "start": [int(day(0).timestamp())], "end": [int(day(10).timestamp())]},
        schema_overrides={"listing": pl.UInt32},
    )
    scope: Any = SimpleNamespace(market=made, candidates=SimpleNamespace(members=members), targets=targets)
    told: dict[str, Any] = judge(scope).to_dicts()[0]
    return told


@pytest.mark.parametrize(("given", "end"), [(5, "highest"), (1, "lowest")])
def test_what_members_say_and_others_do_not(tmp_path: Path, given: int, end: str) -> None:
    mixed = [_review(n, "L1", 2 + n % 3) for n in OTHERS]
    elsewhere = [_review(n, "L2", 1 + n % 5) for n in range(60)]
    told = _said(tmp_path, [*(_review(n, "L1", given) for n in RING), *mixed, *elsewhere])
    assert told["test"] == "f6_rating"
    assert told["note"] == f"12 of 12 ratings by 12 members are the {end} one"
    assert told["surprise"] > 3.0


def test_a_thing_that_everybody_praises_says_nothing(tmp_path: Path) -> None:
    praised = [_review(n, "L1", 5) for n in range(60)]
    assert _said(tmp_path, [*praised, *(_review(n, "L2", 1 + n % 5) for n in range(60))])["surprise"] < 1.0


def test_who_always_gives_the_best_rating_says_nothing(tmp_path: Path) -> None:
    ours = [_review(n, listing, 5) for n in RING for listing in ("L1", "L2", "L3", "L4", "L5")]
    theirs = [_review(n, "L1", 2 + n % 3) for n in OTHERS]
    assert _said(tmp_path, ours + theirs)["surprise"] < 1.0


def test_many_ratings_by_few_people_count_for_less_than_as_many_by_many(tmp_path: Path) -> None:
    elsewhere = [_review(n, f"X{k}", 5 if n % 2 else 1) for n in range(60) for k in range(4)]
    alike = elsewhere + [_review(n, "L1", 1 + n % 5) for n in range(12, 60)]
    own = [_review(n, "L1", 5) for n in RING]
    once = _said(tmp_path / "once", own + alike)
    again = _said(tmp_path / "again", own + own + own + alike)
    assert once["surprise"] <= again["surprise"] < 1.5 * once["surprise"]
