"""`ringscope self-check`: a shop's own export, alone; no other seller and no buyer is ever printed."""

from __future__ import annotations

import json

import polars as pl
import pytest

from tests.unit.findings.street import at, street
from toolkit.cli.app import run


@pytest.fixture
def shop(tmp_path):
    """One shop's own export: instant orders at the minimum spend, paid by an agent, from one device."""
    made = street()
    for n in range(10):
        made.order(
            f"buyer-{n}",
            "s1",
            1001 + 5 * n,
            amount=50.4,
            discount=10.0,
            subsidy=10.0,
            voucher_id="v1",
            campaign_id="c1",
            delivered_at=at(1001.2 + 5 * n),
            device_id="phone-of-the-agent",
        )
        made.add(
            "transfers",
            transfer_id=f"t{n}",
            buyer_id=f"buyer-{n}",
            at=at(1000 + 5 * n),
            amount=40.4,
            currency="MYR",
            source_id="agency-7" if n % 2 else "s44",
        )
        made.order(f"buyer-{n}", "s44", 100 + n)
    for kind, value in (("device", "phone-of-the-agent"), ("bank", "account-9")):
        for account, account_kind in (("s1", "seller"), ("buyer-1", "buyer"), ("buyer-2", "buyer")):
            made.add(
                "account_links",
                account_id=account,
                account_kind=account_kind,
                attribute_kind=kind,
                attribute_id=value,
            )
    case = made.case(tmp_path / "market")
    out = tmp_path / "own"
    out.mkdir()
    orders = case.table("orders").filter(pl.col("seller_id") == "s1").collect()
    orders.write_parquet(out / "orders.parquet")
    case.table("sellers").collect().write_parquet(out / "sellers.parquet")
    for name in ("campaigns", "vouchers", "transfers", "account_links"):
        case.table(name).collect().write_parquet(out / f"{name}.parquet")
    case.table("listings").filter(pl.col("seller_id") == "s1").collect().write_parquet(out / "listings.parquet")
    return out


def test_says_what_looks_wrong_and_what_caused_it(shop, capsys):
    assert run(["self-check", str(shop), "--seller", "s1", "--json", "--quiet"]) == 0
    found = json.loads(capsys.readouterr().out)
    checks = {check["name"]: check for check in found["checks"]}
    assert {"seller_funded", "linked_with_seller", "delivered_within_minutes"} <= checks.keys()
    assert len(found["twice_marked"]) == 10
    causes = {(cause["kind"], cause["id"]) for cause in checks["delivered_within_minutes"]["causes"]}
    assert ("device that several buyers ordered from", "phone-of-the-agent") in causes
    assert ("source of money before the orders", "agency-7") in causes
    assert checks["delivered_within_minutes"]["keep"]
    assert checks["seller_funded"]["clauses"]
    linked = {cause["kind"] for cause in checks["linked_with_seller"]["causes"]}
    assert "bank that buyers share with the shop" in linked


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_names_no_buyer_and_no_other_seller(shop, tmp_path, capsys, arguments):
    assert run(["self-check", str(shop), "--seller", "s1", "--out", str(tmp_path / "out"), *arguments]) == 0
    printed = capsys.readouterr()
    texts = [printed.out, printed.err, *(path.read_text() for path in (tmp_path / "out").iterdir())]
    assert all("buyer-" not in text and "s44" not in text for text in texts)
    assert "(another seller)" in printed.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["self-check.json", "self-check.md"]


def test_an_honest_shop_looks_fine(shop, capsys):
    orders = pl.read_parquet(shop / "orders.parquet").filter(~pl.col("buyer_id").str.starts_with("buyer-"))
    orders.write_parquet(shop / "orders.parquet")
    assert run(["self-check", str(shop), "--seller", "s1", "--quiet"]) == 0
    printed = capsys.readouterr().out
    assert "would look wrong" in printed
    assert "groups of buyers who act together" in printed  # a clean shop may still have a ring around it


def test_a_listing_that_went_to_the_campaign_and_back(shop, capsys):
    moves = [(at(996), "toys", "garden"), (at(1075), "garden", "toys")]
    columns = ["listing_id", "changed_at", "from_category", "to_category"]
    rows = [("l-s1", *move) for move in moves]
    pl.DataFrame(rows, schema=columns, orient="row").write_parquet(shop / "category_changes.parquet")
    assert run(["self-check", str(shop), "--seller", "s1", "--json", "--quiet"]) == 0
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["category_switch"]["observed"] >= 10


def test_an_unknown_seller_is_wrong_usage(shop, capsys):
    assert run(["self-check", str(shop), "--seller", "nobody", "--quiet"]) == 2
    assert "no orders in the data" in capsys.readouterr().err


def test_the_money_and_the_rules_of_the_shops_country(shop, capsys):
    sellers = pl.read_parquet(shop / "sellers.parquet").with_columns(country=pl.lit("VN"))
    sellers.write_parquet(shop / "sellers.parquet")
    orders = pl.read_parquet(shop / "orders.parquet").with_columns(
        currency=pl.lit("VND"), amount=pl.col("amount") * 1000, subsidy=pl.lit(10_000.0), discount=pl.lit(10_000.0)
    )
    orders.write_parquet(shop / "orders.parquet")
    assert run(["self-check", str(shop), "--seller", "s1", "--quiet"]) == 0
    text = capsys.readouterr().out
    assert "- subsidy in question: 100,000 VND" in text
    assert "- sales in question: 504,000 VND" in text
    assert "Shopee, Made-up orders, Viet Nam (trade press" in text
    assert "Malaysia" not in text
    assert run(["self-check", str(shop), "--seller", "s1", "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {(one["kind"], one["amount"], one["rows"]) for one in told["money"]} == {
        ("order_value", "504000", 10),
        ("subsidy", "100000", 10),
    }
    assert all("my" not in clause.split("-") for check in told["checks"] for clause in check["clauses"])
