"""How many of a ring's members must be at a star before it speaks for the ring."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from toolkit.contracts.links import SHOP_MARKS, STAR_MEMBERS, STARS
from toolkit.score import stars

SIZE = 20


def _told(mark: str, there: int) -> int:
    """Verdicts on twenty members of whom so many are at a shop that stands out by that mark."""
    members = pl.DataFrame({"candidate": [0] * SIZE, "buyer": range(SIZE)}, schema_overrides={"buyer": pl.UInt32})
    at = pl.DataFrame([dict.fromkeys(STAR_MEMBERS) | {"star": 3, "buyer": n} for n in range(there)], STAR_MEMBERS)
    shop = dict.fromkeys(SHOP_MARKS) | {"star": 3, "mark": mark, "family": "identity", "surprise": 9.0}
    linked: Any = SimpleNamespace(
        star_members=at, stars=pl.DataFrame(schema=STARS), shop_marks=pl.DataFrame([shop], SHOP_MARKS)
    )
    candidates: Any = SimpleNamespace(members=members)
    return stars.judge(candidates, linked).height


@pytest.mark.parametrize(("there", "told"), [(3, 0), (4, 1), (20, 1)])
def test_one_in_five_must_share_with_the_shop(there: int, told: int) -> None:
    assert _told("shares_with_shop", there) == told


@pytest.mark.parametrize(("there", "told"), [(9, 0), (10, 1)])
def test_most_must_carry_the_mark_of_a_shop(there: int, told: int) -> None:
    assert _told("light_parcel", there) == told
