"""Each view of tokens: there where the data feed it, and said to be off where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.unit.link.market import day, market, order
from toolkit.config import LinkSettings
from toolkit.contracts.input_report import InputReport, TableReport
from toolkit.contracts.needs import NEEDS
from toolkit.contracts.tables import TABLES
from toolkit.link import marks, tokens
from toolkit.link.innocent import arranged
from toolkit.link.regions import regions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from toolkit.contracts.tokens import TokenKind

Rows = dict[str, list[dict[str, Any]]]


def found(path: Path, tables: Rows) -> dict[str, TokenKind]:
    made = market(path, **tables)
    return tokens.kinds(made, arranged(made), regions(made), LinkSettings(), marks.topped_up(made))


def bought(**more: Any) -> list[dict[str, Any]]:
    return [order(n, f"B{n}", f"L{n}", **more) for n in range(4)]


def paid() -> list[dict[str, Any]]:
    usual = {"amount": 10.0, "currency": "USD", "source_id": "W"}
    return [{"transfer_id": f"T{n}", "buyer_id": f"B{n}", "at": day(n - 0.5), **usual} for n in range(4)]


def cards(**more: Any) -> list[dict[str, Any]]:
    return [{"card_id": f"G{n}", "face_value": 20.0, "currency": "USD", **more} for n in range(4)]


def redeemed() -> list[dict[str, Any]]:
    return [
        {"redemption_id": f"X{n}", "card_id": f"G{n}", "buyer_id": f"B{n}", "redeemed_at": day(n)} for n in range(4)
    ]


FED: dict[str, tuple[str, Rows, tuple[str, str]]] = {
    "funding_source": ("funding_source", {"orders": bought(amount=10.0), "transfers": paid()}, ("orders", "amount")),
    "voucher": ("voucher_tokens", {"orders": bought(voucher_id="V")}, ("orders", "voucher_id")),
    "voucher_days": ("voucher_tokens", {"orders": bought(voucher_id="V")}, ("orders", "voucher_id")),
    "campaign": ("voucher_tokens", {"orders": bought(campaign_id="C")}, ("orders", "campaign_id")),
    "seller_subsidised": ("voucher_tokens", {"orders": bought(subsidy=2.0)}, ("orders", "subsidy")),
    "refund_instrument": (
        "refund_tokens",
        {"orders": [order(n, f"B{n}", seller_id=f"S{n}", refunded_at=day(5), refund_payment_id="P") for n in range(4)]},
        ("orders", "refunded_at"),
    ),
    "refund_story": (
        "refund_tokens",
        {"orders": bought(refunded_at=day(5), refund_reason="damaged")},
        ("orders", "refund_reason"),
    ),
    "tracking": (
        "tracking_reuse",
        {"orders": [order(n, f"B{n}", tracking_id="T", address_id=f"A{n}") for n in range(4)]},
        ("orders", "tracking_id"),
    ),
    "created_on": (
        "creation_bursts",
        {"orders": bought(), "buyers": [{"buyer_id": f"B{n}", "created_at": day(n / 9)} for n in range(4)]},
        ("buyers", "created_at"),
    ),
    "device": ("shared_attributes", {"orders": bought(device_id="D")}, ("orders", "device_id")),
}
"""Kind of token -> its test, rows that feed it, and a column that it can't do without."""


def _off(test: str, tables: Mapping[str, list[dict[str, Any]]]) -> str:
    filled = {
        name: dict.fromkeys((c for c in TABLES[name].column_names() if any(row.get(c) for row in rows)), 1)
        for name, rows in tables.items()
    }
    reports = tuple(TableReport(name, (), 1, 1, 0, filled=columns) for name, columns in filled.items())
    report = InputReport(reports, tuple(name for name in TABLES if name not in tables))
    need = next(need for need in NEEDS if need.test == test)
    return need.reason(report.columns())


