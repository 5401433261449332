"""What members do elsewhere is theirs where no other member does it."""

from __future__ import annotations

import polars as pl

from toolkit.score.elsewhere import unfound

CODES = {"candidate": pl.UInt32, "buyer": pl.UInt32, "listing": pl.UInt32}


def _unfound(theirs: list[tuple[int, int, int]], others: list[tuple[int, int]]) -> list[bool]:
    ours = pl.DataFrame(theirs, schema=CODES, orient="row")
    more = pl.DataFrame(others, schema={"buyer": pl.UInt32, "listing": pl.UInt32}, orient="row")
    return unfound(ours, pl.concat([ours.select("buyer", "listing"), more])).to_list()


def test_what_two_members_do_may_be_a_target_that_nobody_found() -> None:
    assert _unfound([(0, 1, 7), (0, 2, 7), (0, 1, 8)], []) == [True, True, False]


def test_what_everybody_does_is_no_target() -> None:
    crowd = [(buyer, 7) for buyer in range(10, 40)]
    assert _unfound([(0, 1, 7), (0, 2, 7)], crowd) == [False, False]


def test_one_member_that_comes_again_is_one() -> None:
    assert _unfound([(0, 1, 7), (0, 1, 7)], []) == [False, False]


def test_members_of_two_groups_have_not_met() -> None:
    assert _unfound([(0, 1, 7), (1, 2, 7)], []) == [False, False]
