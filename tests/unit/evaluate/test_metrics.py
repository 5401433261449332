"""Found and right as the contract says, on cases small enough to count by hand."""

from __future__ import annotations

import polars as pl
import pytest

from toolkit.evaluate.metrics import bcubed, score_rings
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market


def rings(**tiers: str) -> pl.DataFrame:
    return pl.DataFrame({"ring_id": list(tiers), "tier": list(tiers.values())}, schema={"ring_id": str, "tier": str})


def members(**groups: str) -> pl.DataFrame:
    pairs = [(ring, buyer) for ring, buyers in groups.items() for buyer in buyers]
    return pl.DataFrame(pairs, schema={"ring_id": str, "buyer_id": str}, orient="row")


def planted(**levels: int) -> pl.DataFrame:
    schema = {"ring_id": str, "scheme": str, "level": int}
    return pl.DataFrame({"ring_id": list(levels), "scheme": "brushing", "level": list(levels.values())}, schema=schema)


def test_a_ring_is_found_with_exactly_half_of_it_in_an_alert_of_exactly_twice_that() -> None:
    scores = score_rings(rings(C="strong"), members(C="abxy"), planted(R=0), members(R="abcd"))
    assert (scores.found, scores.right) == (1, 1)
    assert scores.member_precision == pytest.approx(0.5)
    assert scores.member_recall == pytest.approx(0.5)


def test_a_ring_is_not_found_by_less_than_half_of_it() -> None:
    scores = score_rings(rings(C="strong"), members(C="a"), planted(R=0), members(R="abc"))
    assert (scores.found, scores.right, scores.precision, scores.recall) == (0, 1, 1.0, 0.0)


def test_a_ring_is_not_found_by_an_alert_that_is_mostly_others() -> None:
    scores = score_rings(rings(C="strong"), members(C="abvwxyz"), planted(R=0), members(R="ab"))
    assert (scores.found, scores.right) == (0, 0)
    assert scores.false_alerts == ("C",)


def test_an_alert_over_two_rings_is_right_but_may_find_neither() -> None:
    truth = members(R="abc", Q="def", P="ghi")
    scores = score_rings(rings(C="moderate"), members(C="abcdefghi"), planted(R=0, Q=1, P=2), truth)
    assert (scores.right, scores.found) == (1, 0)


def test_leads_are_no_alerts() -> None:
    scores = score_rings(rings(C="lead"), members(C="ab"), planted(R=0), members(R="ab"))
    assert (scores.alerts, scores.leads, scores.leads_right, scores.found) == (0, 1, 1, 0)
    assert scores.precision is None


def test_two_alerts_on_one_ring_find_it_once() -> None:
    found = members(C="ab", D="abc")
    scores = score_rings(rings(C="strong", D="strong"), found, planted(R=3), members(R="abc"))
    assert (scores.alerts, scores.right, scores.found) == (2, 2, 1)
    assert scores.found_rings == (("R", "D"),)


def test_recall_is_told_by_level_and_scheme() -> None:
    scores = score_rings(rings(C="strong"), members(C="ab"), planted(R=0, Q=3), members(R="ab", Q="cd"))
    told = {(group.scheme, group.level): group.recall for group in scores.groups}
    assert told == {
        (None, 0): 1.0,
        (None, 3): 0.0,
        ("brushing", None): 0.5,
        ("brushing", 0): 1.0,
        ("brushing", 3): 0.0,
    }


def test_a_market_without_rings_and_alerts_has_no_shares() -> None:
    scores = score_rings(rings(), members(), planted(), members())
    assert (scores.precision, scores.recall, scores.bcubed_f1, scores.member_f1) == (None, None, None, None)


def test_bcubed_of_one_cluster_over_two_classes() -> None:
    # Each account shares its cluster of four with its class of two: precision 1/2; all of its class is there: recall 1.
    assert bcubed(members(C="abcd"), members(R="ab", Q="cd")) == pytest.approx((0.5, 1.0))


def test_bcubed_counts_missed_accounts_as_alone() -> None:
    # a, b together as planted with c: precision 1, recall 2/3 each; c alone: precision 1, recall 1/3.
    assert bcubed(members(C="ab"), members(R="abc")) == pytest.approx((1.0, (2 / 3 + 2 / 3 + 1 / 3) / 3))


def test_the_truth_scores_full_marks_against_itself() -> None:
    truth = simulate(Market(orders=40_000, rings=12, seed=6)).truth
    found = truth["rings"].select("ring_id", tier=pl.lit("strong"))
    scores = score_rings(found, truth["members"], truth["rings"], truth["members"])
    assert (scores.precision, scores.recall, scores.member_f1) == (1.0, 1.0, 1.0)
    assert scores.bcubed_f1 == pytest.approx(1.0, abs=0.05)  # an account of two rings counts in one