@pytest.mark.parametrize("name", sorted(FED))
def test_a_view_is_on_where_its_columns_are_there(tmp_path: Path, name: str) -> None:
    test, tables, _ = FED[name]
    assert _off(test, tables) == ""
    frame = found(tmp_path, tables)[name].frame
    assert frame["buyer"].n_unique() == 4


@pytest.mark.parametrize("name", sorted(FED))
def test_a_view_is_off_and_said_to_be_without_them(tmp_path: Path, name: str) -> None:
    test, tables, (table, column) = FED[name]
    less = {**tables, table: [{k: v for k, v in row.items() if k != column} for row in tables[table]]}
    assert name not in found(tmp_path, less)
    if test != "voucher_tokens":  # which has several ways
        assert column in _off(test, less)


def test_codes_say_more_than_campaigns(tmp_path: Path) -> None:
    kinds = found(tmp_path, {"orders": bought(voucher_id="V", campaign_id="C")})
    assert "campaign" not in kinds


def test_a_campaign_is_one_at_each_shop_and_named_by_itself(tmp_path: Path) -> None:
    rows = [order(n, f"B{n}", seller_id=f"S{n % 2}", campaign_id=f"C{n // 4}") for n in range(8)]
    made = market(tmp_path, orders=rows)
    kind = tokens.kinds(made, arranged(made), regions(made), LinkSettings(), marks.topped_up(made))["campaign"]
    assert kind.frame.group_by("token").len()["len"].to_list() == [2] * 4
    named = made.decode("campaign", kind.codes(kind.frame["token"]))
    assert sorted(named.to_list()) == ["C0"] * 4 + ["C1"] * 4


@pytest.mark.parametrize(("source", "buyers"), [("retail", 4), (None, 4), ("employer", 0), ("platform", 0)])
def test_a_batch_is_a_token_unless_a_firm_gave_it_to_its_people(
    tmp_path: Path, source: str | None, buyers: int
) -> None:
    tables = {"orders": bought(), "redemptions": redeemed(), "gift_cards": cards(batch_id="N", source=source)}
    kinds = found(tmp_path, tables)
    assert (kinds["card_batch"].frame["buyer"].n_unique() if "card_batch" in kinds else 0) == buyers


def test_a_purchaser_is_a_token(tmp_path: Path) -> None:
    kinds = found(tmp_path, {"orders": bought(), "redemptions": redeemed(), "gift_cards": cards(purchaser_id="Q")})
    assert kinds["card_purchaser"].frame["buyer"].n_unique() == 4


def test_every_kind_cites_rows_of_its_table(tmp_path: Path) -> None:
    for name, (_, tables, _) in FED.items():
        made = market(tmp_path / name, **tables)
        kind = tokens.kinds(made, arranged(made), regions(made), LinkSettings(), marks.topped_up(made))[name]
        rows = made.case.table(kind.table).select(pl.len()).collect().item() if kind.table in tables else 1
        assert kind.frame["row"].max() < rows


def test_without_births_the_first_sight_of_something_of_its_own_tells(tmp_path: Path) -> None:
    """B0 and B1 share an address from day 1 on; each has a mailbox of its own; B2 has nothing to itself."""
    told = [("B0", "address", "A", 1), ("B1", "address", "A", 1), ("B2", "address", "A", 9), ("S1", "email", "M9", 0)]
    told += [("B0", "email", "M0", 4), ("B0", "phone", "P0", 3), ("B1", "email", "M1", 3)]
    links = [
        {
            "account_id": account,
            "account_kind": "seller" if account == "S1" else "buyer",
            "attribute_kind": kind,
            "attribute_id": value,
            "first_seen": day(number),
        }
        for account, kind, value, number in told
    ]
    births = found(tmp_path, {"orders": bought(), "account_links": links})["created_on"]
    start = int(day(0).timestamp()) // 86_400
    assert births.frame.select("token", "buyer", "row").rows() == [(start + 3, 0, 5), (start + 3, 1, 6)]
    assert births.acts is not None
    assert births.acts.tolist() == [2.0, 2.0, 0.0, 0.0]
