"""The graph's contract: names, types, sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cases import tiny_case
from toolkit.contracts.graph import BODIES, NODES, RELATIONSHIPS, ROUTES
from toolkit.contracts.statements import constraints, create_nodes, create_relationships, merge_nodes
from toolkit.contracts.tables import TABLES
from toolkit.graph.build import project

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT_LABELS = [
    "Buyer",
    "Seller",
    "Listing",
    "GiftCard",
    "PaymentInstrument",
    "Address",
    "Device",
    "Phone",
    "Email",
    "IpAddress",
    "BankAccount",
    "Category",
    "Campaign",
    "Voucher",
    "Purchaser",
    "Ring",
    "Finding",
]
CONTRACT_TYPES = [
    "ORDERED",
    "REVIEWED",
    "REDEEMED",
    "BOUGHT",
    "PAID_FOR",
    "IS",
    "USES",
    "SELLS",
    "IN_CATEGORY",
    "FUNDED",
    "MEMBER_OF",
    "TARGETS",
    "LINKED",
    "ABOUT",
]


def test_the_public_names_are_there() -> None:
    assert set(CONTRACT_LABELS) <= {kind.label for kind in NODES}
    assert set(CONTRACT_TYPES) <= {kind.name for kind in RELATIONSHIPS}


def test_no_property_has_a_name_that_the_embedded_store_keeps() -> None:
    kept = {"title", "name", "type", "node_type", "id", "case_id", "start", "end"}
    assert not any(item.name in kept for kind in (*NODES, *RELATIONSHIPS) for item in kind.properties)


def test_every_name_is_a_plain_word() -> None:
    names = [item.name for kind in (*NODES, *RELATIONSHIPS) for item in kind.properties]
    assert all(name.isidentifier() for name in [*names, *(route.name for route in ROUTES)])


def test_every_kind_has_a_sentence() -> None:
    assert all(kind.about.endswith(".") for kind in (*NODES, *RELATIONSHIPS))


def test_statements_pass_values_as_parameters_alone() -> None:
    texts = [create_nodes(kind.label) for kind in NODES] + [merge_nodes(kind.label) for kind in NODES]
    texts += [create_relationships(route) for route in ROUTES]
    assert all(text.startswith("UNWIND $rows AS r ") and "'" not in text for text in texts)
    assert len(constraints()) == len(NODES)


def test_what_people_wrote_is_in_no_graph(tmp_path: Path) -> None:
    case = tiny_case(tmp_path)
    graph = project(case)
    for frame in (*graph.nodes.values(), *graph.relationships.values()):
        assert "text" not in frame.columns
        assert not any("please" in str(value) for row in frame.rows() for value in row)
    assert "please" in case.table("messages").collect()["text"][0]
    assert set(BODIES) == {name for name, table in TABLES.items() if "text" in table.column_names()}


def test_a_list_without_anything_is_no_property(tmp_path: Path) -> None:
    rings = project(tiny_case(tmp_path)).nodes["Ring"]
    assert rings["families"].to_list() == [["gift_card", "identity"], None]
