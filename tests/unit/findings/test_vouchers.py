"""Vouchers for newcomers and used again: a drawer of accounts is found; homes, kiosks and neighbours are not."""

from __future__ import annotations

from tests.unit.findings.street import kinds, street


def newcomers(made, name, size, *, claiming, **columns):
    for n in range(size):
        voucher = "welcome" if n < claiming else None
        made.order(
            f"{name}{n}", f"s{n + 20}", 300 + 11 * n, voucher_id=voucher, subsidy=5.0 if voucher else 0.0, **columns
        )


def welcoming():
    made = street()
    made.add("vouchers", voucher_id="welcome", kind="new_user", funded_by="platform")
    for n in range(40):
        made.order(f"b{n * 20}", f"s{n}", 50 + n, voucher_id="welcome", subsidy=5.0)
    return made


def test_a_device_with_a_drawer_of_new_accounts(tmp_path):
    made = welcoming()
    newcomers(made, "n", 9, claiming=9, device_id="drawer", payment_id="same-card")
    found = made.find(tmp_path)
    assert kinds(found) == ["voucher_abuse"], "the same accounts behind device and card are one finding"
    row = found.findings.row(0, named=True)
    assert (row["n_orders"], row["n_buyers"], row["seller_id"]) == (9, 9, None)
    assert found.money["amount"].to_list() == [45.0]


def test_a_household_a_dormitory_and_a_kiosk(tmp_path):
    made = welcoming()
    made.add("addresses", address_id="dorm", kind="dormitory")
    newcomers(made, "h", 4, claiming=4, device_id="tablet", address_id="home")
    newcomers(made, "d", 12, claiming=12, address_id="dorm")
    newcomers(made, "k", 25, claiming=2, device_id="kiosk")
    assert kinds(made.find(tmp_path)) == []


def using(made, name, accounts, *, weeks, cancelling, **columns):
    """Accounts that order with one code every week, of whom some cancel one order and use it again the next week."""
    for n in range(accounts):
        for week in range(weeks):
            gone = {"status": "cancelled"} if week == 0 and n < cancelling else {}
            made.order(
                f"{name}{n}", f"s{n}", 100 + 170 * week + n, voucher_id="freight", subsidy=2.0, **gone, **columns
            )


def test_a_drawer_of_accounts_that_cancel_and_use_a_code_again(tmp_path):
    made = street()
    using(made, "u", 30, weeks=3, cancelling=1)
    using(made, "f", 9, weeks=2, cancelling=9, device_id="drawer")
    found = made.find(tmp_path)
    assert kinds(found) == ["voucher_abuse"]
    assert "of accounts that use vouchers as often" in found.findings.row(0, named=True)["statement"]


def test_neighbours_who_order_with_one_code_every_week(tmp_path):
    made = street()
    using(made, "u", 60, weeks=3, cancelling=3)
    using(made, "g", 20, weeks=20, cancelling=4, address_id="whoever-is-home")
    assert kinds(made.find(tmp_path)) == []
