"""One story as a second voice: the same reason for refunds at several shops."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from tests.unit.link.market import day, market, order
from toolkit.score import stories

if TYPE_CHECKING:
    from pathlib import Path

RING, OTHERS, REASONS = range(10), range(10, 60), ("torn", "late", "small", "dull", "empty")
Refund = tuple[int, str, str, int]
"""Buyer, shop, reason, day of the order."""


def _scope(
    path: Path,
    refunds: list[Refund],
    *,
    homes: dict[int, int] | None = None,
    story: bool = False,
    status: str = "returned",
) -> Any:
    """The first ten buyers, who act all the time; with `story`, all of their refunds joined them."""
    rows = [
        order(at, f"B{b:02}", f"{shop}-{k % 3}", order_id=f"O{k:04}", seller_id=shop, refund_reason=why)
        | {"refunded_at": day(at + 3), "status": status}
        for k, (b, shop, why, at) in enumerate(refunds)
    ]
    made = market(path, orders=rows)
    orders = made.table("orders")
    members = pl.DataFrame({"candidate": [0] * 10, "buyer": list(RING)}, schema_overrides={"candidate": pl.UInt32})
    members = members.with_columns(pl.col("buyer").cast(pl.UInt32))
    home = np.arange(60, dtype=np.uint32)
    for b, where in (homes or {}).items():
        home[b] = where
    values = pl.DataFrame(
        {"candidate": [0], "kind": ["refund_story"], "token": [0], "start": [0], "end": [1 << 40]},
        schema_overrides={"candidate": pl.UInt32, "token": pl.UInt32},
    )
    frame = orders.select("buyer", "row", at="refunded_at", token=pl.lit(0, pl.UInt32))
    tokens = {"refund_story": SimpleNamespace(frame=frame, timed=True)} if story else {}
    linked = SimpleNamespace(tokens=tokens, household=home, region=np.zeros(60, np.uint32))
    candidates = SimpleNamespace(members=members, values=values if story else values.clear())
    acts = orders.filter(pl.col("buyer").is_in(list(RING))).with_columns(candidate=pl.lit(0, pl.UInt32))
    return SimpleNamespace(market=made, linked=linked, candidates=candidates, orders=acts)


def _surprise(scope: Any) -> float:
    told = stories.judge(scope)
    return float(told["surprise"].item()) if told.height else 0.0


def _usual(buyers: range, shops: str) -> list[Refund]:
    """Everybody's refunds, for one reason after another."""
    return [(b, f"S{shop}", REASONS[(b * 7 + k) % 5], (b + k) % 50) for b in buyers for k, shop in enumerate(shops)]


ONE = [(b, f"S{shop}", "empty", (b * 5 + k) % 50) for b in RING for k, shop in enumerate("ABC")]


def test_one_reason_at_many_shops_speaks(tmp_path: Path) -> None:
    scope = _scope(tmp_path, [*ONE, *_usual(OTHERS, "ABC")])
    told = stories.judge(scope).row(0, named=True)
    assert told["test"] == "f7_one_story"
    assert told["note"] == "20 of 20 refunds at 2 shops"
    assert told["surprise"] > 3.0
    assert (
        stories.rows(
            scope, pl.DataFrame({"key": [7], "candidate": [0]}, schema_overrides={"candidate": pl.UInt32})
        ).height
        == 30
    )


def test_what_was_cancelled_is_paid_back_whatever_is_told(tmp_path: Path) -> None:
    assert _surprise(_scope(tmp_path, [*ONE, *_usual(OTHERS, "ABC")], status="cancelled")) == 0.0


def test_reasons_as_others_give_them_say_nothing(tmp_path: Path) -> None:
    assert _surprise(_scope(tmp_path, _usual(range(60), "ABC"))) < 0.5


def test_a_bad_batch_of_one_shop_says_nothing(tmp_path: Path) -> None:
    batch = [(b, "SX", "empty", b) for b in RING]
    assert _surprise(_scope(tmp_path, [*batch, *_usual(range(60), "ABC")])) < 0.5


def test_shops_where_everybody_says_so_say_nothing(tmp_path: Path) -> None:
    everybody = [(b, f"S{shop}", "empty", (b + k) % 50) for b in OTHERS for k, shop in enumerate("ABC")]
    assert _surprise(_scope(tmp_path, [*ONE, *everybody, *_usual(OTHERS, "DEFGH")])) < 0.5


def test_weeks_in_which_everybody_says_so_say_nothing(tmp_path: Path) -> None:
    strike = [(b, f"T{b}-{k}", "empty", 8) for b in OTHERS for k in range(4)]
    ours = [(b, shop, "empty", 8) for b, shop, _, _ in ONE]
    assert _surprise(_scope(tmp_path, [*ours, *strike, *_usual(OTHERS, "DEFGHIJK")])) < 0.5


def test_one_household_has_one_story(tmp_path: Path) -> None:
    same = dict.fromkeys(RING, 0)
    assert _surprise(_scope(tmp_path, [*ONE, *_usual(OTHERS, "ABC")], homes=same)) < 1.0


def test_a_story_that_joined_the_group_says_nothing(tmp_path: Path) -> None:
    assert _surprise(_scope(tmp_path, [*ONE, *_usual(OTHERS, "ABC")], story=True)) == 0.0


@pytest.mark.parametrize("members", [3, 4])
def test_two_in_five_members_must_tell_it(tmp_path: Path, members: int) -> None:
    ours = [(b, f"S{shop}", "empty", (b * 5 + k) % 50) for b in range(members) for k, shop in enumerate("ABC")]
    ours += [(b, "SA", "late", b) for b in range(members, 10)]
    assert stories.judge(_scope(tmp_path, [*ours, *_usual(OTHERS, "ABC")])).height == (members == 4)
