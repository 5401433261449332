"""What if: answered from what the run kept, exactly as a run would, or refused with the run that answers it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import toolkit as rs
from toolkit.case import Case as Folder
from toolkit.contracts.results import empty

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("ring_id", "tier", "score", "scheme", "families", "n_members")


def test_without_a_change_it_says_what_the_run_said(case: rs.Case) -> None:
    answer = case.what_if()
    assert_frame_equal(answer.rings.select(COLUMNS), case.rings.select(COLUMNS).sort("ring_id"), rel_tol=1e-7)
    assert answer.changes.height == 0
    assert "nothing changes" in repr(answer)


@pytest.mark.parametrize(
    "score", [{"strong": 40.0}, {"family_surprise": 6.0}, {"lead": 3.0, "moderate": 30.0}, {"built_of": 50.0}]
)
def test_thresholds_change_what_a_whole_run_would_change(
    case: rs.Case, market: Path, tmp_path: Path, score: dict[str, float]
) -> None:
    run = rs.investigate(market, out=tmp_path / "case", config={"score": score}, quiet=True)
    for answer in (case.what_if(**score), case.what_if({"score": score})):
        assert_frame_equal(answer.rings.select(COLUMNS), run.rings.select(COLUMNS).sort("ring_id"), rel_tol=1e-7)
    changed = {row["ring_id"] for row in case.what_if(**score).changes.iter_rows(named=True)}
    now, then = ({row[0]: row[1:] for row in one.select(COLUMNS).rows()} for one in (case.rings, run.rings))
    assert changed == {ring for ring in now.keys() | then.keys() if _rounded(now.get(ring)) != _rounded(then.get(ring))}


def _rounded(row: tuple[Any, ...] | None) -> str:
    """A ring's figures; sums of numbers with nine digits differ in the last."""
    return "" if row is None else f"{row[0]} {row[1]:.6f} {row[2:]}"


def test_evidence_that_is_not_believed_speaks_no_more(case: rs.Case) -> None:
    ring = case.alerts.filter(pl.col("families").list.contains("gift_card"))["ring_id"][0]
    answer = case.what_if(without="gift_card")
    row = answer.changes.filter(pl.col("ring_id") == ring).row(0, named=True)
    assert row["families_lost"] == ["gift_card"]
    assert row["score_after"] < row["score_before"]
    assert "<table" in answer._repr_html_()
    nothing = case.what_if(without=case.tests["test"].unique().to_list())
    assert nothing.rings.height == 0
    assert set(nothing.changes["change"]) == {"gone"}


def test_one_kind_of_attribute_can_be_left_out(case: rs.Case) -> None:
    kinds = case.tests["without"].drop_nulls().unique().sort().to_list()
    assert len(kinds) >= 2
    for kind in kinds:
        assert case.what_if(without=kind).rings.height > 0
    with pytest.raises(rs.UsageError, match="one kind at a time"):
        case.what_if(without=kinds[:2])


def test_a_source_of_gift_cards_can_be_left_out_where_counts_rest_on_it_alone(case: rs.Case) -> None:
    sources = case.tests["sources"].drop_nulls()
    assert sources.len() > 0
    alone = [one[0] for one in sources.to_list() if len(one) == 1]
    mixed = {name for one in sources.to_list() if len(one) > 1 for name in one}
    for name in mixed:
        with pytest.raises(rs.UsageError, match="together"):
            case.what_if(without=name)
    assert mixed or alone
    for name in set(alone) - mixed:
        changes = case.what_if(without=name).changes
        assert changes.height > 0
        assert (changes["score_after"].fill_null(0.0) <= changes["score_before"]).all()


def test_every_test_of_gift_cards_says_whose_cards_they_are(case: rs.Case) -> None:
    cards = case.tests.filter(pl.col("test").is_in(["f1_gift_card_after_review", "f4_card_purchaser"]))
    assert cards.height > 0
    assert cards["sources"].null_count() == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"hub": 3}, "can't be answered"),
        ({"config": {"link": {"hub": 3}}}, "can't be answered"),
        ({"config": {"findings": {"q_value": 0.5}}}, "can't be answered"),
        ({"storng": 3.0}, "did you mean strong"),
        ({"config": {"score": {"storng": 3.0}}}, "did you mean strong"),
        ({"without": "co_purchase"}, "finds groups and judges none"),
        ({"without": "gift_crad"}, "did you mean gift_card"),
        ({"without": "<script>"}, "nothing is called"),
    ],
)
def test_what_was_not_kept_is_refused(case: rs.Case, asked: dict[str, object], words: str) -> None:
    with pytest.raises(rs.UsageError) as caught:
        case.what_if(**asked)
    assert words in str(caught.value)


def test_a_case_without_kept_tests_says_so(case_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(case_folder, tmp_path / "case")
    folder = Folder(tmp_path / "case")
    folder.update_manifest(stages={})  # the older version did not list them
    for name in ("candidates", "tests"):
        folder.write_result(name, empty(name))
    with pytest.raises(rs.UsageError, match="before its tests were kept"):
        rs.open_case(folder.path).what_if(strong=3.0)
