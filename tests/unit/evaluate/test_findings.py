"""Orders, switches, messages and look-alikes against the truth, counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from toolkit.evaluate.findings import (
    match_messages,
    match_money,
    match_orders,
    match_seller_links,
    match_switches,
    raised_traps,
)
from toolkit.evaluate.load import Truth
from toolkit.evaluate.shops import judged_findings, match_findings

RINGS = pl.DataFrame({"ring_id": ["R", "Q"], "scheme": ["brushing", "virtual_orders"]})
PLANTED = pl.DataFrame({"order_id": ["1", "2", "3", "4"], "ring_id": ["R", "R", "Q", "Q"]})
VIRTUAL = pl.DataFrame({"order_id": ["1", "2", "3", "9"]})


def day(number: int) -> datetime:
    return datetime(2025, 6, number, tzinfo=UTC)


def test_virtual_orders_together_and_by_scheme() -> None:
    hits = match_orders(VIRTUAL, PLANTED, RINGS)
    assert (hits["all"].precision, hits["all"].recall) == (0.75, 0.75)
    assert hits["brushing"].recall == 1.0
    assert hits["virtual_orders"].recall == 0.5


def test_money_is_never_added_across_currencies() -> None:
    orders = pl.DataFrame(
        {"order_id": ["1", "2", "3", "4"], "amount": [10.0, 5.0, 7e5, 3e5], "currency": ["USD", "USD", "VND", "VND"]}
    )
    assert match_money(VIRTUAL, PLANTED, orders) == {"USD": (15.0, 15.0), "VND": (1e6, 7e5)}


def test_a_switch_is_right_only_in_its_own_time() -> None:
    findings = pl.DataFrame(
        {
            "kind": ["category_switch", "category_switch", "brushing_window"],
            "listing_id": ["l", "l", "m"],
            "first_at": [day(2), day(20), day(2)],
            "last_at": [day(3), day(21), day(3)],
        }
    )
    truth = pl.DataFrame({"listing_id": ["l", "m"], "starts_at": [day(1), day(1)], "ends_at": [day(4), day(4)]})
    hits = match_switches(findings, truth)
    assert (hits.listed, hits.right, hits.planted, hits.found) == (2, 1, 2, 1)


def test_solicitation_is_judged_by_the_messages_cited() -> None:
    findings = pl.DataFrame(
        {
            "kind": ["solicitation", "self_purchase"],
            "rows": [
                [{"table": "messages", "id": "m1"}, {"table": "messages", "id": "m2"}, {"table": "orders", "id": "m3"}],
                [{"table": "messages", "id": "m4"}],
            ],
        }
    )
    labels = pl.DataFrame({"message_id": ["m1", "m2", "m3"], "solicitation": [True, False, True]})
    hits = match_messages(findings, labels)
    assert (hits.precision, hits.recall) == (0.5, 0.5)


def test_a_trap_is_raised_by_a_false_alert_of_its_people_or_a_finding_that_names_it() -> None:
    traps = pl.DataFrame(
        {
            "trap_id": ["t1", "t1", "t2", "t3", "t4"],
            "kind": ["hobby_club", "hobby_club", "hobby_club", "flash_sale", "flash_sale"],
            "entity_kind": ["buyer", "buyer", "buyer", "seller", "seller"],
            "entity_id": ["a", "b", "z", "s1", "s2"],
        }
    )
    rings = pl.DataFrame({"ring_id": ["C", "D"], "tier": ["strong", "lead"]})
    members = pl.DataFrame({"ring_id": ["C", "C", "C", "C", "D"], "buyer_id": ["a", "b", "x", "y", "z"]})
    targets = pl.DataFrame(schema={"ring_id": pl.String, "listing_id": pl.String, "seller_id": pl.String})
    columns = {"finding_id": str, "seller_id": str, "listing_id": str}
    findings = pl.DataFrame({"finding_id": ["f"], "seller_id": ["s1"], "listing_id": [None]}, schema=columns)
    told = raised_traps(traps, rings, members, targets, findings, ("C",))
    assert [(trap.kind, trap.planted, trap.raised) for trap in told] == [("flash_sale", 2, 1), ("hobby_club", 2, 1)]
    assert [(trap.alerts, trap.findings) for trap in told] == [(0, 1), (1, 0)]
    right = raised_traps(traps, rings, members, targets, None, ())
    assert [trap.raised for trap in right] == [0, 0]


def test_a_trap_with_buyers_is_raised_only_by_findings_about_their_orders() -> None:
    traps = pl.DataFrame(
        {
            "trap_id": ["t1", "t1", "t2", "t2"],
            "kind": ["wholesale"] * 4,
            "entity_kind": ["buyer", "seller", "buyer", "seller"],
            "entity_id": ["a", "s1", "b", "s2"],
        }
    )
    orders = pl.DataFrame({"order_id": ["o1", "o2", "o3", "o4"], "buyer_id": ["a", "x", "b", "y"]})
    rows = [[{"table": "orders", "id": "o2"}], [{"table": "orders", "id": "o3"}, {"table": "orders", "id": "o4"}]]
    findings = pl.DataFrame(
        {"finding_id": ["f1", "f2"], "seller_id": ["s1", "s2"], "listing_id": [None, None], "rows": rows},
        schema_overrides={"listing_id": pl.String},
    )
    rings = pl.DataFrame(schema={"ring_id": pl.String, "tier": pl.String})
    members = pl.DataFrame(schema={"ring_id": pl.String, "buyer_id": pl.String})
    targets = pl.DataFrame(schema={"ring_id": pl.String, "listing_id": pl.String, "seller_id": pl.String})
    (told,) = raised_traps(traps, rings, members, targets, findings, (), orders)
    assert (told.planted, told.raised) == (2, 1)


def test_linked_sellers_are_matched_as_pairs_in_either_order() -> None:
    links = pl.DataFrame({"left": ["a", "a", "c"], "right": ["b", "b", "d"]})
    planted = pl.DataFrame({"seller_a": ["b", "e"], "seller_b": ["a", "f"]})
    hits = match_seller_links(links, planted)
    assert (hits.listed, hits.right, hits.planted, hits.found) == (2, 1, 2, 1)


def test_money_that_was_listed_is_exact() -> None:
    orders = pl.DataFrame({"order_id": ["1", "2"], "amount": [0.1, 0.2], "currency": ["USD", "USD"]})
    assert match_money(VIRTUAL, PLANTED, orders) == {"USD": (0.3, 0.3)}


def test_money_without_a_currency_is_no_money() -> None:
    orders = pl.DataFrame({"order_id": ["1", "2"], "amount": [0.1, 0.2], "currency": ["USD", None]})
    assert match_money(VIRTUAL, PLANTED, orders) == {"USD": (0.1, 0.1)}


def test_a_finding_is_right_where_what_it_cites_was_planted_and_it_names_no_victim() -> None:
    orders = pl.DataFrame(
        {
            "order_id": ["o1", "o2", "o3", "o4"],
            "buyer_id": ["m1", "m2", "x", "m1"],
            "listing_id": ["l1", "l1", "l2", "l9"],
            "seller_id": ["s1", "s1", "s2", "s9"],
        }
    )
    none: dict[str, object] = {"seller_id": None, "listing_id": None}

    def cite(*ids: str) -> list[dict[str, str]]:
        return [{"table": "orders", "id": one} for one in ids]

    told = {
        "half": {"seller_id": "s1", "listing_id": None, "rows": cite("o1", "o3")},
        "few": {"seller_id": "s2", "listing_id": None, "rows": cite("o1", "o3", "o4")},
        "victim": {"seller_id": "s9", "listing_id": None, "rows": cite("o1", "o2")},
        "accounts": none | {"rows": cite("o4", "o3")},
        "listing": {"seller_id": None, "listing_id": "l1", "rows": []},
        "other": {"seller_id": "s1", "listing_id": "l2", "rows": []},
        "shop": {"seller_id": "s1", "listing_id": None, "rows": []},
    }
    row = pl.List(pl.Struct({"table": pl.String, "id": pl.String}))
    findings = pl.DataFrame(
        [{"finding_id": name, "kind": "voucher_abuse"} | columns for name, columns in told.items()],
        schema={"finding_id": str, "kind": str, "seller_id": str, "listing_id": str, "rows": row},
    )
    truth = Truth(
        rings=pl.DataFrame({"ring_id": ["r"], "scheme": ["brushing"], "level": [0]}),
        members=pl.DataFrame({"ring_id": ["r", "r"], "buyer_id": ["m1", "m2"]}),
        targets=pl.DataFrame({"ring_id": ["r"], "listing_id": ["l1"]}),
        orders=pl.DataFrame({"order_id": ["o1", "o2"], "ring_id": ["r", "r"]}),
        category_switches=None,
        messages=None,
        traps=pl.DataFrame({"trap_id": ["t"], "kind": ["victim_shop"], "entity_kind": ["seller"], "entity_id": ["s9"]}),
    )
    right = dict(judged_findings(findings, truth, orders).select("finding_id", "right").iter_rows())
    assert {name for name, is_right in right.items() if is_right} == {"half", "accounts", "listing", "shop"}
    assert match_findings(findings, truth, orders) == {"voucher_abuse": (7, 4)}
