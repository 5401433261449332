"""The policy catalogue: complete, honest about its sources, and open to the user's own clauses."""

from __future__ import annotations

import pytest

from toolkit.contracts.policy import SOURCE_KINDS, clauses_for, load
from toolkit.contracts.results import FINDING_KINDS, SCHEMES
from toolkit.errors import InputError

OWN = """
version = "ours"
[[clause]]
id = "shop-1"
platform = "Our shop"
countries = []
applies_to = ["category_switch"]
title = "Categories"
text = "Keep to the category."
consequence = "None."
action = "Ask."
source = "Handbook"
source_kind = "official"
date = "2026"
"""


@pytest.mark.parametrize("kind", [*FINDING_KINDS, *(scheme for scheme in SCHEMES if scheme != "unclassified")])
def test_every_kind_and_scheme_may_touch_a_clause(kind):
    assert clauses_for(kind)


@pytest.mark.parametrize("country", ["MY", "BR", "TH", "MX", "CO", "CL", "VN"])
def test_each_shopee_market_has_its_own_brushing_clause(country):
    own = [clause for clause in clauses_for("brushing_window", country) if clause.countries == (country,)]
    assert [clause.platform for clause in own] == ["Shopee"]
    assert own[0].source_kind == "trade_press"
    assert "not read" in own[0].source


def test_clauses_say_where_they_come_from():
    clauses = load().clauses
    assert len({clause.clause_id for clause in clauses}) == len(clauses)
    for clause in clauses:
        assert clause.source_kind in SOURCE_KINDS
        assert all((clause.title, clause.text, clause.consequence, clause.action, clause.source, clause.date))
        assert "person" in clause.action, "no step is taken without one"


def test_a_country_leaves_out_the_laws_of_others():
    names = {clause.clause_id for clause in clauses_for("gift_card_cashback", "GB")}
    assert "uk-dmcc-schedule-20" in names
    assert "us-16-cfr-465" not in names


def test_a_user_adds_and_replaces_clauses(tmp_path):
    (tmp_path / "own.toml").write_text(OWN)
    (tmp_path / "other.toml").write_text(OWN.replace("shop-1", "shopee-vn-category"))
    catalogue = load(tmp_path / "own.toml", tmp_path / "other.toml")
    assert {clause.platform for clause in catalogue.clauses_for("category_switch", "VN")} == {"Our shop"}
    assert catalogue.version.endswith("ours+ours")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (OWN.replace("date", "day"), "date, day"),
        (OWN.replace('"category_switch"', '"theft"'), "theft"),
        ("[[clause", "can't be read"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(tmp_path, text, word):
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(InputError, match=word):
        load(tmp_path / "own.toml")
