"""Groups of shops that share something rare: who, since when, over what, and where nothing is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.unit.findings.street import Street, at
from toolkit.case import Case, write_frame
from toolkit.contracts.results import empty
from toolkit.dossier.shops import groups

if TYPE_CHECKING:
    from pathlib import Path

TIES = [("s1", "s2", "bank", "k1", 0), ("s2", "s3", "phone", "p1", 2), ("s8", "s9", "device", "d1", 0)]


def made(path: Path, ties: list[tuple[str, str, str, str, int]]) -> Case:
    street = Street()
    for seller, hours in (("s2", 50), ("s1", 10), ("s1", 40), ("s3", 90), ("s7", 1)):
        street.order("b", seller, hours)
    case = street.case(path)
    frame = pl.DataFrame(ties, schema=empty("seller_links").schema, orient="row")
    write_frame(path / "results" / "seller_links.parquet", frame)
    return case


def test_shops_are_grouped_over_other_shops_the_first_to_sell_at_the_top(tmp_path: Path) -> None:
    first, second = groups(made(tmp_path, TIES))
    assert [one.seller_id for one in first.sellers] == ["s1", "s2", "s3"]
    assert [(one.orders, one.first_at, one.last_at) for one in first.sellers][:2] == [
        (2, at(10), at(40)),
        (1, at(50), at(50)),
    ]
    assert [tie.attribute_id for tie in first.ties] == ["k1", "p1"]
    assert first.ties[1].buyers == 2
    assert [(one.seller_id, one.orders, one.first_at) for one in second.sellers] == [("s8", 0, None), ("s9", 0, None)]


def test_no_links_and_a_case_without_the_table(tmp_path: Path) -> None:
    assert groups(made(tmp_path / "none", [])) == ()
    assert groups(Case(tmp_path / "old")) == ()
