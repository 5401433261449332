"""A case is read whole, in order, and whatever is missing from it."""

import polars as pl
import pytest

from tests.made_case import hostile, make_case, ring_id
from toolkit import dossier
from toolkit.case import Case
from toolkit.contracts.results import TIERS
from toolkit.errors import UsageError


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return make_case(tmp_path_factory.mktemp("book") / "case", rings=9, members=8)


def test_strongest_first(case):
    rings = dossier.read(case).rings
    assert [(TIERS.index(ring.tier), -ring.score) for ring in rings] == sorted(
        (TIERS.index(ring.tier), -ring.score) for ring in rings
    )


def test_every_cited_row_of_a_dated_table_is_an_event(case):
    for ring in dossier.read(case).rings:
        there = {(event.table, event.id) for event in ring.events}
        cited = {(row.table, row.id) for one in ring.evidence for row in one.rows}
        assert {row for row in cited if row[0] in ("orders", "reviews", "redemptions")} <= there


def test_events_are_those_of_the_members_in_order(case):
    ring = dossier.read(case, [ring_id(0)]).rings[0]
    members = {member.buyer_id for member in ring.members}
    assert {event.buyer_id for event in ring.events} - {None} == members
    assert [event.at for event in ring.events] == sorted(event.at for event in ring.events)
    assert len(ring.events) == len({(event.table, event.id) for event in ring.events}) == 8 * 7 + 1


def test_what_members_share(case):
    ring = dossier.read(case, [ring_id(0)]).rings[0]
    held = {(one.kind, one.id): (len(one.accounts), one.holders) for one in ring.shared}
    assert held["payment", "p00000"] == (8, 8)
    assert held["purchaser", "u00000"] == (8, 8)
    assert held["gift_card_value", "15.00 USD"] == (8, 24)  # rings 4 and 8 are in USD too


def test_families_without_evidence_and_tests_that_were_off_are_said(case):
    said = " ".join(dossier.read(case, [ring_id(0)]).rings[0].not_observed)
    assert "messages" in said
    assert "co-click uplift (there is no table `clicks`)" in said
    assert "gift cards," not in said


def test_money_is_exact_and_never_added(case):
    ring = dossier.read(case, [ring_id(0)]).rings[0]
    cards = [(one.currency, str(one.amount)) for one in ring.money if one.kind == "gift_card_redeemed"]
    assert cards == [("JPY", "1234567"), ("USD", "120.00")]


def test_rules_of_the_sellers_market(case):
    ring = dossier.read(case, [ring_id(0)]).rings[0]
    assert ring.clauses
    assert all("gift_card_cashback" in clause.applies_to for clause in ring.clauses)


def test_an_unknown_ring_names_the_nearest(case):
    with pytest.raises(UsageError) as raised:
        dossier.read(case, ["9e3779b0"])
    assert "9e3779b1" in raised.value.todo


def test_a_case_with_nothing_in_it(tmp_path):
    case = Case(tmp_path)
    case.update_manifest(version="0.1.0")
    book = dossier.read(Case.open(tmp_path))
    assert (book.rings, book.findings, book.run.inputs) == ((), (), ())


def test_a_ring_without_targets_or_window(tmp_path):
    case = make_case(tmp_path / "case", rings=1, members=4)
    case.write_result("targets", case.result("targets").clear())
    case.write_result("rings", case.result("rings").with_columns(first_at=pl.lit(None), last_at=pl.lit(None)))
    ring = dossier.read(case).rings[0]
    assert sum(event.table == "orders" for event in ring.events) == 12


def test_only_results_no_tables(tmp_path):
    case = make_case(tmp_path / "case", rings=2, members=4)
    for table in (tmp_path / "case" / "tables").iterdir():
        table.unlink()
    assert [ring.events for ring in dossier.read(case).rings] == [(), ()]


def test_hostile_ids_are_kept_as_they_are(tmp_path):
    case = make_case(tmp_path / "case", rings=2, members=14, name=hostile)
    ids = {member.buyer_id for ring in dossier.read(case).rings for member in ring.members}
    assert ids == {hostile("b", number) for number in range(28)}
