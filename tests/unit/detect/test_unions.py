"""Two things that were taken for one are told apart; the halves of one ring are not."""

from __future__ import annotations

import polars as pl
import pytest

from toolkit.config import DetectSettings
from toolkit.detect.unions import fallen, leftovers

UNION, RING, CROWD = 1, 2, 3
NAME = 10.0


def members(**margins: list[tuple[range, float]]) -> pl.DataFrame:
    """candidate, buyer, margin: buyers of each candidate with the margin that they have there."""
    numbers = {"union": UNION, "ring": RING, "crowd": CROWD}
    rows = [(numbers[name], b, m) for name, parts in margins.items() for buyers, m in parts for b in buyers]
    schema = {"candidate": pl.UInt32, "buyer": pl.UInt32, "margin": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def values(candidate: int, tokens: list[int]) -> pl.DataFrame:
    """candidate, kind, token."""
    schema = {"candidate": pl.UInt32, "kind": pl.String, "token": pl.UInt32}
    return pl.DataFrame([(candidate, "listing_ordered", token) for token in tokens], schema=schema, orient="row")


def asked(numbers: list[int]) -> pl.Series:
    """Candidates to ask about."""
    return pl.Series(numbers, dtype=pl.UInt32)


RING_AND_CROWD = members(
    union=[(range(10), 8.0), (range(10, 40), 5.0)], ring=[(range(10), 12.0)], crowd=[(range(10, 40), 4.0)]
)


def test_who_fits_better_elsewhere_is_the_part() -> None:
    """Ten accounts have more evidence as a ring than beside a sale's crowd, which is what is left."""
    rest = leftovers(RING_AND_CROWD, asked([UNION]), DetectSettings())
    assert set(rest["part"]) == {RING}
    assert rest["buyer"].to_list() == list(range(10, 40))
    assert rest.row(0, named=True)["whole"] == pytest.approx(230.0)
    assert rest.row(0, named=True)["there"] == pytest.approx(120.0)


def test_who_fits_as_well_here_stays() -> None:
    """A part that adds to its members' evidence is one with the rest."""
    one = members(union=[(range(20), 12.0)], ring=[(range(10), 11.0)])
    assert leftovers(one, asked([UNION]), DetectSettings()).is_empty()


def test_a_part_is_weaker_in_sum() -> None:
    """What is stronger in sum was asked before, and did not stay."""
    assert leftovers(RING_AND_CROWD, asked([RING]), DetectSettings()).is_empty()


def test_a_few_more_accounts_are_no_second_thing() -> None:
    """Fewer than a ring has are left where they are."""
    few = members(union=[(range(10), 8.0), (range(10, 14), 20.0)], ring=[(range(10), 12.0)])
    assert leftovers(few, asked([UNION]), DetectSettings()).is_empty()


@pytest.mark.parametrize(("shared", "falls"), [([], True), ([1, 2, 3, 4], False)])
def test_values_that_both_hold_speak_for_one_ring(shared: list[int], *, falls: bool) -> None:
    """Together 230; apart 120 + 120, less what naming each shared value a second time costs."""
    rest = leftovers(RING_AND_CROWD, asked([UNION]), DetectSettings())
    alone = members(union=[(range(10, 40), 4.0)])
    gone = fallen(rest, alone, values(RING, [1, 2, 3, 4]), values(UNION, [8, 9, *shared]), NAME)
    assert gone.to_list() == ([UNION] if falls else [])


def test_a_rest_that_falls_to_pieces_holds_nothing() -> None:
    """Of a rest that is nothing by itself the evidence came from the part: it stays one."""
    rest = leftovers(RING_AND_CROWD, asked([UNION]), DetectSettings())
    nothing = members()
    assert fallen(rest, nothing, values(RING, [1]), values(UNION, []), NAME).is_empty()
