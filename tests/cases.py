"""A small case made by hand, in which every kind of node and relationship of the graph occurs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from toolkit.case import Case, write_frame
from toolkit.contracts.results import RESULTS, empty
from toolkit.contracts.tables import dtypes

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2024, 3, 1, 12, 0, 0, 123457, tzinfo=UTC)


def day(number: float) -> datetime:
    """That many days after the first of March 2024."""
    return START + timedelta(days=number)


def _order(number: int, buyer: str, listing: str, **more: Any) -> dict[str, Any]:
    usual = {"ordered_at": day(number), "seller_id": "S1", "amount": 10.0 + number, "currency": "EUR"}
    return {"order_id": f"O{number}", "buyer_id": buyer, "listing_id": listing, **usual, **more}


def _tables() -> dict[str, list[dict[str, Any]]]:
    ring = {"payment_id": "P1", "address_id": "A1", "device_id": "D1"}
    return {
        "sellers": [{"seller_id": "S1", "created_at": day(-900)}, {"seller_id": "S2", "country": "DE"}],
        "buyers": [{"buyer_id": f"B{n}", "created_at": day(-n), "country": "DE"} for n in range(1, 8)]
        + [{"buyer_id": "Bö 😀", "country": "日本"}, {"buyer_id": "S2"}],
        "addresses": [{"address_id": "A1", "kind": "home", "city": "Ulm"}, {"address_id": "A2", "kind": "locker"}],
        "payment_instruments": [{"payment_id": "P1", "kind": "card", "issuer": 'Bank\'s "own"'}],
        "campaigns": [{"campaign_id": "K1", "starts_at": day(0), "ends_at": day(3), "category_id": "C1"}],
        "vouchers": [{"voucher_id": "V1", "campaign_id": "K1", "kind": "category", "funded_by": "platform"}],
        "listings": [
            {"listing_id": "L1", "seller_id": "S1", "category_id": "C2", "title": "Tee ☕", "price": 10.0},
            {"listing_id": "L2", "seller_id": "S1", "category_id": "C1", "title": "", "price": 12.5},
            {"listing_id": "L3", "seller_id": "S2", "category_id": "C1"},
        ],
        "category_changes": [
            {"listing_id": "L1", "changed_at": day(-5), "from_category": "C1", "to_category": "C3"},
            {"listing_id": "L1", "changed_at": day(1), "from_category": "C3", "to_category": "C2"},
        ],
        "orders": [
            _order(1, "B1", "L1", voucher_id="V1", campaign_id="K1", discount=2.0, subsidy=1.5, **ring),
            _order(2, "B2", "L1", voucher_id="V1", campaign_id="K1", status="cancelled", **ring),
            _order(3, "B3", "L1", payment_id="P2", address_id="A2"),
            _order(4, "B1", "L2"),
            _order(5, "B2", "L2", refund_amount=5.0, refunded_at=day(9)),
            _order(6, "Bö 😀", "L2"),
            _order(7, "B4", "L3", seller_id="S2"),
            _order(8, "B5", "L3", seller_id="S2", address_id="A2"),
            _order(9, "B1", "L1"),
        ],
        "reviews": [
            {"review_id": "R1", "buyer_id": "B1", "listing_id": "L1", "reviewed_at": day(4), "rating": 5.0},
            {"review_id": "R2", "buyer_id": "B2", "listing_id": "L1", "reviewed_at": day(4.1), "rating": 5.0},
            {"review_id": "R3", "buyer_id": "B6", "listing_id": "L2", "reviewed_at": day(6), "verified": False},
        ],
        "gift_cards": [
            {"card_id": "G1", "face_value": 50.0, "currency": "EUR", "source": "seller", "purchaser_id": "S1"},
            {"card_id": "G2", "face_value": 50.0, "currency": "EUR", "purchaser_id": "S1", "batch_id": "T1"},
            {"card_id": "G3", "face_value": 25.0, "currency": "EUR", "purchaser_id": "B6", "source": "retail"},
            {"card_id": "G4", "face_value": 25.0, "currency": "USD", "purchase_payment_id": "P9"},
        ],
        "redemptions": [
            {"redemption_id": "X1", "card_id": "G1", "buyer_id": "B1", "redeemed_at": day(8), "amount": 50.0},
            {"redemption_id": "X2", "card_id": "G2", "buyer_id": "B2", "redeemed_at": day(9), "amount": 50.0},
            {"redemption_id": "X3", "card_id": "G3", "buyer_id": "B3", "redeemed_at": day(9), "amount": 25.0},
        ],
        "account_links": [
            {"account_id": "B1", "account_kind": "buyer", "attribute_kind": kind, "attribute_id": name}
            for kind, name in (("phone", "T1"), ("email", "E1"), ("ip", "I1"), ("bank", "N1"), ("device", "D1"))
        ]
        + [
            {"account_id": "B2", "account_kind": "buyer", "attribute_kind": "phone", "attribute_id": "T1"},
            {"account_id": "S1", "account_kind": "seller", "attribute_kind": "bank", "attribute_id": "N1"},
            {"account_id": "S2", "account_kind": "seller", "attribute_kind": "ip", "attribute_id": "I2"},
        ],
        "transfers": [
            {"transfer_id": "F1", "buyer_id": "B1", "at": day(7), "amount": 9.5, "currency": "EUR", "source_id": "S1"},
            {"transfer_id": "F2", "buyer_id": "B2", "at": day(7), "amount": 9.0, "currency": "EUR", "source_id": "Z1"},
            {"transfer_id": "F3", "buyer_id": "B1", "at": day(8), "amount": 9.0, "currency": "EUR", "source_id": "B6"},
        ],
        "messages": [
            {
                "message_id": "M1",
                "seller_id": "S1",
                "buyer_id": "B1",
                "sent_at": day(0.5),
                "text": "five stars, please",
            },
        ],
        "clicks": [{"buyer_id": "B1", "listing_id": "L1", "clicked_at": day(0.9), "session_id": "Q1"}],
    }


def _link(left: str, right: str, view: str, weight: float) -> dict[str, Any]:
    return {"left": left, "right": right, "view": view, "weight": weight, "p_value": 1e-6, "q_value": 1e-4}


def _results() -> dict[str, list[dict[str, Any]]]:
    rows = [{"table": "orders", "id": "O1"}, {"table": "orders", "id": "O2"}]
    return {
        "rings": [
            {
                "ring_id": "ring-1",
                "tier": "strong",
                "score": 12.5,
                "scheme": "gift_card_cashback",
                "families": ["gift_card", "identity"],
                "n_members": 3,
                "n_core": 2,
                "n_targets": 1,
                "first_at": day(1),
                "last_at": day(9),
                "summary": "Three accounts bind cards of one purchaser.",
            },
            {
                "ring_id": "ring-2",
                "tier": "lead",
                "score": 1.0,
                "scheme": "unclassified",
                "families": [],
                "n_members": 2,
                "n_core": 0,
                "n_targets": 0,
                "summary": "Two accounts share a locker.",
            },
        ],
        "members": [
            {"ring_id": ring, "buyer_id": buyer, "role": role, "reason": "shares a card", "score": score}
            for ring, buyer, role, score in (
                ("ring-1", "B1", "core", 3.0),
                ("ring-1", "B2", "core", 2.5),
                ("ring-1", "B3", "associate", 1.0),
                ("ring-2", "B4", "associate", 0.5),
                ("ring-2", "B5", "associate", 0.5),
            )
        ],
        "targets": [
            {
                "ring_id": "ring-1",
                "listing_id": "L1",
                "seller_id": "S1",
                "members": 3,
                "share": 0.75,
                "p_value": 1e-5,
                "q_value": 1e-3,
            }
        ],
        "evidence": [
            {
                "evidence_id": "e1",
                "ring_id": "ring-1",
                "family": "gift_card",
                "test": "same_purchaser",
                "statement": "Two cards of one purchaser, 0.1 expected by chance.",
                "observed": 2.0,
                "expected": 0.1,
                "p_value": 1e-4,
                "listing_id": "L1",
                "window_start": day(8),
                "window_end": day(9),
                "rows": rows,
            },
            {
                "evidence_id": "e2",
                "ring_id": "ring-1",
                "family": "identity",
                "test": "shared_attribute",
                "statement": "Two accounts co-occur on one phone.",
                "attribute_kind": "phone",
                "attribute_id": "T1",
                "rows": [],
            },
            {
                "evidence_id": "e3",
                "finding_id": "f1",
                "family": "message",
                "test": "solicitation",
                "statement": "The seller asked for five stars.",
                "listing_id": "L1",
                "rows": [{"table": "messages", "id": "M1"}],
            },
        ],
        "virtual_orders": [
            {
                "order_id": "O2",
                "ring_id": "ring-1",
                "seller_id": "S1",
                "score": 2.0,
                "reasons": ["cancelled", "subsidy"],
                "subsidy": 1.5,
                "currency": "EUR",
            }
        ],
        "findings": [
            {
                "finding_id": "f1",
                "kind": "solicitation",
                "seller_id": "S1",
                "listing_id": "L1",
                "n_orders": 1,
                "n_buyers": 1,
                "statement": "A message asks for five stars.",
                "rows": [{"table": "messages", "id": "M1"}],
            }
        ],
        "money": [
            {"ring_id": "ring-1", "kind": "gift_card_redeemed", "currency": "EUR", "amount": 125.0, "rows": 3},
            {"finding_id": "f1", "kind": "order_value", "currency": "EUR", "amount": 11.0, "rows": 1},
        ],
        "explanations": [
            {"ring_id": "ring-1", "explanation": "household", "result": "excluded", "statement": "They live apart."}
        ],
        "links": [
            _link("B1", "B2", "gift_card", 4.0),
            _link("B1", "B2", "phone", 2.0),
            _link("B2", "B3", "gift_card", 1.5),
            _link("B4", "B5", "address", 0.5),
        ],
    }


def tiny_case(path: Path, *, without: tuple[str, ...] = ()) -> Case:
    """The case in this folder, without the tables or results that are named."""
    case = Case(path)
    for name, rows in _tables().items():
        if name not in without:
            write_frame(path / "tables" / f"{name}.parquet", pl.DataFrame(rows, schema=dtypes(name)))
    for name in RESULTS:
        rows = [] if name in without else _results().get(name, [])
        case.write_result(name, pl.DataFrame(rows, schema=empty(name).schema))
    case.update_manifest(seed=0)
    return case


def empty_case(path: Path) -> Case:
    """A case without a single row."""
    case = Case(path)
    for name in RESULTS:
        case.write_result(name, empty(name))
    case.update_manifest(seed=0)
    return case
