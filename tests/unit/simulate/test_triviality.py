"""The market must not be solved by anything trivial: no rule of one line, no component, no age, degree or id."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.unit.simulate.triviality import CUTS, components, judge, member_auc, rules
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market

if TYPE_CHECKING:
    from toolkit.simulate.tables import Marketplace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def markets() -> list[Marketplace]:
    return [simulate(Market(orders=100_000, rings=22, seed=seed)) for seed in (11, 12)]


def test_no_rule_of_one_line_reaches_half_precision_at_a_fifth_of_recall(markets: list[Marketplace]) -> None:
    judged = [{name: judge(groups, market.truth) for name, groups in rules(market).items()} for market in markets]
    solved = []
    for name in judged[0]:
        for cut in CUTS:
            told = functools.reduce(operator.add, (rule[name][cut] for rule in judged))
            if told.precision >= 0.5 and told.recall >= 0.2:
                solved.append((name, cut, round(told.precision, 2), round(told.recall, 2)))
    assert solved == []


@pytest.mark.parametrize("most", [5, 10, 30, 10_000])
def test_components_find_few_rings_above_level_0(markets: list[Marketplace], most: int) -> None:
    found = [judge(components(market, most), market.truth)[2] for market in markets]
    assert functools.reduce(operator.add, found).recall <= 0.35


def test_age_activity_and_id_do_not_tell_members(markets: list[Marketplace]) -> None:
    for market in markets:
        buyers, orders = market.tables["buyers"], market.tables["orders"]
        scores = {
            "orders": orders.group_by("buyer_id").agg(x=pl.len()),
            "age": buyers.select("buyer_id", x=pl.col("created_at").dt.epoch("s")),
            "id": buyers.sort("buyer_id").with_row_index("x").select("buyer_id", "x"),
            "small component": components(market, 10).select("buyer_id", x=pl.len().over("g")),
            "component": components(market, 30).select("buyer_id", x=pl.len().over("g")),
        }
        told = {name: round(member_auc(market, score), 3) for name, score in scores.items()}
        assert max(told.values()) <= 0.75, told
