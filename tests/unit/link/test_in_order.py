"""Sorting by packed numbers gives what sorting by the columns gives."""

from __future__ import annotations

import numpy as np
import polars as pl

from toolkit.contracts.tokens import TOKENS
from toolkit.link.in_order import by_time, by_token, first_of


def acts(rows: int) -> pl.DataFrame:
    """Acts in no order, many at one time, with the largest codes and the longest time that are read."""
    rng = np.random.default_rng(5)
    frame = pl.DataFrame(
        {
            "token": rng.choice([0, 3, 2**32 - 1], rows),
            "buyer": rng.choice([0, 7, 2**32 - 1], rows),
            "at": rng.choice([0, 1, 86_400, 4_102_444_799], rows),
            "row": rng.permutation(rows),
        },
        schema=TOKENS,
    )
    return frame.sample(fraction=1.0, shuffle=True, seed=1)


def test_packed_numbers_sort_as_columns_do() -> None:
    given = acts(500)
    assert by_time(given).equals(given.sort("at", "buyer", "row"))
    assert by_token(given).equals(given.sort("token", "at", "buyer", "row"))
    assert by_token(given.clear()).equals(given.clear())


def test_what_is_sorted_is_left_as_it_is() -> None:
    given = acts(500).sort("token", "at", "buyer", "row")
    assert by_token(given).equals(given)


def test_the_first_of_a_pair_is_kept_in_its_place() -> None:
    given = by_time(acts(500))
    assert first_of(given, ("buyer", "token")).equals(
        given.unique(["buyer", "token"], keep="first", maintain_order=True)
    )
    day = (pl.col("at") // 86_400).alias("day")
    of_days = given.with_columns(day).unique(["buyer", "token", "day"], keep="first", maintain_order=True)
    assert first_of(given, ("buyer", "token"), day).equals(of_days.drop("day"))


def test_what_has_no_times_is_sorted_by_value_and_account() -> None:
    given = acts(500).with_columns(at=pl.lit(0, pl.Int64))
    assert by_token(given).equals(given.sort("token", "buyer", "row"))
