"""The graph's contract: names, types, sentences."""

from __future__ import annotations

from toolkit.contracts.graph import NODES, RELATIONSHIPS, ROUTES
from toolkit.contracts.statements import constraints, create_nodes, create_relationships, merge_nodes

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
