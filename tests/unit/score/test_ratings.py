"""Ratings as a second voice: praise and blame that others do not share."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl

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


def _said(path: Path, reviews: list[dict[str, Any]], targets_of: int = 1) -> dict[str, Any]:
    """The verdict on the first twelve buyers, whose targets are the first listings; nothing where there is none."""
    made = market(path, reviews=reviews)
    members = pl.DataFrame({"candidate": [0] * 12, "buyer": list(RING)}, schema_overrides={"buyer": pl.UInt32})
    targets = pl.DataFrame({"listing": range(targets_of)}, schema={"listing": pl.UInt32}).with_columns(
        candidate=0, start=int(day(0).timestamp()), end=int(day(10).timestamp())
    )
    scope: Any = SimpleNamespace(market=made, candidates=SimpleNamespace(members=members), targets=targets)
    rows = judge(scope).filter(pl.col("surprise") > 0).sort("surprise", descending=True).to_dicts()
    told: dict[str, Any] = rows[0] if rows else {"surprise": 0.0}
    return told


def _mixed(listing: str) -> list[dict[str, Any]]:
    return [_review(n, listing, 2 + n % 3) for n in OTHERS]


def test_praise_that_others_do_not_give(tmp_path: Path) -> None:
    elsewhere = [_review(n, "L2", 1 + n % 5) for n in range(60)]
    told = _said(tmp_path, [*(_review(n, "L1", 5) for n in RING), *_mixed("L1"), *elsewhere])
    assert told["test"] == "f6_rating"
    assert told["note"] == "12 of 12 ratings by 12 members are the highest one"
    assert told["surprise"] > 3.0


def test_blame_of_two_things_that_others_do_not_give(tmp_path: Path) -> None:
    elsewhere = [_review(n, "L3", 1 + n % 5) for n in range(60)]
    ours = [_review(n, listing, 1) for n in RING for listing in ("L1", "L2")]
    told = _said(tmp_path, [*ours, *_mixed("L1"), *_mixed("L2"), *elsewhere], targets_of=2)
    assert told["note"] == "24 of 24 ratings by 12 members are the lowest one"
    assert told["surprise"] > 3.0


def test_blame_of_one_thing_may_be_a_bad_batch(tmp_path: Path) -> None:
    elsewhere = [_review(n, "L2", 1 + n % 5) for n in range(60)]
    told = _said(tmp_path, [*(_review(n, "L1", 1) for n in RING), *_mixed("L1"), *elsewhere])
    assert told["surprise"] < 1.0


def test_a_thing_that_everybody_praises_says_nothing(tmp_path: Path) -> None:
    praised = [_review(n, "L1", 5) for n in range(60)]
    assert _said(tmp_path, [*praised, *(_review(n, "L2", 1 + n % 5) for n in range(60))])["surprise"] < 1.0


def test_who_always_gives_the_best_rating_says_nothing(tmp_path: Path) -> None:
    ours = [_review(n, listing, 5) for n in RING for listing in ("L1", f"X{n}", f"Y{n}", f"Z{n}")]
    theirs = [_review(n, "L1", 2 + n % 3) for n in OTHERS]
    assert _said(tmp_path, ours + theirs)["surprise"] < 1.0


def test_many_ratings_by_few_people_count_for_less_than_as_many_by_many(tmp_path: Path) -> None:
    elsewhere = [_review(n, f"X{k}", 5 if n % 2 else 1) for n in range(60) for k in range(4)]
    alike = elsewhere + [_review(n, "L1", 1 + n % 5) for n in range(12, 60)]
    own = [_review(n, "L1", 5) for n in RING]
    once = _said(tmp_path / "once", own + alike)
    again = _said(tmp_path / "again", own + own + own + alike)
    assert once["surprise"] <= again["surprise"] < 1.5 * once["surprise"]


def test_who_blames_a_few_of_many_things_tries_them(tmp_path: Path) -> None:
    elsewhere = [_review(n, "L3", 3) for n in range(60)]
    ours = [_review(n, listing, 1 if n < 4 else 3) for n in RING for listing in ("L1", "L2")]
    theirs = [_review(n, listing, 3) for n in OTHERS for listing in ("L1", "L2")]
    praised = [_review(60, "L4", 5)]
    assert _said(tmp_path, [*ours, *theirs, *elsewhere, *praised], targets_of=2)["surprise"] < 1.0


def test_praise_that_leaves_out_a_star_to_look_real(tmp_path: Path) -> None:
    """A third of the ring gives four stars, as a fifth of all do; but of all, two in five give three or fewer."""
    elsewhere = [_review(n, f"L{k}", 1 + (n + k) % 5) for n in OTHERS for k in (7, 8, 9)]
    ours = [_review(n, listing, 4 + (n % 3 > 0)) for n in RING for listing in ("L1", "L2")]
    told = _said(tmp_path, [*ours, *elsewhere], targets_of=2)
    assert told["note"] == "24 of 24 ratings by 12 members are above the middle"
    assert told["surprise"] > 3.0


def test_members_that_nobody_found_are_not_the_others(tmp_path: Path) -> None:
    """Twenty more accounts praise both targets in those weeks; who praises one of them only would be another person."""
    elsewhere = [_review(n, "L9", 1 + n % 5) for n in range(60)]
    ours = [_review(n, listing, 5) for n in RING for listing in ("L1", "L2")]
    unfound = [_review(n, listing, 5) for n in range(12, 32) for listing in ("L1", "L2")]
    others = [_review(n, "L1" if n % 2 else "L2", 5) for n in range(12, 52)]
    found = _said(tmp_path / "both", [*ours, *unfound, *elsewhere], targets_of=2)
    assert found["surprise"] > _said(tmp_path / "one", [*ours, *others, *elsewhere], targets_of=2)["surprise"] + 2.0
